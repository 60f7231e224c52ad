"""How trials look on every picture of a search, so that a mark means one thing everywhere.

Owns the kinds of trials, their marks, and what is told of a trial under the pointer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...space.hyperparameters import shown
from ..figures import BLUE, GREEN, GREY, INK, ORANGE, VERMILION
from .marks import log_marks
from .picture import Axis, Dash, Dots, Level, Marker
from .span import Span
from .trials import Outcome, Search, SearchedDimension, SearchedTrial

PALE = "#A9CBE3"
SHADES = ("#EDF1F4", "#C5DAE9", "#7FB3D5", "#2E86C1", "#0B3C68")
"""Evenly from pale to deep, where deep is good: one hue, so that it reads the same in grey."""
SPOILT_COLOR = ORANGE
"""Of trials that cannot win."""
LEVEL_COLORS = (GREY, INK, ORANGE)
LEVEL_DASHES: tuple[Dash, ...] = ("dot", "dashdot", "solid")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trials and its mark."""

    label: str
    """In legends."""
    color: str
    """Of its marks."""
    marker: Marker
    """Their form."""
    size: float
    """Points across."""
    is_of: Callable[[SearchedTrial], bool]
    """Whether a trial with values is one."""


KINDS = (
    Kind(
        "given up early (pruned)",
        PALE,
        "circle",
        5.0,
        lambda t: t.is_feasible and not t.is_best and t.outcome is Outcome.PRUNED,
    ),
    Kind(
        "beyond a limit (cannot win)",
        SPOILT_COLOR,
        "x",
        6.0,
        lambda t: not t.is_feasible and not t.is_best,
    ),
    Kind(
        "complete",
        BLUE,
        "circle",
        6.0,
        lambda t: t.is_feasible and not t.is_best and t.outcome is Outcome.COMPLETE,
    ),
    Kind("best", VERMILION, "star", 13.0, lambda t: t.is_best),
)
"""Every trial with values is of one kind; the last ones are drawn in front."""

Placed = tuple[SearchedTrial, float, float]
"""A trial with its place across and upward."""


def dots(search: Search, placed: Iterable[Placed]) -> Iterator[Dots]:
    """Mark trials by their kinds, pale ones at the back, and known good starts by a frame."""
    placed = list(placed)
    for kind in KINDS:
        if found := [entry for entry in placed if kind.is_of(entry[0])]:
            yield _marks(search, found, kind.label, kind.color, kind.marker, kind.size)
    if found := [entry for entry in placed if entry[0].is_start]:
        yield _marks(search, found, "known good start", INK, "diamond-open", 9.0)


def _marks(
    search: Search, placed: Sequence[Placed], label: str, color: str, marker: Marker, size: float
) -> Dots:
    trials, xs, ys = zip(*placed, strict=True)
    texts = [told(search, trial) for trial in trials]
    return Dots(label, xs, ys, texts, color, marker, size)


def told(search: Search, trial: SearchedTrial) -> str:
    """Tell name, values and kind of a trial in a line each."""
    values = [f"{o.name} {v:.6g}" for o, v in zip(search.objectives, trial.values, strict=False)]
    said = [trial.name, *values]
    said += ["given up early"] if trial.outcome is Outcome.PRUNED else []
    said += [] if trial.is_feasible else ["beyond a limit"]
    return "\n".join(said)


def axis_of(dimension: SearchedDimension, places: Sequence[float]) -> Axis:
    """Give the axis of a hyperparameter, where trials lie at these places: one or more."""
    choices = tuple(shown(choice) for choice in dimension.choices)
    label = f"{dimension.name} (log)" if dimension.is_log else dimension.name
    return Axis(
        label,
        is_log=dimension.is_log,
        choices=choices,
        is_whole=dimension.is_whole,
        marks=log_marks(min(places), max(places)) if dimension.is_log else (),
        span=(-0.5, len(choices) - 0.5) if choices else None,
    )


def objective_axis(search: Search, span: Span | None = None, *, is_named: bool = True) -> Axis:
    """Give the axis of the first objective, which tells whether small or great is good."""
    objective = search.objective
    arrow = "↓" if objective.is_minimized else "↑"
    label = f"{objective.name} ({arrow} is better)" if is_named else ""
    return Axis(label, span=None if span is None else (span.low, span.high))


def levels(search: Search, span: Span) -> Iterator[Level]:
    """Give the lines of the target and of what there is to compare with, those within a span."""
    yield from (level for level in _levels(search) if span.hold(level.y) == level.y)


def _levels(search: Search) -> Iterator[Level]:
    for place, (name, value) in enumerate((search.levels or {}).items()):
        turn = place % len(LEVEL_COLORS)
        label = f"{name} {value:.4g}"
        yield Level(label, value, LEVEL_COLORS[turn], LEVEL_DASHES[turn])
    if search.target is not None:
        yield Level(f"target {search.target:.4g}", search.target, GREEN, "dash")
