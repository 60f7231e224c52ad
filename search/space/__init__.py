"""What a study searches: hyperparameters, their distributions and conditions, and space files."""
