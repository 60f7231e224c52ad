"""What a space promises and no trial could have: conditions that exclude each other, and values.

Owns the question whether hyperparameters can be active together, and the pairs of values that the
catalogue forbids. Knows no file and no start.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int, is_number
from .hyperparameters import Value
from .problem import Problem

Dimensions = Mapping[str, Dimension]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A value that a hyperparameter must have where another one has a certain value."""

    name: str
    value: Value
    """The only one that `name` may have there."""
    other: str
    other_value: Value


FORBIDDEN = (Forbidden("class_weighting", "none", "training_loss", "distribution_balanced"),)
"""What `Hyperparameters` refuses although each value for itself is right."""


def contradictions(dimensions: Dimensions, doubtful: AbstractSet[str]) -> Iterator[Problem]:
    """Say which hyperparameters can never be active, and which draws no trial could have.

    Nothing is said of those that are doubtful, or that hang on them.
    """
    certain = {
        name: dimension
        for name, dimension in dimensions.items()
        if name not in doubtful and doubtful.isdisjoint(_ancestors(dimensions, name))
    }
    for name, dimension in certain.items():
        if dimension.conditions and (excluding := _conflict(certain, name)):
            told = " and ".join(dict.fromkeys(map(str, excluding)))
            yield Problem(f"{name}.when", f"must be possible with its parents' conditions: {told}")
    for pair in FORBIDDEN:
        if _can_clash(certain, pair):
            when = f'when: {{{pair.other}: "!= {pair.other_value}"}}'
            text = (
                f"must be {pair.value}, or inactive ({when}), where {pair.other} is "
                f"{pair.other_value}, got {certain[pair.name].distribution}"
            )
            yield Problem(pair.name, text)


def _can_clash(dimensions: Dimensions, pair: Forbidden) -> bool:
    # One that the space leaves out has its default, and no default clashes.
    if pair.name not in dimensions or pair.other not in dimensions:
        return False
    is_other = Condition(pair.other, "in", (pair.other_value,))
    is_ill = Condition(pair.name, "!=", (pair.value,))
    return not _conflict(dimensions, pair.name, pair.other, demands=(is_other, is_ill))


def _conflict(
    dimensions: Dimensions, *names: str, demands: tuple[Condition, ...] = ()
) -> tuple[Condition, ...]:
    """Give conditions that no value meets, if the names can never be active together, else ().

    All conditions on all ancestors are joined by "and", so they can be met together where each
    ancestor for itself has a value that meets those on it.
    """
    needed = list(demands)
    ancestors = (ancestor for name in names for ancestor in _ancestors(dimensions, name))
    for involved in dict.fromkeys((*names, *ancestors)):
        needed += dimensions[involved].conditions
    for parent in dict.fromkeys(condition.parent for condition in needed):
        on_parent = tuple(c for c in needed if c.parent == parent)
        values = _telling_values(dimensions[parent].distribution, on_parent)
        if not any(all(c.holds(value) for c in on_parent) for value in values):
            return on_parent
    return ()


def _ancestors(dimensions: Dimensions, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        dimension = dimensions.get(waiting.pop())
        parents = [c.parent for c in dimension.conditions] if dimension else []
        waiting += [parent for parent in parents if parent not in found]
        found.update(dict.fromkeys(parents))
    return tuple(found)


def _telling_values(distribution: Distribution, on: tuple[Condition, ...]) -> tuple[Value, ...]:
    """Give values of which one meets the conditions if any value does."""
    match distribution:
        case Fixed(value):
            return (value,)
        case Categorical(choices):
            return choices
    named = [operand for condition in on for operand in condition.operands if is_number(operand)]
    ends = (distribution.low, distribution.high)
    if distribution.step is None:
        inside = sorted({*ends, *(v for v in named if ends[0] <= v <= ends[1])})
        return (*inside, *((low + high) / 2 for low, high in pairwise(inside)))
    return _steps_around(distribution, (*named, *ends))


def _steps_around(numbers: Float | Int, values: tuple[float, ...]) -> tuple[Value, ...]:
    """Give the values of a range with steps next to the given ones, on both sides."""
    step = numbers.step or 1
    last = round((numbers.high - numbers.low) / step)
    around = {round((value - numbers.low) / step) + i for value in values for i in (-1, 0, 1)}
    return tuple(numbers.low + step * i for i in sorted(around) if 0 <= i <= last)
