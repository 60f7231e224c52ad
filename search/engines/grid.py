"""The points of a space as a numbered list, with every configuration once.

Owns the walk over a space's values along its conditions: an inactive hyperparameter adds no points.
Knows no Optuna and no study; nothing here lists all points, of which there may be 10^20.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

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
        point: Point = {}
        for place in range(len(self._space.order)):
            for branch in self._list_branches(place, point):
                n_below = self._count(place + 1, branch)
                if index < n_below:
                    break
                index -= n_below
            else:
                raise IndexError("there is no such point")
            point = branch
        return {name: value for name, value in point.items() if name in self._space.searched}

    def _list_branches(self, place: int, point: Point) -> Iterator[Point]:
        """Continue a point that has its values up to a place of the order in every way."""
        name = self._space.order[place]
        if self._space.hyperparameters[name].is_active(point):
            yield from ({**point, name: value} for value in self._values[name])
        else:
            yield point

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
            branches = self._list_branches(place, point)
            self._n_after[place, met] = sum(self._count(place + 1, each) for each in branches)
        return self._n_after[place, met]


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
