"""The state of a trial, and why its training ended."""

from enum import StrEnum


class TrialState(StrEnum):
    """State of a trial, in Optuna's words."""

    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    PRUNED = "PRUNED"
    FAIL = "FAIL"

    @property
    def counts(self) -> bool:
        """Whether a trial in this state counts toward the study's total."""
        return self in (TrialState.COMPLETE, TrialState.PRUNED)


class StopReason(StrEnum):
    """Why training ended."""

    EPOCHS = "epochs"
    """All epochs were trained."""
    EARLY = "early stop"
    """No better epoch for a while."""
    PRUNED = "pruned"
    """The pruner stopped the trial."""
    TIMEOUT = "timeout"
    """The study's time was over."""
