"""How trials look on every picture of a search, so that a mark means one thing everywhere.

Owns the kinds of trials, their marks, and the text that appears when the pointer is on a mark.
"""

from collections.abc import Sequence
from itertools import cycle

from ...space.hyperparameters import to_text
from ...trial.state import TrialState
from ...trial.trial import Trial
from ..colors import BLUE, GREEN, GREY, INK, ORANGE, VERMILION
from ..figures import shorten
from .axes import HyperparameterAxis
from .layers import Dash, Dots, Level, Mark
from .marks import choose_ticks
from .picture import Axis
from .search import Search, has_value
from .span import Span

LONGEST_NAME = 30
"""Characters of a name along or above an axis."""
PALE = "#A9CBE3"
SHADES = ("#EDF1F4", "#C5DAE9", "#7FB3D5", "#2E86C1", "#0B3C68")
"""Evenly from pale to deep; deep is good. One hue, so that a print in grey reads the same."""
SHADES_FROM_INFEASIBLE = (ORANGE, *SHADES)
"""Evenly from `INFEASIBLE_SHADE` to 1; no trial has a shade between the first two."""
LEVEL_LOOKS: tuple[tuple[str, Dash], ...] = ((GREY, "dot"), (INK, "dashdot"), (ORANGE, "solid"))

PRUNED = Mark("pruned", PALE, "circle", 5.0)
INFEASIBLE = Mark("over a limit (cannot win)", ORANGE, "x-thin", 6.0)
COMPLETE = Mark("complete", BLUE, "circle", 6.0)
BEST = Mark("best", VERMILION, "star", 13.0)
START = Mark("known good start", INK, "diamond-open", 9.0)
FAILED = Mark("failed or diverged (no value)", GREY, "line-ns", 10.0)
KINDS = (PRUNED, INFEASIBLE, COMPLETE, BEST)
"""Every trial with values is of one of these kinds; the last ones are drawn in front."""

Placed = tuple[Trial, float, float]
"""A trial with its place across and upward."""


def find_kind(search: Search, trial: Trial) -> Mark:
    """Find the kind of a trial that has values."""
    if trial.number in search.leading:
        return BEST
    if not trial.is_feasible:
        return INFEASIBLE
    return PRUNED if trial.state is TrialState.PRUNED else COMPLETE


def mark_trials(search: Search, placed: Sequence[Placed]) -> list[Dots]:
    """Mark trials by their kinds, pale ones at the back, and put a frame around good starts."""
    groups = {kind: [at for at in placed if find_kind(search, at[0]) is kind] for kind in KINDS}
    groups[START] = [at for at in placed if at[0].start]
    return [dots for mark, found in groups.items() for dots in mark_alike(search, mark, found)]


def mark_alike(search: Search, mark: Mark, placed: Sequence[Placed]) -> list[Dots]:
    """Give all of some trials the same mark; an empty list where there are none."""
    if not placed:
        return []
    trials, xs, ys = zip(*placed, strict=True)
    return [Dots(mark, xs, ys, [hover_text(search, trial) for trial in trials])]


def hover_text(search: Search, trial: Trial) -> str:
    """Write name, values and kind of a trial, in a line each."""
    if not has_value(trial):
        return f"{trial.label}\nfailed or diverged"
    names = search.objectives.names
    values = [f"{name} {value:.6g}" for name, value in zip(names, trial.values, strict=False)]
    lines = [trial.label, *values]
    lines += ["pruned"] if trial.state is TrialState.PRUNED else []
    lines += [] if trial.is_feasible else ["over a limit"]
    return "\n".join(lines)


def label_axis(axis: HyperparameterAxis, places: Sequence[float]) -> Axis:
    """Give the axis of a panel for a hyperparameter.

    Args:
        axis: of the hyperparameter.
        places: where trials lie on it, at least one.
    """
    if axis.choices:
        names = [shorten(to_text(choice), LONGEST_NAME) for choice in axis.choices]
        return Axis(axis.name, span=(-0.5, len(names) - 0.5), ticks=[*enumerate(names)])
    if axis.is_log:
        ticks = choose_ticks(min(places), max(places), is_log=True)
        return Axis(f"{axis.name} (log)", is_log=True, ticks=ticks)
    return Axis(axis.name, is_whole=axis.is_whole)


def label_objective(search: Search, span: Span, *, is_named: bool = True) -> Axis:
    """Give the axis of a panel for the first objective, with an arrow toward better values."""
    objective = search.objective
    arrow = "↓" if objective.is_minimized else "↑"
    label = f"{objective.name} ({arrow} is better)" if is_named else ""
    return Axis(label, span=(span.low, span.high))


def list_levels(search: Search) -> list[Level]:
    """List the lines of all levels to compare with, and of the target."""
    levels = [
        Level(f"{name} {value:.4g}", value, *look)
        for (name, value), look in zip(search.levels.items(), cycle(LEVEL_LOOKS), strict=False)
    ]
    if search.target is not None:
        levels.append(Level(f"target {search.target:.4g}", search.target, GREEN, "dash"))
    return levels
