"""One training run: batches, epoch reports, early stop, overfitting diagnosis."""
