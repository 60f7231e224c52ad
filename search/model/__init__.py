"""From hyperparameters to a Keras model and the loss that it minimises."""
