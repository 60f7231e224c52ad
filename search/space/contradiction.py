"""Contradictions in a space: conditions that exclude each other, and values that cannot meet.

Owns the question whether hyperparameters can be active together, and the pairs of values that the
catalogue forbids. Knows no file and no start.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int, list_extremes
from .problem import Problem
from .value import Value, is_number

Dimensions = Mapping[str, Dimension]

_FORBIDDEN = (
    Condition("training_loss", "in", ("distribution_balanced",)),
    Condition("class_weighting", "!=", ("none",)),
)
"""What `Hyperparameters` refuses together although each value alone is valid."""


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
    # A hyperparameter that the space leaves out has its default, and no default clashes.
    names = ("class_weighting", "training_loss")
    if certain.keys() >= set(names) and not _find_conflict(certain, *names, demands=_FORBIDDEN):
        text = (
            'must be none, or inactive (when: {training_loss: "!= distribution_balanced"}), when '
            f"training_loss is distribution_balanced, got {certain['class_weighting'].distribution}"
        )
        yield Problem("class_weighting", text)


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
    if isinstance(distribution, Fixed | Categorical):
        return list_extremes(distribution)
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
