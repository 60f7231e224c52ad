"""How a search went: the objective trial by trial, and within each trial epoch by epoch."""

import math
from collections.abc import Sequence

from ..figures import BLUE, GREY, VERMILION
from .looks import PALE, dots, levels, objective_axis, told
from .picture import Axis, Dots, Layer, Panel, Path, Picture
from .span import Span
from .trials import Outcome, Search, SearchedTrial

_FAR = 2.0
"""How many times the span of the trials that of all must be, to show both."""
_LEAST_CLOSER = 3
MOST_LINES = 200
"""Trials whose epochs are drawn; more lines than these are a carpet."""


def history(search: Search) -> Picture | None:
    """Draw the objective of each trial and the best so far; None before a trial has a value.

    The best so far is over trials that can win: complete and within the study's limits. Trials
    that failed or diverged stand at the worse edge.
    """
    if not search.valued:
        return None
    close = Span.of(search)
    compared = [*(search.levels or {}).values()]
    compared += [] if search.target is None else [search.target]
    whole = Span.of(search, compared)
    is_many = len(search.valued) >= _LEAST_CLOSER
    is_far = is_many and whole.high - whole.low > _FAR * (close.high - close.low)
    drawn = search.thinned()
    panels = [_history_panel(search, drawn, whole, "with all there is to compare" * is_far)]
    if is_far:
        panels.append(_history_panel(search, drawn, close, "the same, closer"))
    notes = (
        "Each mark is a trial; the line is the best complete one so far.",
        search.note_of_thinning(len(drawn)),
        close.note_of_outliers(search),
    )
    return Picture(
        "history",
        "History: what each trial came to",
        " ".join(filter(None, notes)),
        panels,
        n_columns=len(panels),
        panel_width=7.0 if is_far else 10.0,
    )


def _history_panel(search: Search, drawn: Sequence[SearchedTrial], span: Span, title: str) -> Panel:
    placed = [(trial, float(trial.number), span.hold(trial.values[0])) for trial in drawn]
    layers: list[Layer] = [
        *levels(search, span),
        *_best_so_far(search, span),
        *dots(search, placed),
        *_failures(search, span),
    ]
    return Panel(title, Axis("trial", is_whole=True), objective_axis(search, span), layers)


def _best_so_far(search: Search, span: Span) -> list[Path]:
    """Step from record to record up to the last trial."""
    xs: list[float] = []
    ys: list[float] = []
    for trial in search.trials:
        can_win = trial.outcome is Outcome.COMPLETE and trial.is_feasible
        if can_win and trial.has_values and (not ys or _is_better(search, trial.values[0], ys[-1])):
            xs.append(trial.number)
            ys.append(trial.values[0])
    if not ys:
        return []
    xs.append(max(trial.number for trial in search.trials))
    ys.append(ys[-1])
    held = [span.hold(y) for y in ys]
    return [Path("best so far", xs, held, "best so far", VERMILION, 2.0, is_stepped=True)]


def _is_better(search: Search, value: float, other: float) -> bool:
    return value < other if search.objective.is_minimized else value > other


def _failures(search: Search, span: Span) -> list[Dots]:
    """Mark the trials without a value at the worse edge."""
    valued = {trial.number for trial in search.valued}
    failed = [trial for trial in search.trials if trial.number not in valued]
    if not failed:
        return []
    edge = span.high if search.objective.is_minimized else span.low
    texts = [f"{trial.name}\nfailed or diverged" for trial in failed]
    numbers = [float(trial.number) for trial in failed]
    label = "failed or diverged, without a value"
    return [Dots(label, numbers, [edge] * len(failed), texts, GREY, "line-ns", 10.0)]


def epochs(search: Search) -> Picture | None:
    """Draw the objective of each trial by epoch; None before a trial has two epochs."""
    drawn = [trial for trial in search.thinned(MOST_LINES) if len(trial.epochs) > 0]
    if not any(len(trial.epochs) > 1 for trial in drawn):
        return None
    span = Span.of(search, (search.levels or {}).values())
    notes = (
        "Each line is a trial; one that was given up ends in a dot.",
        search.note_of_thinning(len(drawn), sum(len(t.epochs) > 0 for t in search.valued)),
        "Lines that leave the picture are worse than all it has room for.",
    )
    ordered = sorted(drawn, key=lambda trial: (trial.is_best, trial.outcome is Outcome.COMPLETE))
    layers: list[Layer] = [
        *levels(search, span),
        *(_line(search, trial) for trial in ordered),
        *_ends(search, drawn, span),
    ]
    panel = Panel("", Axis("epoch", is_whole=True), objective_axis(search, span), layers)
    note = " ".join(filter(None, notes[:2] if _fits(drawn, span) else notes))
    return Picture("intermediate_values", "Epochs: how each trial got there", note, [panel])


def _fits(drawn: Sequence[SearchedTrial], span: Span) -> bool:
    values = (value for trial in drawn for value in trial.epochs)
    return all(span.low <= value <= span.high for value in values if math.isfinite(value))


def _line(search: Search, trial: SearchedTrial) -> Path:
    """Draw one trial, the best thick and in front, those that were given up pale."""
    label, color, width = "complete", BLUE, 1.0
    if trial.is_best:
        label, color, width = "best", VERMILION, 3.0
    elif trial.outcome is Outcome.PRUNED:
        label, color = "given up early (pruned)", PALE
    xs = range(1, len(trial.epochs) + 1)
    return Path(label, xs, trial.epochs, told(search, trial), color, width)


def _ends(search: Search, drawn: Sequence[SearchedTrial], span: Span) -> list[Dots]:
    """Put a dot where a trial was given up, or where its only epoch is; at the edge beyond it."""
    ended = [trial for trial in drawn if trial.outcome is Outcome.PRUNED or len(trial.epochs) == 1]
    ended = [trial for trial in ended if math.isfinite(trial.epochs[-1])]
    if not ended:
        return []
    xs = [float(len(trial.epochs)) for trial in ended]
    ys = [span.hold(trial.epochs[-1]) for trial in ended]
    return [Dots("", xs, ys, [told(search, t) for t in ended], PALE, "circle", 4.0)]
