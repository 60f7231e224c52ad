"""The words that a picture of a search is said in, before it is drawn: panels, axes and layers.

Owns what a picture shows, so that the PNG and the interactive page, which are both drawn from
it, cannot show different things. Knows neither matplotlib nor plotly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Marker = Literal["circle", "x", "star", "diamond-open", "line-ns"]
Dash = Literal["solid", "dash", "dot", "dashdot"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a panel."""

    label: str
    """Shown beside it; may be empty."""
    is_log: bool = False
    """Whether it is logarithmic."""
    choices: Sequence[str] = ()
    """Names at 0, 1, 2 and so on; empty for numbers."""
    span: tuple[float, float] | None = None
    """Its ends; None for what the layers need."""
    is_whole: bool = False
    """Whether it counts, so that only whole numbers are marked."""
    marks: Sequence[float] = ()
    """The numbers that are marked on a logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Dots:
    """A mark a trial."""

    label: str
    """In the legend, once a picture; empty for none."""
    xs: Sequence[float]
    """Across."""
    ys: Sequence[float]
    """Upward, as many."""
    texts: Sequence[str]
    """Shown when the pointer rests on a mark, as many; names may have any characters."""
    color: str
    """Like "#0072B2"."""
    marker: Marker = "circle"
    """Its form."""
    size: float = 6.0
    """Points across."""


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    label: str
    """In the legend, once a picture; empty for none."""
    xs: Sequence[float]
    """Across."""
    ys: Sequence[float]
    """Upward, as many; NaN leaves a gap."""
    text: str
    """Shown when the pointer rests on it."""
    color: str
    """Like "#0072B2"."""
    width: float = 1.5
    """In points."""
    is_stepped: bool = False
    """Whether a value holds until the next point."""


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line over the whole panel."""

    label: str
    """In the legend, once a picture."""
    y: float
    """Upward."""
    color: str
    """Like "#0072B2"."""
    dash: Dash
    """Its form."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars at 0, 1, 2 and so on, counted downward."""

    lengths: Sequence[float]
    """From 0 on."""
    texts: Sequence[str]
    """Right of each bar, as many."""
    color: str
    """Like "#0072B2"."""


@dataclass(frozen=True, slots=True)
class Field:
    """A coloured ground of cells."""

    x_edges: npt.NDArray[np.float64]
    """Borders of the cells across, ascending, (w + 1,)."""
    y_edges: npt.NDArray[np.float64]
    """Borders of the cells upward, ascending, (h + 1,)."""
    z: npt.NDArray[np.float64]
    """A value a cell, (h, w); NaN leaves it white."""
    levels: npt.NDArray[np.float64]
    """Borders of the bands of colour, ascending, the same in all panels of a picture."""
    label: str
    """What z is; beside the bar of colours."""
    is_low_deep: bool
    """Whether low values have the deep colours."""


Layer = Dots | Path | Level | Bars | Field


@dataclass(frozen=True, slots=True)
class Panel:
    """Axes with what is drawn on them, first layer at the back."""

    title: str
    """Above; may be empty."""
    x: Axis
    """Across."""
    y: Axis
    """Upward."""
    layers: Sequence[Layer]
    """What is drawn."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Panels under one title."""

    name: str
    """Letters and `_`; names its file."""
    title: str
    """What it shows."""
    note: str
    """How to read it, in sentences."""
    panels: Sequence[Panel]
    """At least one, row by row."""
    n_columns: int = 1
    """Panels in a row, at most the number of panels."""
    panel_width: float = 10.0
    """Inches."""
    panel_height: float = 5.0
    """Inches."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One of several upright axes beside each other."""

    label: str
    """Above it."""
    places: npt.NDArray[np.float64]
    """Where each trial crosses it: 0 (bottom) to 1 (top), or `UNUSED`."""
    ticks: Sequence[tuple[float, str]]
    """Marked places and their names."""


UNUSED = -0.14
"""Where a trial crosses the axis of a hyperparameter that is inactive in it."""


@dataclass(frozen=True, slots=True)
class Parallel:
    """A line a trial over parallel upright axes."""

    name: str
    """Letters and `_`; names its file."""
    title: str
    """What it shows."""
    note: str
    """How to read it, in sentences."""
    scales: Sequence[Scale]
    """At least two, from left to right."""
    shades: npt.NDArray[np.float64]
    """A shade a trial: `SPOILT`, or 0 (pale) to 1 (deep)."""
    legend: Sequence[tuple[float, str]]
    """Shades and what they mean."""


SPOILT = -0.25
"""Shade of a trial that lies beyond a limit of the study."""
