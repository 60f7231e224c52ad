"""How much a search may take."""

import math
import time
from dataclasses import dataclass

from ..errors import StudyError

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
        if self.n_trials < 1:
            raise StudyError(
                f"expected 1 or more, got {self.n_trials}",
                "Give the total number of trials of the study, such as 12.",
                parameter="trials",
            )
        timeout = self.timeout_seconds
        if timeout is not None and not 0 < timeout < math.inf:
            raise StudyError(
                f"expected more than 0 seconds, got {timeout:g}",
                "Give seconds, such as 3600, or leave it out for no limit.",
                parameter="timeout",
            )
        if self.patience is not None and self.patience < 1:
            raise StudyError(
                f"expected 1 or more, got {self.patience}",
                "Give a number of trials, such as 10, or leave it out.",
                parameter="patience",
            )
        if self.n_confirmed < 0:
            raise StudyError(
                f"expected 0 or more, got {self.n_confirmed}",
                "Give a number of trials, such as 3.",
                parameter="confirm",
            )
        counts = {"trials": self.n_trials, "patience": self.patience, "confirm": self.n_confirmed}
        for parameter, count in counts.items():
            if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
                raise StudyError(
                    f"expected a whole number, got {count!r}",
                    f"Give another number for `{parameter}`.",
                    parameter=parameter,
                )

    def deadline(self) -> float:
        """Return the reading of `time.monotonic` at which a search that begins now must end."""
        return math.inf if self.timeout_seconds is None else time.monotonic() + self.timeout_seconds
