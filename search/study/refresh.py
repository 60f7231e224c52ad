"""How often pictures and tables of a running study are refreshed. Does not know what is written."""

import time
from collections.abc import Callable

_SHARE = 0.05
"""Largest share of the time spent on writing: a leaderboard of 10,000 rows takes seconds."""


class Refresh:
    """Calls a function each time it is called, but not too often."""

    def __init__(
        self,
        write: Callable[[], None],
        *,
        pause_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the function and its pace.

        Args:
            write: the function.
            pause_seconds: from the end of one call to the next, at least.
            clock: gives the time in seconds.
        """
        self._write = write
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._due = 0.0

    def __call__(self) -> None:
        """Call the function, unless it is too early."""
        started = self._clock()
        if started >= self._due:
            self._write()
            ended = self._clock()
            self._due = ended + max(self._pause_seconds, (ended - started) / _SHARE)
