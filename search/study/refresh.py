"""How often pictures and tables of a running study are refreshed. Does not know what is written."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_SHARE = 0.05
"""Largest share of the time spent on writing: a leaderboard of 10,000 rows takes seconds."""


@dataclass(slots=True)
class Refresh:
    """Calls a function each time it is called, but not too often."""

    write: Callable[[], None]
    pause_seconds: float = 0.0
    """From the end of one call to the next, at least."""
    clock: Callable[[], float] = time.monotonic
    """Gives the time in seconds."""
    _due: float = field(default=0.0, init=False)

    def __call__(self) -> None:
        """Call the function, unless it is too early."""
        started = self.clock()
        if started >= self._due:
            self.write()
            ended = self.clock()
            self._due = ended + max(self.pause_seconds, (ended - started) / _SHARE)
