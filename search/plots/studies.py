"""The learning curves of a study's best trials on one picture: a panel a trial, on one scale.

Owns how ten curves stay apart: each has a panel of its own, before the other trials in pale grey,
so that no two trials must be told apart by a colour. Knows no ranking: it is given the trials best
first, and is told which one won.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .curves import MOST_DOTTED, draw_levels
from .figures import BLUE, INK, VERMILION, dress, new_figure, shortened

MOST_TRIALS = 10
"""More panels than these are too small to read; the leaderboard has all trials."""
LONGEST_NAME = 26
"""Characters of a trial's name that fit above a panel."""
MOST_IN_A_ROW = 3
"""Trials up to which the panels stand in one row; more take two rows."""
PALE = "#CFCFCF"
TINT = "#FFF6E0"
DASHED = (0, (2.0, 1.0))


@dataclass(frozen=True, slots=True)
class TrialCurve:
    """The losses of one trial by epoch; epochs count from 1."""

    name: str
    """As on the leaderboard, like "#12 bigru 64·32"."""
    train_loss: Sequence[float]
    """A number an epoch, at least one: cross-entropy in nats on a sample of train, measured as
    `val_loss` is. NaN or infinity leaves a gap."""
    val_loss: Sequence[float]
    """Cross-entropy in nats on validation, as many numbers."""
    best_epoch: int
    """The epoch that counts, from 1 to the number of epochs."""
    is_winner: bool = False
    """Whether the study takes this trial; several where they are equal, none where none can win."""

    def __post_init__(self) -> None:
        """Check that the series have the same epochs and that the best is one of them.

        Raises:
            ValueError: no epoch, series of different lengths, or a best epoch outside.
        """
        n_epochs = len(self.val_loss)
        if n_epochs == 0 or len(self.train_loss) != n_epochs:
            raise ValueError(f"{self.name}: the losses must have one number an epoch each")
        if not 1 <= self.best_epoch <= n_epochs:
            raise ValueError(f"{self.name}: best_epoch {self.best_epoch} not in 1 to {n_epochs}")

    @property
    def best_val_loss(self) -> float:
        """Validation loss at the best epoch."""
        return self.val_loss[self.best_epoch - 1]

    @property
    def best_gap(self) -> float:
        """Validation minus train loss at the best epoch."""
        return self.best_val_loss - self.train_loss[self.best_epoch - 1]


def study_curves(
    curves: Sequence[TrialCurve],
    *,
    objective_name: str,
    target: float | None = None,
    prior: float | None = None,
    title: str,
) -> Figure:
    """Draw the losses of the best ten trials by epoch, each in a panel, all on one scale.

    Above ten trials the first ten are shown, and the title says so; a winner is always among them.
    The scale starts at 0 and ends at twice what the trials and the priors reach at most at their
    best, so a diverged trial leaves its panel at the top and flattens no other.

    Args:
        curves: best first; winners are moved to the front.
        objective_name: what the best epoch of a trial was chosen by, for the legend.
        target: the validation loss that the study drives at.
        prior: the loss of predicting each label's frequency in train.
        title: shown above all panels.

    Returns:
        A figure with one axes a trial shown, in the order of the trials.

    Raises:
        ValueError: no trial.
    """
    if not curves:
        raise ValueError("there must be at least one trial")
    shown = sorted(curves, key=lambda curve: not curve.is_winner)[:MOST_TRIALS]
    if len(shown) < len(curves):
        title += f"\n(the best {len(shown)} of {len(curves)} trials)"
    n_rows = 1 if len(shown) <= MOST_IN_A_ROW else 2
    n_columns = math.ceil(len(shown) / n_rows)
    figure = new_figure(max(6.6, 1.0 + 2.9 * n_columns), 2.2 + 2.7 * n_rows, title)
    top = _top(shown, [level for level in (target, prior) if level is not None])
    for index, curve in enumerate(shown):
        axes = figure.add_subplot(n_rows, n_columns, index + 1)
        _draw_trial(axes, curve, objective_name)
        draw_levels(axes, target=target, floor=None, prior=prior)
        _draw_others(axes, [other for other in shown if other is not curve])
        axes.set_xlim(0.5, max(len(curve.val_loss) for curve in shown) + 0.5)
        axes.set_ylim(0.0, top)
        axes.tick_params(labelleft=index % n_columns == 0)
        axes.set_xlabel("epoch" if index + n_columns >= len(shown) else "", color=INK)
    figure.supylabel("cross-entropy (nats per cell)", color=INK, fontsize=10)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    n_abreast = len(labels) if n_columns > 3 else 3
    figure.legend(handles, labels, loc="outside lower center", ncols=n_abreast, frameon=False)
    return figure


def _top(shown: Sequence[TrialCurve], levels: Sequence[float]) -> float:
    """Choose the upper end of the losses that all panels share; 1 where none is above 0."""
    best = [curve.best_val_loss for curve in shown]
    everything = [loss for curve in shown for loss in (*curve.train_loss, *curve.val_loss)]
    limit = 2 * max(filter(math.isfinite, (*best, *levels)), default=math.inf)
    top = min(limit, max(filter(math.isfinite, (*everything, *levels)), default=0.0))
    return 1.05 * top or 1.0


def _draw_trial(axes: Axes, curve: TrialCurve, objective_name: str) -> None:
    """Draw one trial with its numbers above."""
    name = shortened(curve.name, LONGEST_NAME) + (" ★ winner" if curve.is_winner else "")
    numbers = f"validation {curve.best_val_loss:.4f}, gap {curve.best_gap:.4f}"
    dress(axes, title="", x_label="", y_label="")
    weight = "bold" if curve.is_winner else "normal"
    axes.set_title(
        f"{name}\n{numbers}", fontsize=9, fontweight=weight, loc="left", parse_math=False
    )
    axes.set_facecolor(TINT if curve.is_winner else "white")
    width = 2.4 if curve.is_winner else 1.8
    _draw_series(axes, curve.val_loss, "validation", color=VERMILION, linewidth=width)
    _draw_series(
        axes, curve.train_loss, "train (sample)", color=BLUE, linewidth=width, linestyle=DASHED
    )
    best = f"best epoch by {objective_name}"
    axes.plot(
        curve.best_epoch,
        curve.best_val_loss,
        "o",
        mfc="none",
        mec=INK,
        mew=1.5,
        markersize=10,
        zorder=4,
        label=best,
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _draw_others(axes: Axes, others: Sequence[TrialCurve]) -> None:
    """Draw the validation losses of the other trials behind everything."""
    for other in others:
        label = "validation of the others" if other is others[0] else ""
        _draw_series(axes, other.val_loss, label, color=PALE, linewidth=1.0, zorder=1)


def _draw_series(
    axes: Axes,
    values: Sequence[float],
    label: str,
    *,
    color: str,
    linewidth: float,
    linestyle: str | tuple[int, tuple[float, float]] = "-",
    zorder: float = 3,
) -> None:
    """Draw one number an epoch, with a dot each that shows lone epochs."""
    marker = "o" if len(values) <= MOST_DOTTED else ""
    axes.plot(
        range(1, len(values) + 1),
        values,
        color=color,
        linewidth=linewidth,
        linestyle=linestyle,
        marker=marker,
        markersize=1.4 * linewidth,
        label=label,
        zorder=zorder,
    )
