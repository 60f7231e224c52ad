"""A point of a space: which hyperparameters are active there, and what is wrong with its values.

Owns the walk from parents to children over given values. Knows no file, and not where a point
comes from.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from .dimension import Dimension, parents_first
from .distribution import Fixed, described
from .hyperparameters import CATALOGUE, DEFAULTS, Value, shown
from .problem import Findings, Problem, nearest

Dimensions = Mapping[str, Dimension]


def fixed_values(dimensions: Dimensions) -> dict[str, Value]:
    """Give the fixed values by name."""
    return {
        name: dimension.distribution.value
        for name, dimension in dimensions.items()
        if isinstance(dimension.distribution, Fixed)
    }


def active_names(
    dimensions: Dimensions, order: Iterable[str], values: Mapping[str, Value]
) -> tuple[str, ...]:
    """Name the active hyperparameters at a point, in the given order, which has parents first.

    A fixed one that is missing from the point has its fixed value; any other that is missing
    meets no condition.
    """
    known = {**fixed_values(dimensions), **values}
    point: dict[str, Value] = {}
    names = []
    for name in order:
        if dimensions[name].is_active(point):
            names.append(name)
            if name in known:
                point[name] = known[name]
    return tuple(names)


def reduced(dimensions: Dimensions, values: Mapping[str, Value]) -> dict[str, Value]:
    """Leave out of a complete configuration what a space gives by itself.

    That is a fixed value, and the catalogue's default of what is inactive or not in the space.
    Values that differ from these stay, for `point_problems` to tell.
    """
    order, _ = parents_first(dimensions)
    active = set(active_names(dimensions, order, values))
    point: dict[str, Value] = {}
    for name, value in values.items():
        is_active = name in active
        distribution = dimensions[name].distribution if is_active else Fixed(DEFAULTS[name])
        if not isinstance(distribution, Fixed) or distribution.problem(value):
            point[name] = value
    return point


def point_problems(
    dimensions: Dimensions,
    order: Iterable[str],
    values: Mapping[str, Value],
    doubtful: AbstractSet[str] = frozenset(),
) -> list[Problem]:
    """Say what is wrong with a point: unknown, missing, inactive and outside values.

    Args:
        dimensions: of the space.
        order: all their names, parents first.
        values: of the point; fixed ones may be left out.
        doubtful: names of which nobody can say whether they are active. Neither are their
            children judged for it, nor those of a parent that is missing or outside.
    """
    found = Findings(_foreign_problems(dimensions, values))
    known = {**fixed_values(dimensions), **values}
    point: dict[str, Value] = {}
    unsure = set(doubtful)
    for name in order:
        dimension = dimensions[name]
        text = _value_problem(name, dimension, known[name]) if name in known else ""
        if name in unsure or any(c.parent in unsure for c in dimension.conditions):
            unsure.add(name)
        elif not dimension.is_active(point):
            needs = " and ".join(map(str, dimension.conditions))
            text = f"must be left out unless {needs}" if name in values else ""
        elif name not in known or text:
            text = text or f"must be given ({dimension.distribution})"
            unsure.add(name)
        else:
            point[name] = known[name]
        found.add(name, text)
    return found.problems


def _foreign_problems(dimensions: Dimensions, values: Mapping[str, Value]) -> list[Problem]:
    found = Findings()
    for name, value in values.items():
        if name in dimensions:
            continue
        if name in CATALOGUE:
            kept = shown(DEFAULTS[name])
            found.add(
                name, f"is not in the space, which leaves it at {kept}, got {described(value)}"
            )
        else:
            found.add(name, f"is not in the space; {nearest(name, dimensions)}")
    return found.problems


def _value_problem(name: str, dimension: Dimension, value: object) -> str:
    text = dimension.distribution.problem(value)
    if text or name not in CATALOGUE:
        return text
    # A distribution takes 32.0 for the 32 of its choices; a network cannot have 32.0 units.
    return CATALOGUE[name].problem(value, DEFAULTS[name])
