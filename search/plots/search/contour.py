"""The objective over pairs of hyperparameters, smoothed between the trials."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from .looks import Placed, axis_of, dots
from .picture import Dots, Field, Panel, Picture
from .span import Span
from .trials import Search, SearchedDimension

MOST_DIMENSIONS = 4
"""The most important hyperparameters are paired: six panels can be read, seventy-eight cannot."""
_MOST_DOTS = 200
_N_CELLS = 48
_N_BANDS = 9
_LEAST_TRIALS = 10
_LEAST_WEIGHT = 0.3
"""Where the trials near a cell weigh less than this part of one trial, it stays white."""
_UNIT_DEVIATION = 0.29
"""Standard deviation of evenly spread values on 0 to 1."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two hyperparameters and the trials that have both."""

    across: SearchedDimension
    upward: SearchedDimension
    placed: list[Placed]


@dataclass(frozen=True, slots=True)
class _Ground:
    """The smoothed objective over one pair; NaN where no trial is near."""

    x_edges: Floats
    y_edges: Floats
    means: Floats
    """(cells upward, cells across)."""


def contour(search: Search) -> Picture | None:
    """Draw the objective over each pair of the most important hyperparameters.

    None where fewer than ten trials have values, or no two hyperparameters vary.
    """
    dimensions = search.varied()[:MOST_DIMENSIONS]
    if len(search.valued) < _LEAST_TRIALS or len(dimensions) < 2:
        return None
    span = Span.of(search)
    pairs = list(itertools.combinations(dimensions, 2))
    found = [entry for across, upward in pairs if (entry := _placed(search, across, upward))]
    if not found:
        return None
    grounds = [_ground(pair, span) for pair in found]
    levels = _levels([ground.means for ground in grounds])
    panels = [
        _panel(search, pair, ground, levels) for pair, ground in zip(found, grounds, strict=True)
    ]
    which = "most important" if search.importances else "first"
    note = (
        f"Mean of the trials near each point, over pairs of the {which} hyperparameters; white: no "
        "trial is near.\nAll other hyperparameters vary behind this, so read it as a hint."
    )
    return Picture(
        "contour",
        "Contours: where pairs of hyperparameters do well",
        note,
        panels,
        n_columns=min(3, len(panels)),
        panel_width=4.2,
        panel_height=3.4,
    )


def _placed(search: Search, across: SearchedDimension, upward: SearchedDimension) -> _Pair | None:
    """Find the trials that have both; none where one of the two does not vary among them."""
    placed = [
        (trial, x, y)
        for trial in search.valued
        if (x := across.place(trial.point)) is not None
        and (y := upward.place(trial.point)) is not None
    ]
    varies = all(len({place[axis] for place in placed}) > 1 for axis in (1, 2))
    return _Pair(across, upward, placed) if varies else None


def _panel(search: Search, pair: _Pair, ground: _Ground, levels: Floats) -> Panel:
    objective = search.objective
    field = Field(
        ground.x_edges,
        ground.y_edges,
        ground.means,
        levels,
        label=objective.name,
        is_low_deep=objective.is_minimized,
    )
    kept = {trial.number for trial in search.thinned(_MOST_DOTS)}
    marks = dots(search, [entry for entry in pair.placed if entry[0].number in kept])
    small = [_smaller(mark) for mark in marks if mark.marker != "diamond-open"]
    _, xs, ys = zip(*pair.placed, strict=True)
    return Panel("", axis_of(pair.across, xs), axis_of(pair.upward, ys), [field, *small])


def _smaller(mark: Dots) -> Dots:
    """Leave the ground visible; only the best keeps its colour, for colours mean values here."""
    if mark.marker == "star":
        return mark
    return Dots("trial", mark.xs, mark.ys, mark.texts, "#555555", "circle", 2.5)


def _levels(means: Sequence[Floats]) -> Floats:
    """Choose round borders of bands for all panels together."""
    low = min(float(np.nanmin(each)) for each in means)
    high = max(float(np.nanmax(each)) for each in means)
    margin = 0.0 if low < high else abs(low) / 100 or 0.01
    return np.asarray(MaxNLocator(_N_BANDS).tick_values(low - margin, high + margin))


def _ground(pair: _Pair, span: Span) -> _Ground:
    """Smooth values over a grid: a kernel regression (Nadaraya 1964) on binned trials.

    The width is Scott's (1992) for two dimensions; choices are not smoothed into each other.
    """
    width = _UNIT_DEVIATION * len(pair.placed) ** (-1 / 6)
    values = np.array([span.hold(trial.values[0]) for trial, _, _ in pair.placed])
    places = np.array([(y, x) for _, x, y in pair.placed])
    x_edges, x_kernel = _grid(pair.across, places[:, 1], width)
    y_edges, y_kernel = _grid(pair.upward, places[:, 0], width)
    counts = np.histogramdd(places, bins=[y_edges, x_edges])[0]
    sums = np.histogramdd(places, bins=[y_edges, x_edges], weights=values)[0]
    weights = y_kernel @ counts @ x_kernel.T
    is_near = weights >= _LEAST_WEIGHT
    means = np.full(weights.shape, np.nan)
    np.divide(y_kernel @ sums @ x_kernel.T, weights, out=means, where=is_near)
    return _Ground(x_edges, y_edges, means)


def _grid(dimension: SearchedDimension, places: Floats, width: float) -> tuple[Floats, Floats]:
    """Give the borders of the cells along one axis, and how much each cell hears of each other."""
    if dimension.choices:
        n_choices = len(dimension.choices)
        return np.arange(n_choices + 1, dtype=np.float64) - 0.5, np.eye(n_choices)
    ends = np.log(places) if dimension.is_log else places
    low, high = float(ends.min()), float(ends.max())
    margin = 0.03 * (high - low) or 0.5
    edges = np.linspace(low - margin, high + margin, _N_CELLS + 1)
    middles = (np.arange(_N_CELLS) + 0.5) / _N_CELLS
    kernel = np.exp(-0.5 * ((middles[:, None] - middles[None, :]) / width) ** 2)
    borders = np.exp(edges) if dimension.is_log else edges
    return borders.astype(np.float64), kernel
