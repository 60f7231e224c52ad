"""The effect of each hyperparameter: its importance, and the objective along its values."""

import math

from ..colors import INK
from ..figures import shorten
from .axes import HyperparameterAxis
from .layers import Bars, Dots, Layer, Mark
from .looks import LONGEST_NAME, label_axis, label_objective, mark_trials
from .picture import Axis, Panel, Picture
from .search import Search
from .span import Span, describe_outliers

MOST_SLICES = 16
"""Hyperparameters that have a panel each; the most important come first."""
_COLUMNS = 4
_MOST_BARS = 24
_SPREAD = 0.28
"""How far marks of one choice are spread out, so that they do not hide each other."""
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

_CHANCE = Mark("what chance alone can reach", INK, "line-ns", 15.0)
_IMPORTANCE_NOTE = (
    "How much the best tenth of the trials differs from all trials in each hyperparameter "
    "(PED-ANOVA).\nA bar that does not pass its black tick says nothing: a bar of shuffled "
    "values is as long. One in twenty passes by chance.\nA conditional hyperparameter is "
    "judged among the trials that have it."
)


def plot_importances(search: Search) -> Picture | None:
    """Show the share of each hyperparameter as a bar, and what chance alone can reach.

    None where there are too few trials for importances.
    """
    if not search.importances:
        return None
    entries = search.importances[:_MOST_BARS]
    shares = [entry.share for entry in entries]
    chances = [entry.by_chance for entry in entries]
    texts = [f"{entry.name}\nby chance up to {entry.by_chance:.2f}" for entry in entries]
    names = [shorten(entry.name, LONGEST_NAME) for entry in entries]
    longest = max(*chances, *shares)
    x_axis = Axis(f"share of the effect on {search.objective.name}", span=(0.0, 1.12 * longest))
    y_axis = Axis("", span=(len(entries) - 0.4, -0.6), ticks=[*enumerate(names)])
    layers: list[Layer] = [Bars(shares), Dots(_CHANCE, chances, range(len(entries)), texts)]
    notes = [_IMPORTANCE_NOTE]
    if len(entries) < len(search.importances):
        notes.append(f"The first {len(entries)} of {len(search.importances)} are drawn.")
    title = "Importance: which hyperparameters mattered"
    size = (10.0, 1.8 + 0.3 * len(entries))
    return Picture("importance", title, notes, [Panel("", x_axis, y_axis, layers)], panel_size=size)


def plot_slices(search: Search) -> Picture | None:
    """Show the objective along each hyperparameter; None where none has two values."""
    varied = search.list_varied()
    if not varied:
        return None
    span = Span.choose(search)
    panels = [
        _slice(search, axis, span, is_first=place % _COLUMNS == 0)
        for place, axis in enumerate(varied[:MOST_SLICES])
    ]
    notes = [
        "Each mark is a trial at its value of a hyperparameter. Marks of a choice are spread out.",
        search.describe_thinning(len(search.thin())),
        describe_outliers(search, span),
    ]
    if len(varied) > MOST_SLICES:
        notes.append(f"The first {MOST_SLICES} of {len(varied)} hyperparameters are drawn.")
    title = "Slices: the objective along each hyperparameter"
    n_columns = min(_COLUMNS, len(panels))
    return Picture("slice", title, notes, panels, n_columns, panel_size=(3.4, 2.7))


def _slice(search: Search, axis: HyperparameterAxis, span: Span, *, is_first: bool) -> Panel:
    placed = [
        (trial, x + (_shift(trial.number) if axis.choices else 0.0), span.hold(trial.values[0]))
        for trial in search.thin()
        if (x := axis.place(trial)) is not None
    ]
    n_active = sum(axis.place(trial) is not None for trial in search.valued)
    is_partial = n_active < len(search.valued)
    title = f"active in {n_active:,} of {len(search.valued):,} trials" if is_partial else ""
    y_axis = label_objective(search, span, is_named=is_first)
    places = [x for _, x, _ in placed]
    return Panel(title, label_axis(axis, places), y_axis, mark_trials(search, placed))


def _shift(number: int) -> float:
    """Shift a trial sideways within its choice: multiples of the golden ratio spread evenly."""
    return _SPREAD * (2.0 * (number * _GOLDEN % 1.0) - 1.0)
