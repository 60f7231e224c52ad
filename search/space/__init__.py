"""What a study searches: hyperparameters, their distributions, their conditions, space files."""
