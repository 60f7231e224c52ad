"""The record of studies and trials in MLflow."""
