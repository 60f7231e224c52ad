"""What happens while trials run. Owns these values, and the line that each is as text."""

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

    def __str__(self) -> str:
        return f"{self.name} begins, {self.n_parameters:,} parameters"


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """A running trial has finished an epoch."""

    number: int
    report: EpochReport
    value: float
    """The objective after this epoch."""
    best_value: float | None
    """The study's best so far, this trial included."""

    def __str__(self) -> str:
        report = self.report
        return (
            f"epoch {report.epoch} train {report.train_loss:.4f} val {report.val_loss:.4f} "
            f"F1 {report.f1_micro:.3f}/{report.f1_macro:.3f}"
            f"{_write(self.best_value, ' best')} {report.seconds:.1f} s"
        )


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

    def __str__(self) -> str:
        best = ", the best so far" if self.is_best else ""
        return (
            f"{self.name} {self.state.value}{_write(self.value)} after {self.seconds:.0f} s "
            f"({self.reason}){best}"
        )


@dataclass(frozen=True, slots=True)
class TrialRefused:
    """A proposal was too large and was not trained; sent for the first of several in a row."""

    number: int
    name: str
    n_parameters: int

    def __str__(self) -> str:
        return f"{self.name} refused: {self.n_parameters:,} parameters"


@dataclass(frozen=True, slots=True)
class TrialReused:
    """A proposal had been evaluated before and was not trained again."""

    number: int
    name: str
    original: str
    """Name of the trial whose value it has."""
    value: float | None

    def __str__(self) -> str:
        origin = self.original or "before"
        return f"{self.name} is known from {origin}{_write(self.value)}, not trained"


Event = TrialStarted | EpochEnded | TrialEnded | TrialRefused | TrialReused


def _write(value: float | None, name: str = "") -> str:
    return "" if value is None else f"{name} {value:.4f}"
