"""What is drawn on the panels of a picture: marks, lines, bars and fields of colour.

Owns what a layer shows. Knows neither matplotlib nor plotly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...metrics.matrices import Floats

Marker = Literal["circle", "x-thin", "star", "diamond-open", "line-ns"]
"""As plotly names them."""
Dash = Literal["solid", "dash", "dot", "dashdot"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of trials is marked."""

    label: str
    """In the legend, once a picture; empty for none."""
    color: str
    """Like "#0072B2"."""
    marker: Marker
    """Its form."""
    size: float
    """Points across."""

    @property
    def is_line(self) -> bool:
        """Whether it is drawn with lines and has no area."""
        return self.marker in ("x-thin", "diamond-open", "line-ns")


@dataclass(frozen=True, slots=True)
class Dots:
    """The same mark for each of some trials."""

    mark: Mark
    """How they look."""
    xs: Sequence[float]
    """Across."""
    ys: Sequence[float]
    """Upward, as many."""
    texts: Sequence[str]
    """Shown when the pointer rests on a mark, as many; names may have any characters."""


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
    """Horizontal bars at 0, 1, 2 and so on, counted downward, each with its length beside it."""

    lengths: Sequence[float]
    """From 0 on."""


@dataclass(frozen=True, slots=True)
class Field:
    """A grid in the colours of the picture's bands."""

    x_edges: Floats
    """Edges of the grid across, ascending, (w + 1,)."""
    y_edges: Floats
    """Edges of the grid upward, ascending, (h + 1,)."""
    z: Floats
    """A value for each point of the grid, (h, w); NaN leaves it white."""


Layer = Dots | Path | Level | Bars | Field
