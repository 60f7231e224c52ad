"""What a search can end with: its best network, the linear baseline, or an ensemble of both."""
