"""Configurations beside each other: losses on the left, accuracies on the right, by epoch.

Owns how several configurations, each trained with one seed or more, stay apart on two panels, as
the course notes draw theirs. Knows no table: it is given the series.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .curves import MOST_DOTTED
from .figures import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION, dress, new_figure, shortened

# The colours of Okabe and Ito (2008), but for their yellow, which is too pale on white.
LOOKS = (
    (BLUE, "o"),
    (VERMILION, "s"),
    (GREEN, "^"),
    (ORANGE, "D"),
    (PURPLE, "v"),
    ("#56B4E9", "P"),
    (INK, "X"),
    ("#8C510A", "*"),
)
"""Colour and marker of each configuration, in their order."""
LONGEST_NAME = 36
"""Characters of a name that fit into the legend."""
DASHED = (0, (4.0, 2.0))
_MOST_ABREAST = 5
_LEAST_SPAN = 0.02
"""Accuracies that the panel spans at least: less is no difference that should fill it."""

Series = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ComparedCurves:
    """The curves of one configuration: a series of epochs for each of its trainings."""

    name: str
    train_loss: Sequence[Sequence[float]]
    """Cross-entropy in nats on a sample of train, a series a training; each has a number an epoch,
    at least one, and NaN or infinity leaves a gap. Trainings may have different numbers."""
    val_loss: Sequence[Sequence[float]]
    """The same on validation."""
    train_accuracy: Sequence[Sequence[float]]
    """Share of cells of that sample that are right at 0.5."""
    val_accuracy: Sequence[Sequence[float]]
    """The same on validation."""

    def __post_init__(self) -> None:
        """Check that all four have the same trainings, each with the same epochs.

        Raises:
            ValueError: there is no training, one has no epoch, or the numbers differ.
        """
        every = (self.train_loss, self.val_loss, self.train_accuracy, self.val_accuracy)
        lengths = {tuple(map(len, series)) for series in every}
        if len(lengths) != 1 or not self.val_loss or not all(map(len, self.val_loss)):
            raise ValueError(f"{self.name}: the four must have the same trainings and epochs")

    @property
    def n_epochs(self) -> int:
        """Epochs of the longest training."""
        return max(map(len, self.val_loss))


def comparison_curves(
    curves: Sequence[ComparedCurves],
    *,
    prior: float,
    trivial_accuracy: float,
    trivial: str,
    title: str,
) -> Figure:
    """Draw losses and accuracies by epoch: validation solid, train dashed, a colour each.

    Of several trainings the mean is drawn, over those that have the epoch, and for validation a
    band from the least to the greatest. Above eight configurations the first eight are shown, and
    the title says so. Neither axis starts at 0; that of the losses ends at twice what priors and
    configurations reach at most at their best, so that a diverged one flattens no other.

    Args:
        curves: in the order of the legend.
        prior: validation loss of predicting each label's frequency in train.
        trivial_accuracy: on validation, of predicting the same for every text.
        trivial: what is predicted there, such as "no label at all".
        title: shown above both panels.

    Returns:
        A figure with two axes, the losses and the accuracies.

    Raises:
        ValueError: no configuration.
    """
    if not curves:
        raise ValueError("there must be at least one configuration")
    shown = curves[: len(LOOKS)]
    if len(shown) < len(curves):
        title += f"\n(the first {len(shown)} of {len(curves)} configurations)"
    figure = new_figure(12.0, 6.2, title)
    losses, accuracies = figure.subplots(1, 2)
    dress(losses, title="Loss", x_label="epoch", y_label="cross-entropy (nats per cell)")
    dress(accuracies, title="Accuracy", x_label="epoch", y_label="cells right at 0.5 (share)")
    for curve, (color, marker) in zip(shown, LOOKS, strict=False):
        _draw(losses, curve.train_loss, curve.val_loss, color, marker)
        _draw(accuracies, curve.train_accuracy, curve.val_accuracy, color, marker)
    _draw_level(losses, prior, f"label priors {prior:.4f}")
    _draw_level(accuracies, trivial_accuracy, f"predicting {trivial} {trivial_accuracy:.4f}")
    losses.set_ylim(_loss_limits(shown, prior))
    low, high = accuracies.get_ylim()
    missing = max(0.0, _LEAST_SPAN - (high - low)) / 2
    accuracies.set_ylim(low - missing, high + missing)
    for axes in (losses, accuracies):
        axes.set_xlim(0.5, max(curve.n_epochs for curve in shown) + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _add_legend(figure, shown)
    return figure


def _draw(
    axes: Axes,
    train: Sequence[Sequence[float]],
    validation: Sequence[Sequence[float]],
    color: str,
    marker: str,
) -> None:
    """Draw one measure of one configuration on both sides of the split."""
    mean, low, high = _over_trainings(validation)
    epochs = np.arange(1, len(mean) + 1)
    marker = marker if len(mean) <= MOST_DOTTED else ""
    axes.plot(epochs, mean, color=color, marker=marker, markersize=5, linewidth=2, zorder=3)
    if len(validation) > 1:
        axes.fill_between(epochs, low, high, color=color, alpha=0.15, linewidth=0)
    mean, _, _ = _over_trainings(train)
    # Hollow, so that a single epoch tells train from validation too.
    axes.plot(
        epochs,
        mean,
        color=color,
        marker=marker,
        markersize=5,
        markerfacecolor="white",
        linewidth=1.4,
        linestyle=DASHED,
        zorder=2,
    )


def _over_trainings(series: Sequence[Sequence[float]]) -> tuple[Series, Series, Series]:
    """Give mean, least and greatest of each epoch over the trainings that have it; NaN for none."""
    longest = max(map(len, series))
    columns = [
        [values[epoch] for values in series if epoch < len(values) and math.isfinite(values[epoch])]
        or [math.nan]
        for epoch in range(longest)
    ]
    return (
        np.array([np.mean(column) for column in columns]),
        np.array([min(column) for column in columns]),
        np.array([max(column) for column in columns]),
    )


def _draw_level(axes: Axes, value: float, label: str) -> None:
    """Draw a horizontal line with its name in the panel's own legend."""
    axes.axhline(value, color=GREY, linestyle=":", linewidth=1.6, zorder=1, label=label)
    legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), frameon=False)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _loss_limits(shown: Sequence[ComparedCurves], prior: float) -> tuple[float, float]:
    """Choose both ends of the losses, with a little room for what lies at them."""
    trainings = [values for curve in shown for values in (*curve.train_loss, *curve.val_loss)]
    finite = [loss for values in trainings for loss in values if math.isfinite(loss)]
    best = [min(filter(math.isfinite, values), default=0.0) for values in trainings]
    low = min([prior, *finite])
    high = min(max([prior, *finite]), 2 * max(prior, *best))
    margin = 0.05 * (high - low) or 0.01
    return low - margin, high + margin


def _add_legend(figure: Figure, shown: Sequence[ComparedCurves]) -> None:
    """Name the configurations, and the two kinds of lines, below both panels."""
    handles: list[Artist] = [
        Line2D(
            [],
            [],
            color=color,
            marker=marker,
            linewidth=2,
            label=shortened(curve.name, LONGEST_NAME),
        )
        for curve, (color, marker) in zip(shown, LOOKS, strict=False)
    ]
    handles += [
        Line2D([], [], color=GREY, linewidth=2, label="validation"),
        Line2D([], [], color=GREY, linewidth=1.4, linestyle=DASHED, label="train (sample), hollow"),
    ]
    n_trainings = max(len(curve.val_loss) for curve in shown)
    if n_trainings > 1:
        label = f"validation, all of {n_trainings} seeds"
        handles.append(Patch(color=GREY, alpha=0.2, linewidth=0, label=label))
    n_abreast = math.ceil(len(handles) / math.ceil(len(handles) / _MOST_ABREAST))
    legend = figure.legend(
        handles=handles, loc="outside lower center", ncols=n_abreast, frameon=False
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
