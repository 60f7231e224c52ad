"""All hyperparameters at once: each trial is a line from axis to axis, deep where it is good."""

import numpy as np

from ...metrics.matrices import Floats
from ...space.hyperparameters import to_text
from ...trial.state import TrialState
from ...trial.trial import Trial
from ..figures import shorten
from .axes import HyperparameterAxis
from .looks import LONGEST_NAME
from .marks import choose_ticks
from .picture import INFEASIBLE_SHADE, UNUSED, Parallel, Picture, Scale, Ticks
from .search import Search
from .span import Span, describe_outliers

MOST_SCALES = 13
"""Axes beside that of the objective; more would be too close for their names."""
_MOST_LINES = 500
_PALEST_COMPLETE = 0.4
"""Shade of the worst complete trial; pruned trials are paler."""
_PRUNED = 0.15
_LONGEST_CHOICE = 12
"""Characters of a choice beside an axis."""


def plot_parallel(search: Search) -> Picture | None:
    """Show the trials over parallel axes; None for fewer than two trials, or if nothing varies."""
    varied = search.list_varied()
    if len(search.valued) < 2 or not varied:
        return None
    drawn = search.thin(_MOST_LINES)
    span = Span.choose(search)
    values = np.array([span.hold(trial.values[0]) for trial in drawn])
    scales = [Scale(search.objective.name, *_scale_numbers(values, is_log=False))]
    scales += [_scale(axis, drawn) for axis in varied[:MOST_SCALES]]
    has_unused = any((scale.places == UNUSED).any() for scale in scales)
    notes = [
        "Each line is a trial and crosses each axis at its value; the darker, the better.",
        "“unused”: the hyperparameter is inactive in that trial." * has_unused,
        search.describe_thinning(len(drawn)),
        describe_outliers(search, span),
    ]
    if len(varied) > MOST_SCALES:
        notes.append(f"The first {MOST_SCALES} of {len(varied)} hyperparameters are drawn.")
    title = "Parallel coordinates: whole configurations"
    parallel = Parallel(scales, _shades(search, drawn), _legend(drawn))
    return Picture("parallel_coordinates", title, notes, parallel=parallel)


def _shades(search: Search, drawn: list[Trial]) -> Floats:
    """Rank the trials from pale to deep; pruned ones are the palest."""
    order = [trial.number for trial in search.order(drawn)]
    ranks = {number: 1.0 - place / max(1, len(order) - 1) for place, number in enumerate(order)}

    def shade(trial: Trial) -> float:
        if not trial.is_feasible:
            return INFEASIBLE_SHADE
        if trial.state is TrialState.PRUNED:
            return _PRUNED
        return _PALEST_COMPLETE + (1.0 - _PALEST_COMPLETE) * ranks[trial.number] ** 2

    return np.array([shade(trial) for trial in drawn])


def _legend(drawn: list[Trial]) -> list[tuple[float, str]]:
    legend = [(1.0, "best"), (_PALEST_COMPLETE, "worst complete")]
    if any(trial.state is TrialState.PRUNED for trial in drawn):
        legend.append((_PRUNED, "pruned"))
    if not all(trial.is_feasible for trial in drawn):
        legend.append((INFEASIBLE_SHADE, "over a limit"))
    return legend


def _scale(axis: HyperparameterAxis, drawn: list[Trial]) -> Scale:
    places = np.array([axis.place(trial) for trial in drawn], dtype=np.float64)  # None gets NaN.
    is_unused = np.isnan(places)
    ticks: Ticks = []
    if axis.choices:
        last = max(1, len(axis.choices) - 1)
        names = [shorten(to_text(choice), _LONGEST_CHOICE) for choice in axis.choices]
        places, ticks = places / last, [(i / last, name) for i, name in enumerate(names)]
    elif not is_unused.all():
        places, ticks = _scale_numbers(places, is_log=axis.is_log)
    if is_unused.any():
        places, ticks = np.where(is_unused, UNUSED, places), [(UNUSED, "unused"), *ticks]
    label = f"{axis.name} (log)" if axis.is_log else axis.name
    return Scale(shorten(label, LONGEST_NAME), places, ticks)


def _scale_numbers(values: Floats, *, is_log: bool) -> tuple[Floats, Ticks]:
    """Scale numbers, or their logarithms, to 0 to 1, and choose ticks.

    Args:
        values: a number a trial; NaN for none, but not all of them.
        is_log: whether the axis is logarithmic.
    """
    bend = np.log if is_log else np.positive
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    first, last = bend(np.array([low, high]))
    width = last - first or 1.0
    marks = choose_ticks(low, high, is_log=is_log)
    ticks = [(float((bend(mark) - first) / width), text) for mark, text in marks]
    return (bend(values) - first) / width, ticks
