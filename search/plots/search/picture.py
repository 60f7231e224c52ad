"""A picture of a search before it is drawn: its panels and their axes.

Owns what a picture shows. The PNG and the interactive page are both drawn from it, so they cannot
show different things. Knows neither matplotlib nor plotly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...metrics.matrices import Floats
from .layers import Layer

Ticks = Sequence[tuple[float, str]]
"""Marked places along an axis and what is written there."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a panel."""

    label: str
    """Shown beside it; may be empty."""
    is_log: bool = False
    """Whether it is logarithmic."""
    span: tuple[float, float] | None = None
    """Its ends; None to fit the layers."""
    is_whole: bool = False
    """Whether only whole numbers are marked."""
    ticks: Ticks = ()
    """Empty to choose round numbers; a logarithmic axis has some."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Two axes with what is drawn on them; the first layer is at the back."""

    title: str
    """Above; may be empty."""
    x: Axis
    """Across."""
    y: Axis
    """Upward."""
    layers: Sequence[Layer]
    """What is drawn."""


@dataclass(frozen=True, slots=True)
class Bands:
    """The colours of all fields of a picture."""

    label: str
    """What the values are; written beside the scale of colours."""
    edges: Floats
    """Ends of the bands of values, ascending, (b + 1,)."""
    colors: Sequence[str]
    """One for each band, like "#0072B2"."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One of several vertical axes side by side."""

    label: str
    """Above it."""
    places: Floats
    """Where each trial crosses it: 0 (bottom) to 1 (top), or `UNUSED`."""
    ticks: Ticks
    """On the same scale."""


UNUSED = -0.14
"""Where a trial crosses the axis of a hyperparameter that is inactive in it."""


@dataclass(frozen=True, slots=True)
class Parallel:
    """Trials as lines over parallel vertical axes."""

    scales: Sequence[Scale]
    """At least two, from left to right."""
    shades: Floats
    """A shade for each trial: `INFEASIBLE_SHADE`, or 0 (pale) to 1 (deep)."""
    legend: Sequence[tuple[float, str]]
    """Shades and what they mean."""


INFEASIBLE_SHADE = -0.25
"""Shade of a trial that is over a limit of the study."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Panels, or parallel axes, under one title."""

    name: str
    """Letters and `_`; names its file."""
    title: str
    """What it shows."""
    notes: Sequence[str]
    """How to read it, in sentences; empty ones are left out."""
    panels: Sequence[Panel] = ()
    """Row by row; empty where there are parallel axes instead."""
    n_columns: int = 1
    """Panels in a row, at most the number of panels."""
    panel_size: tuple[float, float] = (10.0, 5.0)
    """Width and height in inches."""
    bands: Bands | None = None
    """None without a field."""
    parallel: Parallel | None = None
    """None where there are panels."""

    @property
    def note(self) -> str:
        """All notes together."""
        return " ".join(filter(None, self.notes))
