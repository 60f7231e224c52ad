"""How losses fall with more texts. Owns the value kept of a study's two learning curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .extrapolation import Extrapolation


@dataclass(frozen=True, slots=True)
class LearningCurves:
    """What the best network and the linear baseline came to on growing parts of train."""

    trial: int
    """Number of the trial whose hyperparameters the network has."""
    network: Extrapolation
    """Of the best network."""
    linear: Extrapolation
    """Of the linear baseline."""

    def as_dict(self) -> dict[str, Any]:
        """Give the fields as JSON has them."""
        return {
            "trial": self.trial,
            "network": self.network.as_dict(),
            "linear": self.linear.as_dict(),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Take what `as_dict` gave."""
        network, linear = (Extrapolation.from_dict(fields[key]) for key in ("network", "linear"))
        return cls(fields["trial"], network, linear)
