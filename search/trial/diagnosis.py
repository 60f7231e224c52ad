"""The diagnosis of a training. Owns the value; the rule behind it is training/diagnosis.py's."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a training was like."""

    UNDERFIT = "underfit"
    FIT = "fit"
    OVERFIT = "overfit"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How train and validation loss developed together."""

    gap: float
    """Validation minus train loss at the epoch whose weights are used, in nats."""
    onset: int | None
    """First epoch after which validation rises three times running while train falls."""
    slope: float
    """Rise of the validation loss per epoch over the last four, in nats; 0 for one epoch.

    The slope of the least squares line. Well below 0: more epochs would have helped.
    """
    verdict: Verdict
