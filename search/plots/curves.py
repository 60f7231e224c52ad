"""The learning curves of one trial: losses on the left, F1s on the right, by epoch.

Owns how overfitting, the best epoch and the distance to the target are shown. Knows no trainer:
it gets numbers, and is told which epoch was best and where overfitting began.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .figures import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION, dress, new_figure

MOST_DOTTED = 40
"""Epochs up to which each is a dot; a longer curve is a line alone."""


def learning_curves(
    train_loss: Sequence[float],
    val_loss: Sequence[float],
    f1_micro: Sequence[float],
    f1_macro: Sequence[float],
    *,
    best_epoch: int,
    target: float | None = None,
    floor: float | None = None,
    prior: float | None = None,
    onset: int | None = None,
    title: str,
) -> Figure:
    """Draw losses and F1s by epoch; epochs count from 1.

    NaN or infinity leaves a gap in its curve.

    Args:
        train_loss: a number an epoch; cross-entropy in nats on a sample of train, measured as
            `val_loss` is: without dropout and without weights.
        val_loss: cross-entropy in nats on validation.
        f1_micro: on validation, in [0, 1].
        f1_macro: on validation, in [0, 1].
        best_epoch: the epoch whose weights are kept, from 1 to the number of epochs.
        target: the validation loss that the study drives at.
        floor: the irreducible loss, where it is known (generated data).
        prior: the loss of predicting each label's frequency in train.
        onset: first epoch of overfitting, from 1 to the number of epochs; None for none.
        title: shown above both panels.

    Returns:
        A figure with two axes, the losses and the F1s.

    Raises:
        ValueError: no epoch, series of different lengths, or `best_epoch` or `onset` outside.
    """
    n_epochs = len(train_loss)
    if n_epochs == 0 or {len(val_loss), len(f1_micro), len(f1_macro)} != {n_epochs}:
        raise ValueError("the series must have one number an epoch each, and one epoch at least")
    if not all(1 <= epoch <= n_epochs for epoch in (best_epoch, onset) if epoch is not None):
        raise ValueError(f"best_epoch {best_epoch} and onset {onset} must be in 1 to {n_epochs}")
    figure = new_figure(12.0, 5.8, title)
    losses, f1s = figure.subplots(1, 2)
    dress(losses, title="Loss", x_label="epoch", y_label="cross-entropy (nats per cell)")
    dress(f1s, title="F1 on validation", x_label="epoch", y_label="F1 (0 to 1)")
    _draw_series(losses, train_loss, BLUE, "train (sample)", "o")
    _draw_series(losses, val_loss, VERMILION, "validation", "s")
    draw_levels(losses, target=target, floor=floor, prior=prior)
    _draw_series(f1s, f1_micro, GREEN, "micro F1", "o")
    _draw_series(f1s, f1_macro, PURPLE, "macro F1", "s")
    losses.set_ylim(bottom=0.0)
    f1s.set_ylim(0.0, 1.0)
    for axes in (losses, f1s):
        _mark_epochs(axes, n_epochs, best_epoch, onset)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, frameon=False)
    best = val_loss[best_epoch - 1]
    losses.plot(best_epoch, best, "o", mfc="none", mec=INK, mew=1.8, markersize=13, zorder=4)
    return figure


def _draw_series(axes: Axes, values: Sequence[float], color: str, label: str, marker: str) -> None:
    """Draw one number an epoch."""
    marker = marker if len(values) <= MOST_DOTTED else ""
    epochs = range(1, len(values) + 1)
    axes.plot(epochs, values, color=color, marker=marker, markersize=4, linewidth=2, label=label)


def draw_levels(
    axes: Axes, *, target: float | None, floor: float | None, prior: float | None
) -> None:
    """Draw a horizontal line for each known loss to compare with, its value in the legend.

    Args:
        axes: with losses upward.
        target: the validation loss that the study drives at.
        floor: the loss that no model can get below.
        prior: the loss of predicting each label's frequency in train.
    """
    if prior is not None:
        axes.axhline(prior, color=GREY, linestyle=":", label=f"label priors {prior:.3g}")
    if target is not None:
        axes.axhline(target, color=GREEN, linestyle="--", label=f"target {target:.3g}")
    if floor is not None:
        axes.axhline(floor, color=INK, linestyle="-.", label=f"floor of the data {floor:.3g}")


def _mark_epochs(axes: Axes, n_epochs: int, best_epoch: int, onset: int | None) -> None:
    """Mark the best epoch and shade those of overfitting."""
    label = f"best epoch {best_epoch}"
    axes.axvline(best_epoch, color=INK, linewidth=1, linestyle=(0, (6, 4)), zorder=1, label=label)
    if onset is not None:
        label = f"overfitting from epoch {onset}"
        axes.axvspan(onset, n_epochs + 0.5, color=ORANGE, alpha=0.15, linewidth=0, label=label)
    axes.set_xlim(0.5, n_epochs + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
