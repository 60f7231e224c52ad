"""All hyperparameters at once: a line a trial from axis to axis, deep where the trial is good."""

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from ...space.hyperparameters import shown
from .marks import log_marks, number
from .picture import SPOILT, UNUSED, Parallel, Scale
from .span import Span
from .trials import Outcome, Search, SearchedDimension, SearchedTrial

MOST_SCALES = 13
"""Axes beside that of the objective; more stand too close for their names."""
_MOST_LINES = 500
_PALEST_COMPLETE = 0.4
"""Shade of the worst complete trial; trials that were given up are paler."""
_PRUNED = 0.15

Floats = npt.NDArray[np.float64]


def parallel(search: Search) -> Parallel | None:
    """Draw the trials over parallel axes; None for fewer than two trials, or nothing varied."""
    varied = search.varied()
    if len(search.valued) < 2 or not varied:
        return None
    drawn = search.thinned(_MOST_LINES)
    span = Span.of(search)
    scales = [_objective_scale(search, drawn, span)]
    scales += [_scale(dimension, drawn) for dimension in varied[:MOST_SCALES]]
    notes = [
        "Each line is a trial, at its values from axis to axis; the deeper, the better.",
        "“unused”: the hyperparameter is inactive in that trial."
        if any((scale.places == UNUSED).any() for scale in scales)
        else "",
        search.note_of_thinning(len(drawn)),
        span.note_of_outliers(search),
    ]
    if len(varied) > MOST_SCALES:
        notes.append(f"The first {MOST_SCALES} of {len(varied)} hyperparameters are drawn.")
    return Parallel(
        "parallel_coordinates",
        "Parallel coordinates: whole configurations",
        " ".join(filter(None, notes)),
        scales,
        _shades(search, drawn),
        _legend(drawn),
    )


def _shades(search: Search, drawn: list[SearchedTrial]) -> Floats:
    """Rank the trials from pale to deep, those that were given up palest."""
    order = [trial.number for trial in search.by_value(drawn)]
    ranks = {number: 1.0 - place / max(1, len(order) - 1) for place, number in enumerate(order)}

    def shade(trial: SearchedTrial) -> float:
        if not trial.is_feasible:
            return SPOILT
        if trial.outcome is Outcome.PRUNED:
            return _PRUNED
        return _PALEST_COMPLETE + (1.0 - _PALEST_COMPLETE) * ranks[trial.number] ** 2

    return np.array([shade(trial) for trial in drawn])


def _legend(drawn: list[SearchedTrial]) -> list[tuple[float, str]]:
    legend = [(1.0, "best"), (_PALEST_COMPLETE, "worst complete")]
    if any(trial.outcome is Outcome.PRUNED for trial in drawn):
        legend.append((_PRUNED, "given up early (pruned)"))
    if not all(trial.is_feasible for trial in drawn):
        legend.append((SPOILT, "beyond a limit"))
    return legend


def _objective_scale(search: Search, drawn: list[SearchedTrial], span: Span) -> Scale:
    values = np.array([span.hold(trial.values[0]) for trial in drawn])
    dimension = SearchedDimension(search.objective.name)
    return _number_scale(dimension, values, float(values.min()), float(values.max()))


def _scale(dimension: SearchedDimension, drawn: list[SearchedTrial]) -> Scale:
    found = [dimension.place(trial.point) for trial in drawn]
    values = np.array([np.nan if place is None else place for place in found])
    if dimension.choices:
        last = max(1, len(dimension.choices) - 1)
        ticks = [(i / last, shown(choice)) for i, choice in enumerate(dimension.choices)]
        scale = Scale(dimension.name, values / last, ticks)
    elif np.isnan(values).all():
        scale = Scale(dimension.name, values, [])
    else:
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        scale = _number_scale(dimension, values, low, high)
    is_unused = np.isnan(values)
    if not is_unused.any():
        return scale
    places = np.where(is_unused, UNUSED, scale.places)
    return Scale(scale.label, places, [(UNUSED, "unused"), *scale.ticks])


def _number_scale(dimension: SearchedDimension, values: Floats, low: float, high: float) -> Scale:
    """Put numbers between 0 and 1, their logarithms where the axis is logarithmic."""
    ends = np.array([low, high])
    bend = np.log if dimension.is_log else np.positive
    first, last = bend(ends)
    width = last - first or 1.0
    if dimension.is_log:
        marks = log_marks(low, high)
    else:
        marks = [float(mark) for mark in MaxNLocator(5).tick_values(low, high)]
    inside = [mark for mark in marks if low <= mark <= high] or [low]
    ticks = [(float((bend(mark) - first) / width), number(mark)) for mark in inside]
    label = f"{dimension.name} (log)" if dimension.is_log else dimension.name
    return Scale(label, (bend(values) - first) / width, ticks)
