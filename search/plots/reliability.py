"""Whether probabilities come true: what was predicted against what was observed.

Owns how probabilities of rare labels stay readable beside sure ones. Knows no measure: it draws
the bins it is given.
"""

from collections.abc import Sequence
from math import sqrt

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from ..metrics.calibration import ReliabilityBin
from .figures import BLUE, GREY, INK, dress, new_figure

TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
"""Probabilities named on both axes."""
LEAST, MOST = 0.0005, 0.9995
"""What lies outside is drawn at these, since 0 and 1 have no log odds."""
Z = 1.96
"""Standard deviations that hold 95 % of a normal distribution."""


def reliability_diagram(bins: Sequence[ReliabilityBin], *, title: str) -> Figure:
    """Draw each bin's observed rate over its mean prediction, and below it its number of cells.

    Both axes are in log odds, which spreads small probabilities as well as great ones. The whisker
    of a dot is the interval in which the true rate lies with 95 %, were the cells independent
    (Wilson, 1927). Dots on the diagonal are calibrated; below it, too much was promised.

    Args:
        bins: from low to high.
        title: shown above.

    Returns:
        A figure with two axes, the rates and the numbers.

    Raises:
        ValueError: no bin.
    """
    if not bins:
        raise ValueError("there must be at least one bin")
    figure = new_figure(7.0, 7.6, title)
    rates, numbers = figure.subplots(2, 1, sharex=True, height_ratios=(3.4, 1.0))
    dress(rates, title="Reliability on validation", x_label="", y_label="observed rate")
    dress(numbers, title="", x_label="predicted probability (mean of a bin)", y_label="cells")
    _draw_rates(rates, bins)
    _draw_numbers(numbers, bins)
    return figure


def _draw_rates(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    predicted = [_inside(b.mean_predicted) for b in bins]
    observed = [_inside(b.observed_rate) for b in bins]
    ends = [_interval(b) for b in bins]
    below = [rate - _inside(low) for rate, (low, _) in zip(observed, ends, strict=True)]
    above = [_inside(high) - rate for rate, (_, high) in zip(observed, ends, strict=True)]
    # Half the odds of the outermost dots away from them, so that none lies on the frame.
    low, high = min(predicted + observed) / 2, 1 - (1 - max(predicted + observed)) / 2
    axes.plot((low, high), (low, high), color=GREY, linestyle=":", label="calibrated")
    axes.errorbar(
        predicted, observed, yerr=(below, above), fmt="o", color=BLUE, ecolor=BLUE,
        elinewidth=1.2, markersize=6, label="observed, with 95 % interval",
    )  # fmt: skip
    axes.set_xscale("logit")
    axes.set_yscale("logit")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator(TICKS))
        axis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in TICKS]))
        axis.set_minor_locator(NullLocator())
    axes.legend(loc="upper left", frameon=False, labelcolor=INK)


def _draw_numbers(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    predicted = [_inside(b.mean_predicted) for b in bins]
    axes.vlines(predicted, 0.5, [b.count for b in bins], color=BLUE, linewidth=5)
    axes.set_yscale("log")
    axes.set_ylim(0.5, 3.0 * max(b.count for b in bins))


def _interval(b: ReliabilityBin) -> tuple[float, float]:
    """Give the ends of Wilson's interval, which hold the observed rate between them."""
    spread = Z * Z / b.count
    middle = (b.observed_rate + spread / 2) / (1 + spread)
    half = sqrt(spread * b.observed_rate * (1 - b.observed_rate) + spread**2 / 4) / (1 + spread)
    return min(middle - half, b.observed_rate), max(middle + half, b.observed_rate)


def _inside(probability: float) -> float:
    return min(max(probability, LEAST), MOST)
