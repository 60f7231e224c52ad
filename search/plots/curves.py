"""The learning curves of one trial: losses on the left, F1s on the right, by epoch.

Owns how curves over epochs are drawn, and how overfitting, the best epoch and the distance to the
target are shown. Knows no trainer: it gets the epochs, which of them is best, and where overfitting
begins.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..metrics.matrices import Floats
from ..trial.epoch import EpochReport
from .colors import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION
from .figures import add_legend, new_figure, style_axes

MOST_DOTTED = 40
"""Up to this many epochs each has a marker; a longer curve is only a line."""


def learning_curves(
    epochs: Sequence[EpochReport],
    *,
    best: EpochReport,
    target: float | None = None,
    floor: float | None = None,
    prior: float | None = None,
    onset: int | None = None,
    title: str,
) -> Figure:
    """Draw losses and F1s by epoch.

    NaN or infinity leaves a gap in its curve.

    Args:
        epochs: of the training, at least one.
        best: the epoch whose weights are kept.
        target: the validation loss that the study should reach.
        floor: the irreducible loss, where it is known (generated data).
        prior: the loss of predicting each label's frequency in train.
        onset: first epoch of overfitting; None for none.
        title: shown above both panels.

    Returns:
        A figure with two axes, the losses and the F1s.
    """
    figure = new_figure(12.0, 5.8, title)
    losses, f1s = figure.subplots(1, 2)
    style_axes(losses, title="Loss", x_label="epoch", y_label="cross-entropy (nats)")
    style_axes(f1s, title="F1 on validation", x_label="epoch", y_label="F1 (0 to 1)")
    for axes, measure, label, color, marker in (
        (losses, "train_loss", "train (sample)", BLUE, "o"),
        (losses, "val_loss", "validation", VERMILION, "s"),
        (f1s, "f1_micro", "micro F1", GREEN, "o"),
        (f1s, "f1_macro", "macro F1", PURPLE, "s"),
    ):
        values = [getattr(epoch, measure) for epoch in epochs]
        draw_series(
            axes, values, color=color, marker=marker, markersize=4, linewidth=2, label=label
        )
    draw_levels(losses, target=target, floor=floor, prior=prior)
    losses.set_ylim(bottom=0.0)
    f1s.set_ylim(0.0, 1.0)
    for axes in (losses, f1s):
        _mark_epochs(axes, len(epochs), best.epoch, onset)
        add_legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2)
    ring = {"mfc": "none", "mec": INK, "mew": 1.8, "markersize": 13}
    losses.plot(best.epoch, best.val_loss, "o", zorder=4, **ring)
    return figure


def draw_series(
    axes: Axes, values: Sequence[float] | Floats, *, marker: str = "o", **look: Any
) -> None:
    """Draw a number for each epoch, with a marker each while there are few.

    Args:
        axes: with epochs across.
        values: of the epochs, from the first; NaN leaves a gap.
        marker: so that a single epoch is visible.
        look: more that matplotlib's `plot` takes, such as `color` and `label`.
    """
    n_epochs = len(values)
    axes.plot(range(1, n_epochs + 1), values, marker=marker * (n_epochs <= MOST_DOTTED), **look)


def draw_levels(
    axes: Axes, *, target: float | None, floor: float | None = None, prior: float | None
) -> None:
    """Draw a horizontal line for each known loss to compare with; its value is in the legend.

    Args:
        axes: with losses upward.
        target: the validation loss that the study should reach.
        floor: the loss below which no model can get.
        prior: the loss of predicting each label's frequency in train.
    """
    for value, name, color, style in (
        (prior, "label priors", GREY, ":"),
        (target, "target", GREEN, "--"),
        (floor, "floor of the data", INK, "-."),
    ):
        if value is not None:
            axes.axhline(value, color=color, linestyle=style, label=f"{name} {value:.3g}")


def fit_epochs(axes: Axes, n_epochs: int) -> None:
    """Make the axis across span the epochs, and mark whole numbers only."""
    axes.set_xlim(0.5, n_epochs + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _mark_epochs(axes: Axes, n_epochs: int, best_epoch: int, onset: int | None) -> None:
    """Mark the best epoch and shade those of overfitting."""
    label = f"best epoch {best_epoch}"
    axes.axvline(best_epoch, color=INK, linewidth=1, linestyle=(0, (6, 4)), zorder=1, label=label)
    if onset is not None:
        label = f"overfitting from epoch {onset}"
        axes.axvspan(onset, n_epochs + 0.5, color=ORANGE, alpha=0.15, linewidth=0, label=label)
    fit_epochs(axes, n_epochs)
