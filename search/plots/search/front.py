"""Several objectives against each other: the trade-offs between them."""

import itertools
from collections.abc import Sequence

from ...trial.objective import Objective
from ..colors import VERMILION
from .layers import Layer, Path
from .looks import mark_trials
from .marks import choose_ticks
from .picture import Axis, Panel, Picture
from .search import Search
from .span import Span, describe_outliers

_MOST_PANELS = 6


def plot_front(search: Search) -> Picture | None:
    """Show each pair of objectives with the Pareto front; None for one objective or no trial.

    With two objectives, steps join the front: nothing was found beyond them. With three or more,
    no line can show that, and the trials on the front are only marked.
    """
    n_objectives = len(search.objectives.entries)
    if n_objectives < 2 or not search.valued:
        return None
    pairs = list(itertools.combinations(range(n_objectives), 2))[:_MOST_PANELS]
    spans = [Span.choose(search, index=index) for index in range(n_objectives)]
    panels = [_panel(search, spans, across, upward) for upward, across in pairs]
    notes = (
        "Best: no other trial is better in one objective without being worse in another.",
        "The line connects these." * (n_objectives == 2),
        search.describe_thinning(len(search.thin())),
        describe_outliers(search, *spans),
    )
    title = "Pareto front: trade-offs between the objectives"
    n_columns = min(2, len(panels))
    size = (10.0, 5.4) if n_columns == 1 else (6.0, 4.2)
    return Picture("pareto_front", title, notes, panels, n_columns, panel_size=size)


def _panel(search: Search, spans: Sequence[Span], across: int, upward: int) -> Panel:
    objectives = search.objectives.entries
    x_span, y_span = spans[across], spans[upward]
    placed = [
        (trial, x_span.hold(trial.values[across]), y_span.hold(trial.values[upward]))
        for trial in search.thin()
    ]
    layers: list[Layer] = [*mark_trials(search, placed)]
    on_front = sorted((x, y) for trial, x, y in placed if trial.number in search.leading)
    if len(objectives) == 2 and len(on_front) > 1:
        if not objectives[across].is_minimized:
            on_front.reverse()
        xs, ys = zip(*on_front, strict=True)
        layers.insert(0, Path("", xs, ys, "Pareto front", VERMILION, 1.5, is_stepped=True))
    x_axis, y_axis = _axis(objectives[across], x_span), _axis(objectives[upward], y_span)
    return Panel("", x_axis, y_axis, layers)


def _axis(objective: Objective, span: Span) -> Axis:
    better = "smaller" if objective.is_minimized else "greater"
    if objective.is_log:
        label = f"{objective.name} ({better} is better, log)"
        ticks = choose_ticks(span.low, span.high, is_log=True)
        return Axis(label, is_log=True, ticks=ticks)
    return Axis(f"{objective.name} ({better} is better)", span=(span.low, span.high))
