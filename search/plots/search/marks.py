"""Which numbers are written beside a logarithmic axis, and how."""

from matplotlib.ticker import LogLocator, MaxNLocator

_MOST = 6
_DIGITS = ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
"""First digits of the numbers, from many to few."""


def log_marks(low: float, high: float) -> list[float]:
    """Choose two to six round numbers from `low` to `high`, both above 0; `low` alone if equal."""
    for digits in _DIGITS:
        marks = LogLocator(subs=digits, numticks=20).tick_values(low, high)
        inside = [float(mark) for mark in marks if low <= mark <= high]
        if 2 <= len(inside) <= _MOST and high / low > 2:
            return inside
    if high / low > 10:
        powers = LogLocator(numticks=_MOST).tick_values(low, high)
        return [float(mark) for mark in powers if low <= mark <= high]
    marks = MaxNLocator(4).tick_values(low, high)
    return [float(mark) for mark in marks if low <= mark <= high] or [low]


def number(value: float) -> str:
    """Write a number beside an axis."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"
