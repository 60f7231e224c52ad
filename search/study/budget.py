"""How much a search may take."""

import math
import time
from dataclasses import dataclass

from ..trial.arguments import check_number, check_whole

DEFAULT_TRIALS = 12


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a search may take."""

    n_trials: int = DEFAULT_TRIALS
    """Total of complete and pruned trials over all searches of the study, at least 1."""
    timeout_seconds: float | None = None
    """Wall clock of this search; None for no limit."""
    patience: int | None = None
    """The search ends when so many trials in a row, 1 or more, were no better; None for never."""
    n_confirmed: int = 0
    """Number of best trials that are trained again with fresh seeds before one is the winner."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            StudyError: a number is out of bounds.
        """
        check_whole("trials", self.n_trials, least=1, example=DEFAULT_TRIALS)
        check_number("timeout", self.timeout_seconds, "more than 0 seconds", above=0.0)
        check_whole("patience", self.patience, least=1, example=10, is_optional=True)
        check_whole("confirm", self.n_confirmed, least=0, example=3)

    def deadline(self) -> float:
        """Return the reading of `time.monotonic` at which a search that begins now must end."""
        return math.inf if self.timeout_seconds is None else time.monotonic() + self.timeout_seconds
