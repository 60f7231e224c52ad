"""The record of studies and trials: MLflow, and one in memory for tests."""
