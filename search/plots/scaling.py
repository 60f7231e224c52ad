"""What more texts would bring: loss against the size of train, measured and extrapolated.

Owns how measurements stay apart from guesses: points are measured; a line is the fitted power law,
dashed beyond the largest size that was measured, with its interval as a band. Knows no fit: it is
given the extrapolations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from ..metrics.extrapolation import Extrapolation
from .colors import BLUE, INK, ORANGE, PURPLE, VERMILION
from .curves import draw_levels
from .figures import add_legend, new_figure, shorten, style_axes

LOOKS = ((BLUE, "o"), (VERMILION, "s"), (PURPLE, "^"), (ORANGE, "D"))
"""Colour and marker of each line, in their order."""
LONGEST_NAME = 40
"""Characters of a line's name that are shown."""


@dataclass(frozen=True, slots=True)
class ScalingLine:
    """The losses of one kind of model on growing parts of train."""

    name: str
    """What was fitted, for the legend."""
    sizes: Sequence[int]
    """Texts in each part, ascending."""
    losses: Sequence[float]
    """Validation loss of each part, in nats; NaN or infinity is not drawn."""
    extrapolations: Sequence[Extrapolation]
    """To ascending multiples of the texts, at least one: between their intervals is a band, at the
    last of them a bar."""


def scaling_curve(
    lines: Sequence[ScalingLine],
    *,
    target: float | None = None,
    prior: float | None = None,
    floor: float | None = None,
    title: str,
) -> Figure:
    """Draw validation loss against the number of training texts, with the laws extrapolated.

    The axis of sizes is logarithmic; that of losses starts at 0.

    Args:
        lines: one to four, such as the linear baseline and the best network.
        target: the validation loss that the study should reach.
        prior: the loss of predicting each label's frequency in train.
        floor: the loss below which no model can get: known, or due to repeated texts whose labels
            differ.
        title: shown above.

    Returns:
        A figure with one axes.

    Raises:
        ValueError: there are more than four lines.
    """
    figure = new_figure(10.0, 6.6, title)
    axes = figure.subplots()
    largest = max(line.sizes[-1] for line in lines)
    style_axes(
        axes,
        title=f"measured up to {largest:,} texts; dashed: the power law, extrapolated",
        x_label="texts in train (logarithmic)",
        y_label="validation cross-entropy (nats)",
    )
    for index, (line, look) in enumerate(zip(lines, LOOKS[: len(lines)], strict=True)):
        # The bars of several lines are kept apart.
        _draw_line(axes, line, *look, shift=1.06**index)
    draw_levels(axes, target=target, floor=floor, prior=prior)
    axes.axvline(largest, color=INK, linewidth=1, linestyle=":")
    axes.set(ylim=(0.0, None), xscale="log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_minor_locator(NullLocator())
    add_legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2)
    return figure


def _draw_line(axes: Axes, line: ScalingLine, color: str, marker: str, shift: float) -> None:
    """Draw the measured points, the law through them, and the intervals beyond them.

    `shift` moves the bar at the end, as a factor.
    """
    sizes = np.array([round(e.factor * e.n_texts) for e in line.extrapolations])
    lows, highs = np.array([(e.low, e.high) for e in line.extrapolations]).T
    law = line.extrapolations[-1].law
    name = (
        f"{shorten(line.name, LONGEST_NAME)}\n"
        f"law {law.asymptote:.3g} + {law.scale:.3g}·n^{-law.exponent:.2g}; "
        f"at {sizes[-1]:,} texts {lows[-1]:.3f} to {highs[-1]:.3f} (90 %)"
    )
    axes.plot(line.sizes, line.losses, marker, color=color, markersize=8, zorder=4, label=name)
    for first, last, style in (
        (line.sizes[0], line.sizes[-1], "-"),
        (line.sizes[-1], sizes[-1], "--"),
    ):
        at = np.geomspace(first, last, 60)
        losses = law.asymptote + law.scale * at**-law.exponent
        axes.plot(at, losses, color=color, linewidth=2, linestyle=style)
    axes.fill_between(sizes, lows, highs, color=color, alpha=0.15, linewidth=0)
    middle, half = (lows[-1] + highs[-1]) / 2, (highs[-1] - lows[-1]) / 2
    end = sizes[-1] * shift
    axes.errorbar(end, middle, yerr=half, fmt="none", ecolor=color, elinewidth=2, capsize=3)
