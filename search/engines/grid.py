"""The points of a space as a numbered list, with every configuration once.

Owns the walk over a space's values along its conditions: an inactive hyperparameter adds no points.
Knows no Optuna and no study; nothing here lists all points, of which there may be 10^20.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..space.condition import Condition
from ..space.distribution import Categorical, Distribution, Fixed, Float, Int
from ..space.hyperparameters import Value
from ..space.space import Space

Point = Mapping[str, Value]


class Grid:
    """The points of one space, numbered from 0."""

    def __init__(self, space: Space) -> None:
        """List the values of each hyperparameter.

        Raises:
            ValueError: a range is continuous; see `list_continuous`.
        """
        self._space = space
        self._values: dict[str, Sequence[Value]] = {}
        for name in space.order:
            values = list_values(space.hyperparameters[name].distribution)
            if values is None:
                raise ValueError(f"{name}: a grid needs a step")
            self._values[name] = values
        self._conditions: dict[str, list[Condition]] = {}
        for dimension in space.hyperparameters.values():
            for condition in dimension.conditions:
                self._conditions.setdefault(condition.parent, []).append(condition)
        self._n_after: dict[tuple[int, tuple[bool, ...]], int] = {}

    @property
    def n_points(self) -> int:
        """Number of points, at least 1."""
        return self._count(0, {})

    @property
    def n_values(self) -> dict[str, int]:
        """Number of values of each searched hyperparameter."""
        return {name: len(self._values[name]) for name in self._space.searched}

    def point_at(self, index: int) -> dict[str, Value]:
        """Give the active searched hyperparameters of a point.

        Args:
            index: from 0, below the number of points.
        """
        point: dict[str, Value] = {}
        for place, name in enumerate(self._space.order):
            if self._space.hyperparameters[name].is_active(point):
                index, point[name] = self._value_at(place, name, point, index)
        return {name: value for name, value in point.items() if name in self._space.searched}

    def _value_at(self, place: int, name: str, point: Point, index: int) -> tuple[int, Value]:
        values = self._values[name]
        if name not in self._conditions:
            n_below = self._count(place + 1, {**point, name: values[0]})
            return index % n_below, values[index // n_below]
        for value in values:
            n_below = self._count(place + 1, {**point, name: value})
            if index < n_below:
                return index, value
            index -= n_below
        raise IndexError("there is no such point")

    def _count(self, place: int, point: Point) -> int:
        """Count the ways to complete a point that has its values up to a place of the order."""
        if place == len(self._space.order):
            return 1
        # What follows depends only on which conditions the point meets.
        met = tuple(
            condition.parent in point and condition.holds(point[condition.parent])
            for name in self._space.order[place:]
            for condition in self._space.hyperparameters[name].conditions
        )
        if (place, met) not in self._n_after:
            self._n_after[place, met] = self._count_anew(place, point)
        return self._n_after[place, met]

    def _count_anew(self, place: int, point: Point) -> int:
        name = self._space.order[place]
        if not self._space.hyperparameters[name].is_active(point):
            return self._count(place + 1, point)
        alike: Counter[tuple[bool, ...]] = Counter()
        examples: dict[tuple[bool, ...], Value] = {}
        for value in self._values[name]:
            held = tuple(c.holds(value) for c in self._conditions.get(name, ()))
            alike[held] += 1
            examples[held] = value
        return sum(
            n * self._count(place + 1, {**point, name: examples[held]}) for held, n in alike.items()
        )


def list_continuous(space: Space) -> list[str]:
    """List the hyperparameters that have no grid: ranges of real numbers without a step."""
    dimensions = space.hyperparameters
    return [name for name in space.searched if list_values(dimensions[name].distribution) is None]


def list_values(distribution: Distribution) -> Sequence[Value] | None:
    """List the values of a distribution; None for a range of real numbers without a step."""
    match distribution:
        case Fixed(value):
            return (value,)
        case Categorical(choices):
            return choices
        case Int(low, high, _, step):
            return range(low, high + 1, step)
        case Float(low, high, _, None):
            return (low,) if low == high else None
        case Float(low, high, _, step):
            # As decimals: in binary 0.1 + 2 * 0.1 is not 0.3.
            first, apart = Decimal(str(low)), Decimal(str(step))
            n_steps = int((Decimal(str(high)) - first) / apart)
            return tuple(float(first + i * apart) for i in range(n_steps + 1))
