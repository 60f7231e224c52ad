"""What each hyperparameter did: its importance, and the objective along its values."""

import math

from ..figures import BLUE, INK
from .looks import Placed, axis_of, dots, objective_axis
from .picture import Axis, Bars, Dots, Layer, Panel, Picture
from .span import Span
from .trials import Search, SearchedDimension

MOST_SLICES = 16
"""Hyperparameters with a panel each; the most important come first."""
_COLUMNS = 4
_MOST_BARS = 24
_SPREAD = 0.28
"""How far dots of one choice are spread across, so that they do not hide each other."""
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def importance(search: Search) -> Picture | None:
    """Draw the share of each hyperparameter as a bar, and what chance could give it.

    None where importances cannot be told yet.
    """
    if not search.importances:
        return None
    entries = search.importances[:_MOST_BARS]
    places = list(range(len(entries)))
    chances = [entry.by_chance for entry in entries]
    texts = [f"{entry.name}\nby chance up to {entry.by_chance:.2f}" for entry in entries]
    layers: list[Layer] = [
        Bars([entry.share for entry in entries], [f"{e.share:.2f}" for e in entries], BLUE),
        Dots("what chance alone can reach", chances, places, texts, INK, "line-ns", 15.0),
    ]
    longest = max(max(chances), *(entry.share for entry in entries))
    panel = Panel(
        "",
        Axis(f"share of the effect on {search.objective.name}", span=(0.0, 1.12 * longest)),
        Axis("", choices=[entry.name for entry in entries], span=(len(entries) - 0.4, -0.6)),
        layers,
    )
    note = (
        "How far the best tenth of the trials stands apart from all in each hyperparameter "
        "(PED-ANOVA).\nA bar that does not pass its black tick says nothing: shuffled results "
        "reach as far. One in twenty passes by luck.\nA conditional one is judged among the "
        "trials that have it."
    )
    if len(entries) < len(search.importances):
        note += f" The first {len(entries)} of {len(search.importances)} are drawn."
    height = 1.8 + 0.3 * len(entries)
    return Picture(
        "importance",
        "Importance: which hyperparameters mattered",
        note,
        [panel],
        panel_height=height,
    )


def slices(search: Search) -> Picture | None:
    """Draw the objective along each hyperparameter; None where none has two values."""
    varied = search.varied()
    if not varied:
        return None
    span = Span.of(search)
    panels = [
        _slice(search, dimension, span, is_first=place % _COLUMNS == 0)
        for place, dimension in enumerate(varied[:MOST_SLICES])
    ]
    n_drawn = len(search.thinned())
    notes = [
        "Each mark is a trial, at its value of one hyperparameter; marks of a choice are spread.",
        search.note_of_thinning(n_drawn),
        span.note_of_outliers(search),
    ]
    if len(varied) > MOST_SLICES:
        notes.append(f"The first {MOST_SLICES} of {len(varied)} hyperparameters are drawn.")
    return Picture(
        "slice",
        "Slices: the objective along each hyperparameter",
        " ".join(filter(None, notes)),
        panels,
        n_columns=min(_COLUMNS, len(panels)),
        panel_width=3.4,
        panel_height=2.7,
    )


def _slice(search: Search, dimension: SearchedDimension, span: Span, *, is_first: bool) -> Panel:
    placed: list[Placed] = []
    for trial in search.thinned():
        x = dimension.place(trial.point)
        if x is not None:
            aside = _aside(trial.number) if dimension.choices else 0.0
            placed.append((trial, x + aside, span.hold(trial.values[0])))
    n_active = sum(dimension.place(trial.point) is not None for trial in search.valued)
    is_partial = n_active < len(search.valued)
    title = f"active in {n_active:,} of {len(search.valued):,} trials" if is_partial else ""
    y_axis = objective_axis(search, span, is_named=is_first)
    places = [x for _, x, _ in placed]
    return Panel(title, axis_of(dimension, places), y_axis, list(dots(search, placed)))


def _aside(number: int) -> float:
    """Shift a trial within its choice: multiples of the golden ratio spread evenly."""
    return _SPREAD * (2.0 * (number * _GOLDEN % 1.0) - 1.0)
