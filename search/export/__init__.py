"""The bundle: a winner with everything it takes to predict, and its predictor."""
