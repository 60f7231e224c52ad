"""How reliable probabilities are: the rate that was predicted against the rate that was observed.

Owns how small probabilities stay readable beside great ones. Knows no measure: it draws the bins
it is given.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from ..metrics.calibration import ReliabilityBin
from ..metrics.matrices import Floats
from .colors import BLUE, GREY, INK
from .figures import add_legend, new_figure, style_axes

TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
"""Probabilities that are written along both axes."""
LEAST, MOST = 0.0005, 0.9995
"""What lies outside is drawn at these, because 0 and 1 have no log odds."""
Z = 1.96
"""Standard deviations that hold 95 % of a normal distribution."""


def reliability_diagram(bins: Sequence[ReliabilityBin], *, title: str) -> Figure:
    """Draw each bin's observed rate over its mean prediction, and its number of entries below.

    Both axes are in log odds, which spreads small probabilities as well as great ones. The whisker
    of a dot is the 95 % interval of the true rate if the entries are independent (Wilson, 1927).
    Dots on the diagonal are calibrated; below it, predictions are too high.

    Args:
        bins: from low to high, at least one.
        title: shown above.

    Returns:
        A figure with two axes, the rates and the numbers.
    """
    figure = new_figure(7.0, 7.6, title)
    rates, numbers = figure.subplots(2, 1, sharex=True, height_ratios=(3.4, 1.0))
    style_axes(rates, title="Reliability on validation", y_label="observed rate")
    style_axes(numbers, x_label="predicted probability (mean of a bin)", y_label="entries")
    table = [(b.mean_predicted, b.observed_rate, b.count) for b in bins]
    predicted, observed, counts = np.array(table, dtype=np.float64).T
    predicted = np.clip(predicted, LEAST, MOST)
    _draw_rates(rates, predicted, observed, counts)
    numbers.vlines(predicted, 0.5, counts, color=BLUE, linewidth=5)
    numbers.set(yscale="log", ylim=(0.5, 3.0 * counts.max()))
    return figure


def _draw_rates(axes: Axes, predicted: Floats, observed: Floats, counts: Floats) -> None:
    lows, highs = np.clip(_intervals(observed, counts), LEAST, MOST)
    observed = np.clip(observed, LEAST, MOST)
    # Half the odds of the outermost dots beyond them, so that none lies on the frame.
    low = min(*predicted, *observed) / 2
    high = 1 - (1 - max(*predicted, *observed)) / 2
    axes.plot((low, high), (low, high), color=GREY, linestyle=":", label="calibrated")
    axes.errorbar(
        predicted, observed, yerr=(observed - lows, highs - observed), fmt="o", color=BLUE,
        elinewidth=1.2, markersize=6, label="observed, with 95 % interval",
    )  # fmt: skip
    axes.set(xscale="logit", yscale="logit")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axis.set_minor_locator(NullLocator())
    axes.set(xlim=(low, high), ylim=(low, high))
    add_legend(axes, loc="upper left", labelcolor=INK)


def _intervals(rates: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Give the ends of Wilson's intervals, widened to include the observed rates."""
    spreads = Z * Z / counts
    middles = (rates + spreads / 2) / (1 + spreads)
    halves = np.sqrt(spreads * rates * (1 - rates) + spreads**2 / 4) / (1 + spreads)
    return np.minimum(middles - halves, rates), np.maximum(middles + halves, rates)
