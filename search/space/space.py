"""A search space: which hyperparameters a study varies, over which values, when, and its starts.

Owns the checks between its parts, the drawing of a point, and the hash that says whether two
spaces are the same search. Knows no file and no sampler.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .contradiction import find_contradictions
from .dimension import (
    Dimension,
    find_condition_problems,
    find_dimension_problems,
    sort_parents_first,
)
from .distribution import Fixed, Searched, list_extremes
from .hyperparameters import CATALOGUE, DEFAULTS
from .point import find_point_problems, list_active_names, list_fixed_values, reduce_point
from .problem import Problem, ProblemCollector
from .value import Value, describe

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Start:
    """A point known to be good; a study tries it before it searches."""

    name: str
    """Shown with trials and in tables: letters, digits, `-` and `_`."""
    values: Mapping[str, Value]
    """A value for every active searched hyperparameter; fixed ones may be left out."""


@dataclass(frozen=True, slots=True)
class Space:
    """Every configuration that a study may try."""

    name: str
    """Letters, digits, `-` and `_`; part of a study's name."""
    description: str
    """For a reader; may be empty."""
    hyperparameters: Mapping[str, Dimension]
    """By name, in the order of the file; missing ones keep the catalogue's defaults."""
    starts: tuple[Start, ...] = ()
    """In the order in which a study tries them; their names are unique."""
    order: tuple[str, ...] = field(init=False)
    """All names in the order of `suggest`: parents first, otherwise as in the catalogue."""
    hash: str = field(init=False)
    """SHA-256, hexadecimal, of hyperparameters, conditions and the values of the starts.

    The names of the space and its starts, the description and the order of hyperparameters do not
    change it.
    """

    def __post_init__(self) -> None:
        """Check every part against the catalogue and against the others.

        Raises:
            ProblemsError: lists all problems, each with its key path in a space file.
        """
        order, cycles = sort_parents_first(self.hyperparameters)
        object.__setattr__(self, "order", order)
        collector = ProblemCollector(_find_text_problems(self))
        collector.extend("hyperparameters", find_dimension_problems(self.hyperparameters))
        for cycle in cycles:
            text = f"must not form a cycle, got {' -> '.join(cycle)}"
            collector.add(f"hyperparameters.{cycle[0]}.when", text)
        # Nobody can say whether these are active, so starts are not checked for it.
        doubtful = {name for cycle in cycles for name in cycle} | {
            name
            for name, dimension in self.hyperparameters.items()
            if name not in CATALOGUE
            or any(find_condition_problems(dimension, self.hyperparameters))
        }
        collector.extend("hyperparameters", find_contradictions(self.hyperparameters, doubtful))
        for i, start in enumerate(self.starts):
            if isinstance(start.values, Mapping):
                problems = find_point_problems(self.hyperparameters, order, start.values, doubtful)
                collector.extend(f"starts[{i}].values", problems)
        collector.raise_if_any()
        object.__setattr__(self, "hash", _compute_hash(self))

    @property
    def searched(self) -> tuple[str, ...]:
        """Names of the hyperparameters that are not fixed, in the order of the file."""
        dimensions = self.hyperparameters.items()
        return tuple(name for name, d in dimensions if not isinstance(d.distribution, Fixed))

    @property
    def fixed(self) -> dict[str, Value]:
        """The fixed values by name, in the order of the file."""
        return list_fixed_values(self.hyperparameters)

    @property
    def conditional(self) -> tuple[str, ...]:
        """Names of the hyperparameters that have a condition, in the order of the file."""
        return tuple(name for name, d in self.hyperparameters.items() if d.conditions)

    @property
    def left_at_default(self) -> tuple[str, ...]:
        """Names that the space does not mention, in the catalogue's order."""
        return tuple(name for name in CATALOGUE if name not in self.hyperparameters)

    def find_highest(self, name: str) -> float:
        """Find the largest value that a numeric hyperparameter can have in this space."""
        if name not in self.hyperparameters:
            return float(DEFAULTS[name])
        return max(map(float, list_extremes(self.hyperparameters[name].distribution)))

    def suggest(self, suggest: Callable[[str, Searched], Value]) -> dict[str, Value]:
        """Draw one point: ask `suggest` for each active searched hyperparameter, parents first.

        Returns the active hyperparameters, including the fixed ones. Spaces with the same hash ask
        in the same order, so the same seed draws the same points.
        """
        point: dict[str, Value] = {}
        for name in self.order:
            dimension = self.hyperparameters[name]
            if dimension.is_active(point):
                given = dimension.distribution
                point[name] = given.value if isinstance(given, Fixed) else suggest(name, given)
        return point

    def list_active(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """List the active hyperparameters at a point, in the order of `suggest`.

        A fixed hyperparameter that the point lacks has its fixed value. Any other that it lacks
        meets no condition.
        """
        return list_active_names(self.hyperparameters, self.order, values)

    def find_point(self, values: Mapping[str, Value]) -> dict[str, Value] | None:
        """Find the searched part of a complete configuration, or None if it is outside the space.

        It is inside if the space can draw every value, and if hyperparameters that are inactive or
        not in the space have the catalogue's defaults.
        """
        point = reduce_point(self.hyperparameters, values)
        return None if self.find_problems(point) else point

    def find_problems(self, values: Mapping[str, Value]) -> list[Problem]:
        """List what is wrong with a point: unknown, missing, inactive and out-of-range values.

        Fixed values may be left out. Children of a parent that is missing or out of range are not
        reported as missing or inactive.
        """
        return find_point_problems(self.hyperparameters, self.order, values)


def _find_text_problems(space: Space) -> list[Problem]:
    collector = ProblemCollector()
    collector.add("name", _find_name_problem(space.name))
    if not isinstance(space.description, str):
        collector.add("description", f"must be text, got {describe(space.description)}")
    if not space.hyperparameters:
        collector.add("hyperparameters", "must have at least one, got none")
    names = [start.name for start in space.starts]
    for i, name in enumerate(names):
        repeated = f"must differ from other starts, got {name} again" if name in names[:i] else ""
        collector.add(f"starts[{i}].name", _find_name_problem(name) or repeated)
        values = space.starts[i].values
        if not isinstance(values, Mapping):
            text = f"must be a mapping from hyperparameters to values, got {describe(values)}"
            collector.add(f"starts[{i}].values", text)
    return collector.problems


def _find_name_problem(name: object) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return ""
    kind = "" if isinstance(name, str) and name else "text: "
    got = describe(name) if name != "" else "nothing"
    return f"must be {kind}letters, digits, - and _, got {got}"


def _compute_hash(space: Space) -> str:
    hyperparameters = {
        name: {
            "type": type(dimension.distribution).__name__,
            **{key: _normalize(part) for key, part in asdict(dimension.distribution).items()},
            "when": sorted(
                # The order of the operands has no meaning.
                [c.parent, c.operator, sorted(json.dumps(_normalize(o)) for o in c.operands)]
                for c in dimension.conditions
            ),
        }
        for name, dimension in space.hyperparameters.items()
    }
    starts = [
        {name: _normalize(value) for name, value in start.values.items() if name in space.searched}
        for start in space.starts
    ]
    content = {"hyperparameters": hyperparameters, "starts": starts}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _normalize(part: Any) -> Any:
    """Turn 1.0 into 1: in a file they are the same value."""
    if isinstance(part, tuple):
        return [_normalize(entry) for entry in part]
    return int(part) if isinstance(part, float) and part.is_integer() else part
