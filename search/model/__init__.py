"""Hyperparameters to a Keras model, and what it minimises."""
