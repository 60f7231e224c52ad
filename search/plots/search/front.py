"""Several objectives against each other: what each trial trades for what."""

import itertools
from collections.abc import Sequence

from ..figures import VERMILION
from .looks import dots
from .marks import log_marks
from .picture import Axis, Layer, Panel, Path, Picture
from .span import Span, note_of_beyond
from .trials import Search, SearchedObjective, SearchedTrial

_MOST_PANELS = 6


def front(search: Search) -> Picture | None:
    """Draw each pair of objectives with the Pareto front; None for one objective or no trial.

    Of two objectives the front is joined by steps: beyond them nothing was found. Of three and
    more, no line can say that, and the front has its marks alone.
    """
    if len(search.objectives) < 2 or not search.valued:
        return None
    n_objectives = len(search.objectives)
    pairs = list(itertools.combinations(range(n_objectives), 2))[:_MOST_PANELS]
    spans = [Span.of(search, objective=index) for index in range(n_objectives)]
    drawn = search.thinned()
    panels = [_panel(search, drawn, spans, across, upward) for upward, across in pairs]
    notes = (
        "Best: no other trial is better in one objective without being worse in another.",
        "The line joins these." if n_objectives == 2 else "",
        search.note_of_thinning(len(drawn)),
        note_of_beyond(sum(_held(trial, spans) != [*trial.values] for trial in search.valued)),
    )
    is_alone = len(panels) == 1
    return Picture(
        "pareto_front",
        "Pareto front: what is traded for what",
        " ".join(filter(None, notes)),
        panels,
        n_columns=min(2, len(panels)),
        panel_width=10.0 if is_alone else 6.0,
        panel_height=5.4 if is_alone else 4.2,
    )


def _held(trial: SearchedTrial, spans: Sequence[Span]) -> list[float]:
    return [span.hold(value) for span, value in zip(spans, trial.values, strict=True)]


def _panel(
    search: Search,
    drawn: Sequence[SearchedTrial],
    spans: Sequence[Span],
    across: int,
    upward: int,
) -> Panel:
    held = [(trial, _held(trial, spans)) for trial in drawn]
    placed = [(trial, values[across], values[upward]) for trial, values in held]
    layers: list[Layer] = [*dots(search, placed)]
    on_front = sorted((x, y) for trial, x, y in placed if trial.is_best)
    if len(search.objectives) == 2 and len(on_front) > 1:
        if not search.objectives[across].is_minimized:
            on_front.reverse()
        xs, ys = zip(*on_front, strict=True)
        layers.insert(0, Path("", xs, ys, "Pareto front", VERMILION, 1.5, is_stepped=True))
    axes = [_axis(search.objectives[index], spans[index]) for index in (across, upward)]
    return Panel("", axes[0], axes[1], layers)


def _axis(objective: SearchedObjective, span: Span) -> Axis:
    better = "smaller" if objective.is_minimized else "greater"
    if objective.is_log:
        label = f"{objective.name} ({better} is better, log)"
        return Axis(label, is_log=True, marks=log_marks(span.low, span.high))
    return Axis(f"{objective.name} ({better} is better)", span=(span.low, span.high))
