"""How long something may run, and who receives messages and events."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from .events import Event


@dataclass(frozen=True, slots=True)
class Control:
    """How a running task reports messages and events, and learns that it should stop."""

    say: Callable[[str], None] = lambda _sentence: None
    """Called with each sentence that the user should read."""
    listen: Callable[[Event], None] = lambda _event: None
    """Called with each event while something is trained."""
    is_interrupted: Callable[[], bool] = lambda: False
    """Asked between two batches whether the user wants to stop."""
    deadline: float = math.inf
    """Reading of `time.monotonic` at which the time is over."""

    def is_time_over(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() >= self.deadline

    def is_over(self) -> bool:
        """Tell whether to stop: the user asked for it, or the time is over."""
        return self.is_interrupted() or self.is_time_over()
