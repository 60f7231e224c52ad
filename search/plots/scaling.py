"""What more texts would bring: loss against the size of train, measured and carried on.

Owns how what was measured is told from what is guessed: points are measured, a line is the fitted
power law, dashed where no text has been seen, with its interval as a band. Knows no fit: it is
given the law and the intervals.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from .curves import draw_levels
from .figures import BLUE, INK, ORANGE, PURPLE, VERMILION, dress, new_figure, shortened

LOOKS = ((BLUE, "o"), (VERMILION, "s"), (PURPLE, "^"), (ORANGE, "D"))
"""Colour and marker of each line, in their order."""
LONGEST_NAME = 40
"""Characters of a line's name that are shown."""
BEYOND = "; dashed: the power law carried on"


@dataclass(frozen=True, slots=True)
class PredictedLoss:
    """The 90 % interval of the loss at one size of train."""

    size: int
    """Texts in train, at least 1."""
    low: float
    """Lower end of the interval, in nats."""
    high: float
    """Upper end, at least `low`."""

    def __post_init__(self) -> None:
        """Check the order of the ends.

        Raises:
            ValueError: an interval that is not finite or is upside down.
        """
        if not -math.inf < self.low <= self.high < math.inf:
            raise ValueError(f"low {self.low} must be at most high {self.high}, both finite")


@dataclass(frozen=True, slots=True)
class ScalingLine:
    """The losses of one kind of model on growing parts of train."""

    name: str
    """What was fitted, for the legend."""
    sizes: Sequence[int]
    """Texts in each part, at least one, ascending, from 1 on."""
    losses: Sequence[float]
    """Validation loss of each part, in nats; NaN or infinity is not drawn."""
    law: tuple[float, float, float] | None = None
    """c, a and b of the fitted loss c + a·n^(-b) at n texts; None draws the points alone."""
    predicted: Sequence[PredictedLoss] = ()
    """Intervals at ascending sizes: between them a band, at the last of them a bar."""

    def __post_init__(self) -> None:
        """Check that sizes ascend and have a loss each, and that the law is finite.

        Raises:
            ValueError: it is not so.
        """
        if not self.sizes or len(self.sizes) != len(self.losses):
            raise ValueError(f"{self.name}: each size must have one loss, and one size at least")
        for sizes in (self.sizes, [at.size for at in self.predicted]):
            if any(size < 1 for size in sizes) or list(sizes) != sorted(set(sizes)):
                raise ValueError(f"{self.name}: sizes must ascend from 1 on, got {list(sizes)}")
        if self.law is not None and not all(map(math.isfinite, self.law)):
            raise ValueError(f"{self.name}: the law must be finite, got {self.law}")

    @property
    def last_size(self) -> int:
        """The largest size that is drawn."""
        return max([*self.sizes, *(at.size for at in self.predicted)])


def scaling_curve(
    lines: Sequence[ScalingLine],
    *,
    target: float | None = None,
    prior: float | None = None,
    floor: float | None = None,
    title: str,
) -> Figure:
    """Draw validation loss against the number of training texts, and where the laws lead.

    The axis of sizes is logarithmic; that of losses starts at 0.

    Args:
        lines: one to four, such as the linear baseline and the best network.
        target: the validation loss that the study drives at.
        prior: the loss of predicting each label's frequency in train.
        floor: the loss that no model can get below: known, or forced by conflicting repeats.
        title: shown above.

    Returns:
        A figure with one axes.

    Raises:
        ValueError: no line, or more than four.
    """
    if not 1 <= len(lines) <= len(LOOKS):
        raise ValueError(f"there must be 1 to {len(LOOKS)} lines, got {len(lines)}")
    figure = new_figure(10.0, 6.6, title)
    axes = figure.subplots()
    largest = max(line.sizes[-1] for line in lines)
    is_carried_on = any(line.law and line.last_size > line.sizes[-1] for line in lines)
    dress(
        axes,
        title=f"measured up to {largest:,} texts" + (BEYOND if is_carried_on else ""),
        x_label="texts in train (logarithmic)",
        y_label="validation cross-entropy (nats per cell)",
    )
    for index, (line, (color, marker)) in enumerate(zip(lines, LOOKS, strict=False)):
        _draw_line(axes, line, color, marker)
        _draw_intervals(axes, line, color, shift=1.06**index)
    draw_levels(axes, target=target, floor=floor, prior=prior)
    axes.axvline(largest, color=INK, linewidth=1, linestyle=":")
    axes.set_ylim(bottom=0.0)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: f"{size:,.0f}"))
    legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _draw_line(axes: Axes, line: ScalingLine, color: str, marker: str) -> None:
    """Draw what was measured, and the law through it: dashed beyond what was measured."""
    axes.plot(
        line.sizes,
        line.losses,
        linestyle="",
        marker=marker,
        color=color,
        markersize=8,
        zorder=4,
        label=_legend_entry(line),
    )
    if line.law is None:
        return
    c, a, b = line.law
    for first, last, style in (
        (line.sizes[0], line.sizes[-1], "-"),
        (line.sizes[-1], line.last_size, "--"),
    ):
        sizes = np.geomspace(first, last, 60)
        axes.plot(sizes, c + a * sizes**-b, color=color, linewidth=2, linestyle=style)


def _legend_entry(line: ScalingLine) -> str:
    """Say what was measured, which law was fitted and where it leads."""
    said = []
    if line.law is not None:
        c, a, b = line.law
        said.append(f"law {c:.3g} + {a:.3g}·n^{-b:.2g}")
    if line.predicted:
        last = line.predicted[-1]
        said.append(f"at {last.size:,} texts {last.low:.3f} to {last.high:.3f} (90 %)")
    name = shortened(line.name, LONGEST_NAME)
    return "\n".join(filter(None, [name, "; ".join(said)]))


def _draw_intervals(axes: Axes, line: ScalingLine, color: str, shift: float) -> None:
    """Draw the band, and a bar at its end, shifted so that bars stand beside each other."""
    if not line.predicted:
        return
    sizes, lows, highs = zip(*((at.size, at.low, at.high) for at in line.predicted), strict=True)
    axes.fill_between(sizes, lows, highs, color=color, alpha=0.15, linewidth=0)
    middle, half = (lows[-1] + highs[-1]) / 2, (highs[-1] - lows[-1]) / 2
    axes.errorbar(
        sizes[-1] * shift, middle, yerr=half, fmt="none", ecolor=color, elinewidth=2, capsize=3
    )
