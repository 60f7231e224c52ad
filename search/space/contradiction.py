"""Contradictions in a space: conditions that exclude each other, and values that cannot meet.

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
class ForbiddenPair:
    """A value that a hyperparameter must have when another one has a certain value."""

    name: str
    value: Value
    """The only value that `name` may have then."""
    other: str
    other_value: Value


FORBIDDEN_PAIRS = (
    ForbiddenPair("class_weighting", "none", "training_loss", "distribution_balanced"),
)
"""What `Hyperparameters` refuses although each value alone is valid."""


def find_contradictions(dimensions: Dimensions, doubtful: AbstractSet[str]) -> Iterator[Problem]:
    """List the hyperparameters that can never be active, and the draws that are never valid.

    Doubtful hyperparameters and their descendants are left out.
    """
    certain = {
        name: dimension
        for name, dimension in dimensions.items()
        if name not in doubtful and doubtful.isdisjoint(_list_ancestors(dimensions, name))
    }
    for name, dimension in certain.items():
        if dimension.conditions and (excluding := _find_conflict(certain, name)):
            conditions = " and ".join(dict.fromkeys(map(str, excluding)))
            yield Problem(
                f"{name}.when", f"must be possible with its parents' conditions: {conditions}"
            )
    for pair in FORBIDDEN_PAIRS:
        if _can_clash(certain, pair):
            when = f'when: {{{pair.other}: "!= {pair.other_value}"}}'
            text = (
                f"must be {pair.value}, or inactive ({when}), when {pair.other} is "
                f"{pair.other_value}, got {certain[pair.name].distribution}"
            )
            yield Problem(pair.name, text)


def _can_clash(dimensions: Dimensions, pair: ForbiddenPair) -> bool:
    # A hyperparameter that the space leaves out has its default, and no default clashes.
    if pair.name not in dimensions or pair.other not in dimensions:
        return False
    is_other = Condition(pair.other, "in", (pair.other_value,))
    is_wrong = Condition(pair.name, "!=", (pair.value,))
    return not _find_conflict(dimensions, pair.name, pair.other, demands=(is_other, is_wrong))


def _find_conflict(
    dimensions: Dimensions, *names: str, demands: tuple[Condition, ...] = ()
) -> tuple[Condition, ...]:
    """Find conditions that no value meets; () if the names can be active together.

    All conditions on all ancestors must hold. They can hold together if each ancestor has a value
    that meets all conditions on it.
    """
    needed = list(demands)
    ancestors = (ancestor for name in names for ancestor in _list_ancestors(dimensions, name))
    for involved in dict.fromkeys((*names, *ancestors)):
        needed += dimensions[involved].conditions
    for parent in dict.fromkeys(condition.parent for condition in needed):
        on_parent = tuple(c for c in needed if c.parent == parent)
        values = _list_deciding_values(dimensions[parent].distribution, on_parent)
        if not any(all(c.holds(value) for c in on_parent) for value in values):
            return on_parent
    return ()


def _list_ancestors(dimensions: Dimensions, name: str) -> tuple[str, ...]:
    ancestors: dict[str, None] = {}
    waiting = [name]
    while waiting:
        dimension = dimensions.get(waiting.pop())
        parents = [c.parent for c in dimension.conditions] if dimension else []
        waiting += [parent for parent in parents if parent not in ancestors]
        ancestors.update(dict.fromkeys(parents))
    return tuple(ancestors)


def _list_deciding_values(
    distribution: Distribution, on: tuple[Condition, ...]
) -> tuple[Value, ...]:
    """List some values, one of which meets the conditions if any value of the range does."""
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
    return _list_steps_around(distribution, (*named, *ends))


def _list_steps_around(numbers: Float | Int, values: tuple[float, ...]) -> tuple[Value, ...]:
    """List the values of a range with steps that are next to the given ones, on both sides."""
    step = numbers.step or 1
    last = round((numbers.high - numbers.low) / step)
    around = {round((value - numbers.low) / step) + i for value in values for i in (-1, 0, 1)}
    return tuple(numbers.low + step * i for i in sorted(around) if 0 <= i <= last)
