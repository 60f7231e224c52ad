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

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Make the curves from the result of `asdict`."""
        network, linear = (Extrapolation.from_dict(fields[key]) for key in ("network", "linear"))
        return cls(fields["trial"], network, linear)
