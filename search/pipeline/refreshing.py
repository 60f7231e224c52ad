"""How often what a study shows of itself is written anew while it runs. Knows not what it is."""

import time
from collections.abc import Callable

_SHARE = 0.05
"""Share of a study's time that the writing may take: a leaderboard of 10,000 rows takes seconds."""


class Refresh:
    """Calls a function again and again, at most so often."""

    def __init__(self, write: Callable[[], None], *, pause_seconds: float = 0.0) -> None:
        """Name the function, and the seconds from one call's end to the next at the least."""
        self._write = write
        self._pause_seconds = pause_seconds
        self._due = 0.0

    def __call__(self) -> None:
        """Call it, unless the pause or its share of the time forbids."""
        started = time.monotonic()
        if started >= self._due:
            self._write()
            ended = time.monotonic()
            self._due = ended + max(self._pause_seconds, (ended - started) / _SHARE)
