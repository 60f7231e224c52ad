"""SIGINT and SIGTERM during a training. Owns what the first and the second one do."""

import signal
from collections.abc import Callable


def catch_signals(say: Callable[[str], None]) -> Callable[[], bool]:
    """Stop between two batches on the first SIGINT or SIGTERM, and at once on the second.

    Python raises KeyboardInterrupt wherever it happens to be: in a transaction of a database,
    which then stays locked, or in a callback of the garbage collector, where it is lost.
    """
    signals: list[int] = []

    def take(number: int, _frame: object) -> None:
        signals.append(number)
        if len(signals) > 1:
            raise KeyboardInterrupt
        say("stopping at the next batch; once more to stop at once")

    signal.signal(signal.SIGINT, take)
    signal.signal(signal.SIGTERM, take)
    return lambda: bool(signals)
