"""genre-search: hyperparameter search for recurrent text classifiers, recorded in MLflow."""

__version__ = "0.1.0"
