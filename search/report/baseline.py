"""What a study's baselines came to. Owns the value that is shown beside the trials."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

PRIORS = "label priors"
LINEAR = "TF-IDF + logistic regression"


@dataclass(frozen=True, slots=True)
class BaselineRecord:
    """A model that is no network, fitted on the same texts as the trials; no trial itself."""

    name: str
    """PRIORS or LINEAR."""
    run_id: str
    """Of its run in MLflow."""
    metrics: Mapping[str, float]
    """On validation, named as those of a trial."""

    def as_dict(self) -> dict[str, Any]:
        """Give the fields as JSON has them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Take what `as_dict` gave."""
        return cls(**fields)
