"""The learning curves of a study's best trials on one picture: a panel a trial, on one scale.

Owns how ten curves stay apart: each has a panel of its own, in front of the other trials in pale
grey, so that no colour is needed to tell trials apart. Knows no ranking: it gets the trials best
first, and the number of the best network's.
"""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..trial.objective import Objective
from ..trial.trial import Trial
from .colors import BLUE, INK, VERMILION
from .curves import draw_levels, draw_series, fit_epochs
from .figures import add_legend, new_figure, shorten, style_axes

MOST_TRIALS = 10
"""More panels would be too small to read; the leaderboard has all trials."""
LONGEST_NAME = 26
"""Characters of a trial's name that fit above a panel."""
MOST_IN_A_ROW = 3
"""Up to this many panels are in one row; more take two rows."""
PALE = "#CFCFCF"
TINT = "#FFF6E0"
DASHED = (0, (2.0, 1.0))


def study_curves(
    trials: Sequence[Trial],
    best: int | None,
    objective: Objective,
    *,
    target: float | None = None,
    prior: float | None = None,
    title: str,
) -> Figure:
    """Draw the losses of the best ten trials by epoch, each in a panel, all on one scale.

    Above ten trials the first ten are shown, and the title says so; the best network is always
    among them. The scale starts at 0. It ends at twice the greatest of the priors and the trials'
    losses at their best epochs, or at the greatest loss where that is less, so that a diverged
    trial leaves its panel at the top and flattens no other. NaN or infinity leaves a gap.

    Args:
        trials: best first, at least one, each with its training, and that with the metric
            `best_epoch`; it is moved to the front.
        best: number of the trial with the best network; None where none can win yet.
        objective: what the best epoch of a trial was chosen by, for the legend.
        target: the validation loss that the study should reach.
        prior: the loss of predicting each label's frequency in train.
        title: shown above all panels.

    Returns:
        A figure with one axes a trial shown, in the order of the trials.
    """
    shown = sorted(trials, key=lambda trial: trial.number != best)[:MOST_TRIALS]
    if len(shown) < len(trials):
        title += f"\n(the best {len(shown)} of {len(trials)} trials)"
    n_rows = 1 if len(shown) <= MOST_IN_A_ROW else 2
    n_columns = math.ceil(len(shown) / n_rows)
    figure = new_figure(max(6.6, 1.0 + 2.9 * n_columns), 2.2 + 2.7 * n_rows, title)
    top = _choose_top(shown, [level for level in (target, prior) if level is not None])
    for index, trial in enumerate(shown):
        axes = figure.add_subplot(n_rows, n_columns, index + 1)
        _draw_trial(axes, trial, objective, is_best=trial.number == best)
        draw_levels(axes, target=target, prior=prior)
        _draw_others(axes, [other for other in shown if other is not trial])
        fit_epochs(axes, max(trial.curves.n_epochs for trial in shown))
        axes.set_ylim(0.0, top)
        axes.tick_params(labelleft=index % n_columns == 0)
        axes.set_xlabel("epoch" if index + n_columns >= len(shown) else "")
    figure.supylabel("cross-entropy (nats)", color=INK, fontsize=10)
    entries = figure.axes[0].get_legend_handles_labels()
    n_abreast = len(entries[1]) if n_columns > 3 else 3
    add_legend(figure, *entries, loc="outside lower center", ncols=n_abreast)
    return figure


def _best_losses(trial: Trial) -> tuple[float, float]:
    """Read validation and train loss at the best epoch."""
    index = int(trial.metrics["best_epoch"]) - 1
    return trial.curves.val_loss[index], trial.curves.train_loss[index]


def _choose_top(shown: Sequence[Trial], levels: Sequence[float]) -> float:
    """Choose the upper end of the losses that all panels share; 1 where none is above 0."""
    best = [_best_losses(trial)[0] for trial in shown]
    curves = [trial.curves for trial in shown]
    everything = [loss for curve in curves for loss in (*curve.train_loss, *curve.val_loss)]
    limit = 2 * max(filter(math.isfinite, (*best, *levels)), default=math.inf)
    top = min(limit, max(filter(math.isfinite, (*everything, *levels)), default=0.0))
    return 1.05 * top or 1.0


def _draw_trial(axes: Axes, trial: Trial, objective: Objective, *, is_best: bool) -> None:
    """Draw one trial with its numbers above."""
    val_loss, train_loss = _best_losses(trial)
    name = shorten(trial.label, LONGEST_NAME) + " ★ best" * is_best
    numbers = f"validation {val_loss:.4f}, gap {val_loss - train_loss:.4f}"
    weight, width = ("bold", 2.4) if is_best else ("normal", 1.8)
    style_axes(axes)
    axes.set_title(f"{name}\n{numbers}", loc="left", fontsize=9, fontweight=weight)
    axes.set_facecolor(TINT if is_best else "white")
    look: dict[str, Any] = {"linewidth": width, "markersize": 1.4 * width, "zorder": 3}
    draw_series(axes, trial.curves.val_loss, label="validation", color=VERMILION, **look)
    draw_series(
        axes, trial.curves.train_loss, label="train (sample)", color=BLUE, linestyle=DASHED, **look
    )
    ring: dict[str, Any] = {"mfc": "none", "mec": INK, "mew": 1.5, "markersize": 10, "zorder": 4}
    best_epoch = trial.metrics["best_epoch"]
    axes.plot(best_epoch, val_loss, "o", label=f"best epoch by {objective}", **ring)


def _draw_others(axes: Axes, others: Sequence[Trial]) -> None:
    """Draw the validation losses of the other trials behind everything."""
    look: dict[str, Any] = {"color": PALE, "linewidth": 1, "markersize": 1.4, "zorder": 1}
    label = "validation of the others"
    for other in others:
        draw_series(axes, other.curves.val_loss, label=label, **look)
        label = ""
