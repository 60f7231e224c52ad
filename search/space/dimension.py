"""One hyperparameter of a space: its distribution and when it is active.

Owns the rules between hyperparameters: known names, parents that exist, conditions that can
hold, no circle. Knows no start and no file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .condition import Condition
from .distribution import Distribution
from .hyperparameters import CATALOGUE, Value
from .narrowing import narrowing_problems
from .problem import Problem, nearest


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a space says about one hyperparameter."""

    distribution: Distribution
    """Its values."""
    conditions: tuple[Condition, ...] = ()
    """It is active where all of them hold, each on another parent; always where there is none."""

    def is_active(self, point: Mapping[str, Value]) -> bool:
        """Say whether all conditions hold at a point; a parent that is not in it meets none."""
        return all(c.parent in point and c.holds(point[c.parent]) for c in self.conditions)


def dimension_problems(dimensions: Mapping[str, Dimension]) -> Iterator[Problem]:
    """Say what is wrong with each dimension alone and with its parents, circles left aside."""
    for name, dimension in dimensions.items():
        if name in CATALOGUE:
            problems = [*narrowing_problems(name, dimension.distribution)]
        else:
            problems = [Problem("", f"is no hyperparameter; {nearest(name, CATALOGUE)}")]
        problems += condition_problems(dimension, dimensions)
        yield from (problem.under(name) for problem in problems)


def condition_problems(
    dimension: Dimension, dimensions: Mapping[str, Dimension]
) -> Iterator[Problem]:
    """Say which conditions name no parent, the same one again, or values it cannot have."""
    seen = set()
    for condition in dimension.conditions:
        path, parent = f"when.{condition.parent}", dimensions.get(condition.parent)
        if parent is None:
            known = nearest(condition.parent, dimensions)
            yield Problem(path, f"must name another hyperparameter of the space; {known}")
        elif text := condition.problem(parent.distribution):
            yield Problem(path, text)
        if condition.parent in seen:
            yield Problem(path, "must stand once; list several values in one condition")
        seen.add(condition.parent)


def parents_first(
    dimensions: Mapping[str, Dimension],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Order the names so that parents come first, else as in the catalogue.

    Returns that order and the circles found, each from a name round to itself.
    """
    order: dict[str, None] = {}
    circles: list[tuple[str, ...]] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circles.append((*path[path.index(name) :], name))
        elif name in dimensions and name not in order:
            # What is unknown is refused anyway, and nothing bounds the length of its chains.
            conditions = dimensions[name].conditions if name in CATALOGUE else ()
            parents = (condition.parent for condition in conditions)
            for parent in sorted(parents, key=_rank):
                visit(parent, (*path, name))
            order[name] = None

    for name in sorted(dimensions, key=_rank):
        visit(name, ())
    return tuple(order), circles


_RANKS = {name: rank for rank, name in enumerate(CATALOGUE)}


def _rank(name: str) -> tuple[int, str]:
    return _RANKS.get(name, len(_RANKS)), name
