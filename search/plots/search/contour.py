"""The objective over pairs of hyperparameters, smoothed between the trials."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.ticker import MaxNLocator

from ...metrics.matrices import Floats
from .axes import HyperparameterAxis
from .layers import Field, Mark
from .looks import BEST, SHADES, START, Placed, label_axis, mark_trials
from .picture import Bands, Panel, Picture
from .search import Search
from .span import Span

MOST_HYPERPARAMETERS = 4
"""Only the most important are paired: six panels can be read, 78 of 13 hyperparameters cannot."""
_MOST_DOTS = 200
_GRID_STEPS = 48
_N_BANDS = 9
_LEAST_TRIALS = 10
_LEAST_WEIGHT = 0.3
"""A point of the grid stays white where the trials near it weigh less than this part of one."""
_UNIT_DEVIATION = 0.29
"""Standard deviation of evenly spread values on 0 to 1."""
_NOTE = (
    "Mean of the trials near each point, for pairs of the {} hyperparameters. White: no trial is "
    "near.\nThe trials also differ in all other hyperparameters: take this as a hint."
)
_TRIAL = Mark("trial", "#555555", "circle", 2.5)


def plot_contour(search: Search) -> Picture | None:
    """Show the objective over each pair of the most important hyperparameters.

    None where fewer than ten trials have values, or no two hyperparameters vary.
    """
    axes = search.list_varied()[:MOST_HYPERPARAMETERS]
    if len(search.valued) < _LEAST_TRIALS or len(axes) < 2:
        return None
    span = Span.choose(search)
    panels = [panel for x, y in combinations(axes, 2) if (panel := _panel(search, span, x, y))]
    if not panels:
        return None
    bands = _choose_bands(search, panels)
    title = "Contours: the objective over pairs of hyperparameters"
    notes = [_NOTE.format("most important" if search.importances else "first")]
    n_columns = min(3, len(panels))
    return Picture("contour", title, notes, panels, n_columns, panel_size=(4.2, 3.4), bands=bands)


def _panel(
    search: Search, span: Span, across: HyperparameterAxis, upward: HyperparameterAxis
) -> Panel | None:
    """Draw the trials that have both; None where one of the two does not vary among them."""
    placed = [
        (trial, x, y)
        for trial in search.valued
        if (x := across.place(trial)) is not None and (y := upward.place(trial)) is not None
    ]
    if any(len({place[axis] for place in placed}) < 2 for axis in (1, 2)):
        return None
    kept = {trial.number for trial in search.thin(_MOST_DOTS)}
    marks = mark_trials(search, [entry for entry in placed if entry[0].number in kept])
    # Colours stand for values here: all marks are small and grey, except the best.
    dots = [
        each if each.mark is BEST else replace(each, mark=_TRIAL)
        for each in marks
        if each.mark is not START
    ]
    _, xs, ys = zip(*placed, strict=True)
    field = _smooth(across, upward, placed, span)
    return Panel("", label_axis(across, xs), label_axis(upward, ys), [field, *dots])


def _choose_bands(search: Search, panels: Sequence[Panel]) -> Bands:
    """Choose round ends for the bands of colour, the same in all panels; good is deep."""
    fields = (layer for panel in panels for layer in panel.layers if isinstance(layer, Field))
    means = np.concatenate([field.z.ravel() for field in fields])
    low, high = float(np.nanmin(means)), float(np.nanmax(means))
    margin = 0.0 if low < high else abs(low) / 100 or 0.01
    edges = np.asarray(MaxNLocator(_N_BANDS).tick_values(low - margin, high + margin))
    shades = LinearSegmentedColormap.from_list("shades", SHADES)
    colors = [to_hex(shades(depth)) for depth in np.linspace(0.0, 1.0, len(edges) - 1)]
    objective = search.objective
    return Bands(objective.name, edges, colors[::-1] if objective.is_minimized else colors)


def _smooth(
    across: HyperparameterAxis, upward: HyperparameterAxis, placed: Sequence[Placed], span: Span
) -> Field:
    """Smooth values over a grid: a kernel regression (Nadaraya 1964) on binned trials.

    The width of the kernel is Scott's (1992) for two dimensions. Choices are not smoothed into
    each other.
    """
    width = _UNIT_DEVIATION * len(placed) ** (-1 / 6)
    values = np.array([span.hold(trial.values[0]) for trial, _, _ in placed])
    places = np.array([(y, x) for _, x, y in placed])
    x_edges, x_kernel = _make_grid(across, places[:, 1], width)
    y_edges, y_kernel = _make_grid(upward, places[:, 0], width)
    counts = np.histogramdd(places, bins=[y_edges, x_edges])[0]
    sums = np.histogramdd(places, bins=[y_edges, x_edges], weights=values)[0]
    weights = y_kernel @ counts @ x_kernel.T
    is_near = weights >= _LEAST_WEIGHT
    means = np.full(weights.shape, np.nan)
    np.divide(y_kernel @ sums @ x_kernel.T, weights, out=means, where=is_near)
    return Field(x_edges, y_edges, means)


def _make_grid(axis: HyperparameterAxis, places: Floats, width: float) -> tuple[Floats, Floats]:
    """Give the edges of the grid along one axis, and the weight of each step in each other."""
    if axis.choices:
        n_choices = len(axis.choices)
        return np.arange(n_choices + 1, dtype=np.float64) - 0.5, np.eye(n_choices)
    ends = np.log(places) if axis.is_log else places
    low, high = float(ends.min()), float(ends.max())
    margin = 0.03 * (high - low) or 0.5
    edges = np.linspace(low - margin, high + margin, _GRID_STEPS + 1)
    middles = (np.arange(_GRID_STEPS) + 0.5) / _GRID_STEPS
    kernel = np.exp(-0.5 * ((middles[:, None] - middles[None, :]) / width) ** 2)
    borders = np.exp(edges) if axis.is_log else edges
    return borders.astype(np.float64), kernel
