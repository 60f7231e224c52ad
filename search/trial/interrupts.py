"""SIGINT and SIGTERM during a training. Owns what the first and the second one do."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Ask = Callable[[], bool]
"""Returns whether the user wants to stop."""


@contextmanager
def catching_signals(is_interrupted: Ask | None, say: Callable[[str], None]) -> Iterator[Ask]:
    """Stop between two batches on the first SIGINT or SIGTERM, and at once on the second.

    By itself Python raises KeyboardInterrupt wherever it happens to be: in a transaction of a
    database, which then stays locked, or in a callback of the garbage collector, where it is lost.
    The handlers that were there are restored. Only the main thread gets signals; in another one
    nothing is caught.

    Args:
        is_interrupted: asked instead of catching signals; None to catch them.
        say: called with a sentence on the first signal.
    """
    if is_interrupted is not None or threading.current_thread() is not threading.main_thread():
        yield is_interrupted or (lambda: False)
        return
    caught: list[int] = []

    def take(number: int, _frame: object) -> None:
        caught.append(number)
        if len(caught) > 1:
            raise KeyboardInterrupt
        say("stopping at the next batch; once more to stop at once")

    before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(caught)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
