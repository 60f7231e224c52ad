"""The numbers that are written beside an axis, and how."""

from collections.abc import Sequence

from matplotlib.ticker import LogLocator, MaxNLocator

_MOST = 6
_DIGITS = ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
"""First digits of the numbers on a logarithmic axis, from many to few."""


def choose_ticks(low: float, high: float, *, is_log: bool) -> list[tuple[float, str]]:
    """Choose a few round numbers from `low` to `high`, with their texts; `low` if there is none.

    Args:
        low: the lower end; above 0 on a logarithmic axis.
        high: the upper end, at least `low`.
        is_log: whether the axis is logarithmic; it has at most six numbers.
    """
    marks = _list_log_marks(low, high) if is_log else MaxNLocator(5).tick_values(low, high)
    inside = [float(mark) for mark in marks if low <= mark <= high] or [low]
    return [(mark, format_number(mark)) for mark in inside]


def _list_log_marks(low: float, high: float) -> Sequence[float]:
    for digits in _DIGITS:
        marks = LogLocator(subs=digits, numticks=20).tick_values(low, high)
        n_inside = sum(low <= mark <= high for mark in marks)
        if 2 <= n_inside <= _MOST and high / low > 2:
            return marks
    locator = LogLocator(numticks=_MOST) if high / low > 10 else MaxNLocator(4)
    return locator.tick_values(low, high)


def format_number(value: float) -> str:
    """Write a number beside an axis."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"
