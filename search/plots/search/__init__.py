"""Pictures of a search as PNGs and one interactive page; `pictures.py` says why not Optuna's."""
