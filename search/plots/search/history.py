"""How a search went: the objective by trial, and by epoch within each trial."""

import math
from collections.abc import Sequence

from ...trial.state import TrialState
from ...trial.trial import Trial
from ..colors import BLUE, VERMILION
from .layers import Dots, Layer, Mark, Path
from .looks import FAILED, PALE, hover_text, label_objective, list_levels, mark_alike, mark_trials
from .picture import Axis, Panel, Picture
from .search import Search, has_value
from .span import Span, describe_outliers

_FAR = 2.0
"""A second, closer panel is added where levels make the span this many times as long."""
_LEAST_CLOSER = 3
"""Trials from which a closer panel is added."""
MOST_LINES = 200
"""Trials whose epochs are drawn; more lines would hide each other."""


def plot_history(search: Search) -> Picture | None:
    """Show the objective of each trial and the best so far; None before a trial has a value.

    Only trials that can win count for the best so far: complete ones within the study's limits.
    Trials that failed or diverged are marked at the worse edge.
    """
    if not search.valued:
        return None
    close = Span.choose(search)
    whole = Span.choose(search, [level.y for level in list_levels(search)])
    is_many = len(search.valued) >= _LEAST_CLOSER
    is_far = is_many and whole.high - whole.low > _FAR * (close.high - close.low)
    drawn = search.thin()
    panels = [_history_panel(search, drawn, whole, "with target and baselines" * is_far)]
    if is_far:
        panels.append(_history_panel(search, drawn, close, "closer view"))
    notes = (
        "Each mark is a trial; the line is the best complete one so far.",
        search.describe_thinning(len(drawn)),
        describe_outliers(search, close),
    )
    title = "History: the value of each trial"
    size = (7.0 if is_far else 10.0, 5.0)
    return Picture("history", title, notes, panels, n_columns=len(panels), panel_size=size)


def _history_panel(search: Search, drawn: Sequence[Trial], span: Span, title: str) -> Panel:
    placed = [(trial, trial.number, span.hold(trial.values[0])) for trial in drawn]
    layers: list[Layer] = [
        *(level for level in list_levels(search) if span.holds(level.y)),
        *_best_so_far(search, span),
        *mark_trials(search, placed),
        *_failures(search, span),
    ]
    return Panel(title, Axis("trial", is_whole=True), label_objective(search, span), layers)


def _best_so_far(search: Search, span: Span) -> list[Path]:
    """Draw steps from each new best value to the next, up to the last trial."""
    best: list[Trial] = []
    for trial in (trial for trial in search.valued if trial.can_win):
        if not best or search.objective.is_better(trial.values[0], best[-1].values[0]):
            best.append(trial)
    if not best:
        return []
    xs = [*(trial.number for trial in best), search.trials[-1].number]
    ys = [span.hold(trial.values[0]) for trial in (*best, best[-1])]
    return [Path("best so far", xs, ys, "best so far", VERMILION, 2.0, is_stepped=True)]


def _failures(search: Search, span: Span) -> list[Dots]:
    """Mark the trials without a value at the worse edge."""
    edge = span.high if search.objective.is_minimized else span.low
    placed = [(trial, trial.number, edge) for trial in search.trials if not has_value(trial)]
    return mark_alike(search, FAILED, placed)


def plot_epochs(search: Search) -> Picture | None:
    """Show the objective of each trial by epoch; None before a trial has two epochs."""
    drawn = [trial for trial in search.thin(MOST_LINES) if trial.curves.n_epochs > 0]
    if not any(trial.curves.n_epochs > 1 for trial in drawn):
        return None
    span = Span.choose(search, search.levels.values())
    values = [value for trial in drawn for value in search.objective.read_curve(trial.curves)]
    leaves = not all(span.holds(value) for value in values if math.isfinite(value))
    notes = (
        "Each line is a trial; that of a pruned trial ends in a dot.",
        search.describe_thinning(len(drawn), sum(t.curves.n_epochs > 0 for t in search.valued)),
        "Where a line leaves the picture, its values are far worse." * leaves,
    )
    ordered = sorted(
        drawn, key=lambda t: (t.number in search.leading, t.state is TrialState.COMPLETE)
    )
    layers: list[Layer] = [
        *(level for level in list_levels(search) if span.holds(level.y)),
        *(_line(search, trial) for trial in ordered),
        *_ends(search, drawn, span),
    ]
    panel = Panel("", Axis("epoch", is_whole=True), label_objective(search, span), layers)
    title = "Epochs: the learning curve of each trial"
    return Picture("intermediate_values", title, notes, [panel])


def _line(search: Search, trial: Trial) -> Path:
    """Draw one trial: the best with a thick line, pruned ones pale."""
    label, color, width = "complete", BLUE, 1.0
    if trial.number in search.leading:
        label, color, width = "best", VERMILION, 3.0
    elif trial.state is TrialState.PRUNED:
        label, color = "pruned", PALE
    ys = search.objective.read_curve(trial.curves)
    xs = range(1, len(ys) + 1)
    return Path(label, xs, ys, hover_text(search, trial), color, width)


def _ends(search: Search, drawn: Sequence[Trial], span: Span) -> list[Dots]:
    """Put a dot where a trial was pruned or has its only epoch; at the edge if it is beyond."""
    ended = [t for t in drawn if t.state is TrialState.PRUNED or t.curves.n_epochs == 1]
    placed = [
        (trial, trial.curves.n_epochs, span.hold(last))
        for trial in ended
        if math.isfinite(last := search.objective.read_curve(trial.curves)[-1])
    ]
    return mark_alike(search, Mark("", PALE, "circle", 4.0), placed)
