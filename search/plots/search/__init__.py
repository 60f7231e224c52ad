"""Pictures of a search: values of its trials to PNGs and to one interactive page."""
