"""Configurations beside each other: losses on the left, accuracies on the right, by epoch.

Owns how several configurations, each trained with at least one seed, stay apart on two panels, as
in the course notes. Knows no table: it is given the curves.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..metrics.matrices import Floats
from ..trial.epoch import Curves
from .colors import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION
from .curves import draw_series, fit_epochs
from .figures import add_legend, new_figure, shorten, style_axes

# The colours of Okabe and Ito (2008), except their yellow, which is too pale on white.
COLORS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, "#56B4E9", INK, "#8C510A")
LOOKS = tuple(zip(COLORS, "os^DvPX*", strict=True))
"""Colour and marker of each configuration, in their order."""
LONGEST_NAME = 36
"""Characters of a name that fit into the legend."""
DASHED = (0, (4.0, 2.0))
_MOST_ABREAST = 5
_LEAST_SPAN = 0.02
"""The panel of accuracies spans at least this much: a smaller difference should not fill it."""


def comparison_curves(
    configurations: Mapping[str, Sequence[Curves]],
    *,
    prior: float,
    trivial_accuracy: float,
    trivial: str,
    title: str,
) -> Figure:
    """Draw losses and accuracies by epoch: validation solid, train dashed, a colour each.

    With several trainings, a curve is the mean over those that have the epoch, and validation has a
    band from the least to the greatest. Above eight configurations the first eight are shown, and
    the title says so. Neither axis starts at 0. The axis of losses ends at twice the greatest of
    the priors and the trainings' best losses, or at the greatest loss where that is less, so that
    a diverged configuration flattens no other.

    Args:
        configurations: the curves of each training by the configuration's name, in the order of the
            legend; at least one training each. NaN or infinity leaves a gap. Trainings may have
            different numbers of epochs.
        prior: validation loss of predicting each label's frequency in train.
        trivial_accuracy: accuracy on validation of predicting the same for every text.
        trivial: that prediction, such as "no label at all".
        title: shown above both panels.

    Returns:
        A figure with two axes, the losses and the accuracies.
    """
    shown = [*configurations.items()][: len(LOOKS)]
    if len(shown) < len(configurations):
        title += f"\n(the first {len(shown)} of {len(configurations)} configurations)"
    figure = new_figure(12.0, 6.2, title)
    losses, accuracies = figure.subplots(1, 2)
    style_axes(losses, title="Loss", x_label="epoch", y_label="cross-entropy (nats)")
    style_axes(accuracies, title="Accuracy", x_label="epoch", y_label="accuracy (share)")
    for (_, runs), look in zip(shown, LOOKS, strict=False):
        _draw(losses, runs, "loss", *look)
        _draw(accuracies, runs, "accuracy", *look)
    _draw_level(losses, prior, f"label priors {prior:.4f}")
    _draw_level(accuracies, trivial_accuracy, f"predicting {trivial} {trivial_accuracy:.4f}")
    trainings = [training for _, runs in shown for training in runs]
    losses.set_ylim(_loss_limits(trainings, prior))
    accuracies.set_ylim(_widen(*accuracies.get_ylim()))
    for axes in (losses, accuracies):
        fit_epochs(axes, max(training.n_epochs for training in trainings))
    _explain(figure, shown)
    return figure


def _draw(axes: Axes, runs: Sequence[Curves], measure: str, color: str, marker: str) -> None:
    """Draw one measure, "loss" or "accuracy", of the trainings of one configuration."""
    mean, low, high = _summarize([getattr(run, f"val_{measure}") for run in runs])
    look: dict[str, Any] = {"color": color, "marker": marker, "markersize": 5}
    draw_series(axes, mean, linewidth=2, zorder=3, **look)
    if len(runs) > 1:
        epochs = range(1, len(mean) + 1)
        axes.fill_between(epochs, low, high, color=color, alpha=0.15, linewidth=0)
    mean, _, _ = _summarize([getattr(run, f"train_{measure}") for run in runs])
    # Hollow markers, so that train and validation differ with a single epoch too.
    draw_series(axes, mean, linewidth=1.4, linestyle=DASHED, mfc="white", zorder=2, **look)


def _summarize(series: Sequence[Sequence[float]]) -> list[Floats]:
    """Give mean, least and greatest of each epoch over the trainings that have it; NaN for none."""
    epochs = np.ma.masked_invalid(list(zip_longest(*series, fillvalue=math.nan)))
    found = (epochs.mean(axis=1), epochs.min(axis=1), epochs.max(axis=1))
    return [values.filled(math.nan) for values in found]


def _draw_level(axes: Axes, value: float, label: str) -> None:
    """Draw a horizontal line with its name in the panel's own legend."""
    axes.axhline(value, color=GREY, linestyle=":", linewidth=1.6, zorder=1, label=label)
    add_legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.1))


def _widen(low: float, high: float) -> tuple[float, float]:
    """Move both ends of the accuracies apart until they span enough."""
    missing = max(0.0, _LEAST_SPAN - (high - low)) / 2
    return low - missing, high + missing


def _loss_limits(trainings: Sequence[Curves], prior: float) -> tuple[float, float]:
    """Choose both ends of the axis of losses, with a small margin."""
    series = [loss for t in trainings for loss in (t.train_loss, t.val_loss)]
    finite = [loss for losses in series for loss in losses if math.isfinite(loss)]
    best = [min(filter(math.isfinite, losses), default=0.0) for losses in series]
    low = min([prior, *finite])
    high = min(max([prior, *finite]), 2 * max(prior, *best))
    margin = 0.05 * (high - low) or 0.01
    return low - margin, high + margin


def _explain(figure: Figure, shown: Sequence[tuple[str, Sequence[Curves]]]) -> None:
    """Name the configurations and the kinds of lines below both panels."""
    handles: list[Artist] = [
        Line2D([], [], color=color, marker=marker, lw=2, label=shorten(name, LONGEST_NAME))
        for (name, _), (color, marker) in zip(shown, LOOKS, strict=False)
    ]
    handles += [
        Line2D([], [], color=GREY, lw=2, label="validation"),
        Line2D([], [], color=GREY, lw=1.4, linestyle=DASHED, label="train (sample), hollow"),
    ]
    n_trainings = max(len(runs) for _, runs in shown)
    if n_trainings > 1:
        label = f"validation, all of {n_trainings} seeds"
        handles.append(Patch(color=GREY, alpha=0.2, linewidth=0, label=label))
    n_abreast = math.ceil(len(handles) / math.ceil(len(handles) / _MOST_ABREAST))
    add_legend(figure, handles=handles, loc="outside lower center", ncols=n_abreast)
