"""What happens while trials run. Owns these values; whoever shows them listens."""

from dataclasses import dataclass

from .epoch import EpochReport
from .state import TrialState


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A trial begins."""

    number: int
    name: str
    n_done: int
    """Trials that count toward the total, before this one."""
    n_parameters: int


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """A running trial has finished an epoch."""

    number: int
    report: EpochReport
    value: float
    """The objective after this epoch."""
    best_value: float | None
    """The study's best so far, this trial included."""


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """A trial has come to an end."""

    number: int
    name: str
    state: TrialState
    value: float | None
    is_best: bool
    """Whether it is the study's best so far."""
    reason: str
    """Why it ended: the cause of a failure, or what stopped training."""
    seconds: float


@dataclass(frozen=True, slots=True)
class TrialRefused:
    """A proposal was too large and was not trained; sent for the first of several in a row."""

    number: int
    name: str
    n_parameters: int


@dataclass(frozen=True, slots=True)
class TrialReused:
    """A proposal had been evaluated before and was not trained again."""

    number: int
    name: str
    original: str
    """Name of the trial whose value it has."""
    value: float | None


Event = TrialStarted | EpochEnded | TrialEnded | TrialRefused | TrialReused
