"""One hyperparameter of a space: its distribution and when it is active.

Owns that a space may only narrow what the catalogue allows, and the rules between hyperparameters:
names are known, parents exist, conditions can hold, and there is no cycle. Knows no start and no
file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .condition import Condition
from .distribution import Categorical, Distribution, Fixed, Float, Int
from .hyperparameters import CATALOGUE
from .problem import Problem, suggest_names
from .value import Value


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a space says about one hyperparameter."""

    distribution: Distribution
    """Its values."""
    conditions: tuple[Condition, ...] = ()
    """It is active if all of them hold, and always without any; each has another parent."""

    def is_active(self, point: Mapping[str, Value]) -> bool:
        """Say whether all conditions hold at a point; a missing parent meets none."""
        return all(c.parent in point and c.holds(point[c.parent]) for c in self.conditions)


def find_dimension_problems(dimensions: Mapping[str, Dimension]) -> Iterator[Problem]:
    """List what is wrong with each dimension and its conditions, except for cycles."""
    for name, dimension in dimensions.items():
        if name in CATALOGUE:
            problems = _find_range_problems(name, dimension.distribution)
        else:
            problems = [Problem("", f"is not a hyperparameter; {suggest_names(name, CATALOGUE)}")]
        problems += find_condition_problems(dimension, dimensions)
        yield from (problem.add_prefix(name) for problem in problems)


def _find_range_problems(name: str, distribution: Distribution) -> list[Problem]:
    widest = CATALOGUE[name]
    match distribution:
        case Fixed(value):
            texts = {"": widest.find_problem(value)}
        case Categorical(choices):
            texts = {f"choices[{i}]": widest.find_problem(c) for i, c in enumerate(choices)}
        case Float() | Int() if type(distribution) is not type(widest):
            fitting, got = (type(d).__name__.lower() for d in (widest, distribution))
            fitting = fitting if isinstance(widest, Categorical) else f"{fitting} or categorical"
            texts = {"type": f"must be {fitting}, or one fixed value, got {got}"}
        case Float(low, high) | Int(low, high):
            texts = {"low": widest.find_problem(low), "high": widest.find_problem(high)}
    return [Problem(path, text) for path, text in texts.items() if text]


def find_condition_problems(
    dimension: Dimension, dimensions: Mapping[str, Dimension]
) -> Iterator[Problem]:
    """List conditions with an unknown parent, a repeated one, or values that it cannot have."""
    seen = set()
    for condition in dimension.conditions:
        path, parent = f"when.{condition.parent}", dimensions.get(condition.parent)
        if parent is None:
            known = suggest_names(condition.parent, dimensions)
            yield Problem(path, f"must name another hyperparameter of the space; {known}")
        elif text := condition.find_problem(parent.distribution):
            yield Problem(path, text)
        if condition.parent in seen:
            yield Problem(path, "must appear once; list several values in one condition")
        seen.add(condition.parent)


def sort_parents_first(
    dimensions: Mapping[str, Dimension],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Sort the names: parents first, otherwise in the order of the catalogue.

    Returns the sorted names, and the cycles, each from a name back to itself.
    """
    order: dict[str, None] = {}
    cycles: list[tuple[str, ...]] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            cycles.append((*path[path.index(name) :], name))
        elif name in dimensions and name not in order:
            # Unknown names are refused anyway, and a chain of them could be too long to follow.
            conditions = dimensions[name].conditions if name in CATALOGUE else ()
            parents = (condition.parent for condition in conditions)
            for parent in sorted(parents, key=_find_rank):
                visit(parent, (*path, name))
            order[name] = None

    for name in sorted(dimensions, key=_find_rank):
        visit(name, ())
    return tuple(order), cycles


_RANKS = {name: rank for rank, name in enumerate(CATALOGUE)}


def _find_rank(name: str) -> tuple[int, str]:
    return _RANKS.get(name, len(_RANKS)), name
