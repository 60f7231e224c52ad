"""A baseline: a model that is no network, measured on the same texts as the trials."""

from collections.abc import Mapping
from dataclasses import dataclass

PRIORS = "label priors"
LINEAR = "TF-IDF + logistic regression"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The results of a baseline; it is no trial."""

    name: str
    """PRIORS or LINEAR."""
    run_id: str
    """Of its run in MLflow."""
    metrics: Mapping[str, float]
    """On validation, named as those of a trial."""
