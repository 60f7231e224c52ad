"""A point of a space: which hyperparameters are active there, and what is wrong with its values.

Owns the walk from parents to children over given values. Knows no file, and does not know where a
point comes from.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from .dimension import Dimension, sort_parents_first
from .distribution import Fixed
from .hyperparameters import CATALOGUE, DEFAULTS
from .problem import Problem, ProblemCollector, suggest_names
from .value import Value, describe, to_text

Dimensions = Mapping[str, Dimension]


def list_fixed_values(dimensions: Dimensions) -> dict[str, Value]:
    """List the fixed values by name."""
    return {
        name: dimension.distribution.value
        for name, dimension in dimensions.items()
        if isinstance(dimension.distribution, Fixed)
    }


def list_active_names(
    dimensions: Dimensions, order: Iterable[str], values: Mapping[str, Value]
) -> tuple[str, ...]:
    """List the active hyperparameters at a point, in the given order, which has parents first.

    A fixed hyperparameter that the point lacks has its fixed value. Any other that it lacks meets
    no condition.
    """
    known = {**list_fixed_values(dimensions), **values}
    point: dict[str, Value] = {}
    names = []
    for name in order:
        if dimensions[name].is_active(point):
            names.append(name)
            if name in known:
                point[name] = known[name]
    return tuple(names)


def reduce_point(dimensions: Dimensions, values: Mapping[str, Value]) -> dict[str, Value]:
    """Remove from a complete configuration the values that the space already gives.

    These are fixed values, and the catalogue's default of a hyperparameter that is inactive or not
    in the space. Other values of such hyperparameters stay, so that `find_point_problems` reports
    them.
    """
    order, _ = sort_parents_first(dimensions)
    active = set(list_active_names(dimensions, order, values))
    point: dict[str, Value] = {}
    for name, value in values.items():
        is_active = name in active
        distribution = dimensions[name].distribution if is_active else Fixed(DEFAULTS[name])
        if not isinstance(distribution, Fixed) or distribution.find_problem(value):
            point[name] = value
    return point


def find_point_problems(
    dimensions: Dimensions,
    order: Iterable[str],
    values: Mapping[str, Value],
    doubtful: AbstractSet[str] = frozenset(),
) -> list[Problem]:
    """List what is wrong with a point: unknown, missing, inactive and out-of-range values.

    Args:
        dimensions: those of the space.
        order: all their names, parents first.
        values: those of the point; fixed ones may be left out.
        doubtful: names that may be active or not, because their conditions are wrong. They are not
            reported as missing or inactive, and neither are their children or the children of a
            parent that is missing or out of range.
    """
    collector = ProblemCollector(_find_foreign_problems(dimensions, values))
    known = {**list_fixed_values(dimensions), **values}
    point: dict[str, Value] = {}
    unsure = set(doubtful)
    for name in order:
        dimension, text = dimensions[name], ""
        if name in known:
            text = dimension.distribution.find_problem(known[name])
            # A distribution accepts 32.0 for its choice 32, but a network cannot have 32.0 units.
            text = text or CATALOGUE.get(name, dimension.distribution).find_problem(known[name])
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
        collector.add(name, text)
    return collector.problems


def _find_foreign_problems(
    dimensions: Dimensions, values: Mapping[str, Value]
) -> Iterator[Problem]:
    for name, value in values.items():
        if name in CATALOGUE and name not in dimensions:
            default, got = to_text(DEFAULTS[name]), describe(value)
            yield Problem(name, f"is not in the space, which leaves it at {default}, got {got}")
        elif name not in dimensions:
            yield Problem(name, f"is not in the space; {suggest_names(name, dimensions)}")
