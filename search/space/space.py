"""A search space: which hyperparameters a study varies, over what, when, and from which starts.

Owns the checks that tie its parts together, the drawing of a point, and the hash by which two
spaces are the same search. Knows no file and no sampler.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .contradiction import contradictions
from .dimension import Dimension, condition_problems, dimension_problems, parents_first
from .distribution import Categorical, Fixed, Float, Int, Searched, described
from .hyperparameters import CATALOGUE, DEFAULTS, Value
from .point import active_names, fixed_values, point_problems, reduced
from .problem import Findings, Problem

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Start:
    """A point known to be good, which a study tries before it searches."""

    name: str
    """How trials and tables call it: letters, digits, `-` and `_`."""
    values: Mapping[str, Value]
    """Every active searched hyperparameter; fixed ones may be left out."""


@dataclass(frozen=True, slots=True)
class Space:
    """Every configuration that a study may try."""

    name: str
    """Letters, digits, `-` and `_`; part of a study's name."""
    description: str
    """For a reader; may be empty."""
    hyperparameters: Mapping[str, Dimension]
    """By name, in the order of the file; one that is missing keeps the catalogue's default."""
    starts: tuple[Start, ...] = ()
    """In the order in which a study tries them; names differ."""
    order: tuple[str, ...] = field(init=False)
    """All names as `suggest` walks them: parents first, else in the catalogue's order."""
    hash: str = field(init=False)
    """SHA-256, hexadecimal, of hyperparameters, conditions and the values of the starts.

    Names, description and the order of hyperparameters do not enter it.
    """

    def __post_init__(self) -> None:
        """Check every part against the catalogue and against the others.

        Raises:
            Refused: with all problems, each with its key path in a space file.
        """
        order, circles = parents_first(self.hyperparameters)
        object.__setattr__(self, "order", order)
        found = Findings(_text_problems(self))
        found.extend("hyperparameters", dimension_problems(self.hyperparameters))
        for circle in circles:
            text = f"must not close a circle, got {' -> '.join(circle)}"
            found.add(f"hyperparameters.{circle[0]}.when", text)
        # Whether these are active cannot be said, so starts are not blamed for it.
        doubtful = {name for circle in circles for name in circle} | {
            name
            for name, dimension in self.hyperparameters.items()
            if name not in CATALOGUE or any(condition_problems(dimension, self.hyperparameters))
        }
        found.extend("hyperparameters", contradictions(self.hyperparameters, doubtful))
        for i, start in enumerate(self.starts):
            if isinstance(start.values, Mapping):
                problems = point_problems(self.hyperparameters, order, start.values, doubtful)
                found.extend(f"starts[{i}].values", problems)
        found.refuse_if_any()
        object.__setattr__(self, "hash", _hash(self))

    @property
    def searched(self) -> tuple[str, ...]:
        """Names of the hyperparameters that are not fixed, in the order of the file."""
        dimensions = self.hyperparameters.items()
        return tuple(name for name, d in dimensions if not isinstance(d.distribution, Fixed))

    @property
    def fixed(self) -> dict[str, Value]:
        """The fixed values by name, in the order of the file."""
        return fixed_values(self.hyperparameters)

    @property
    def conditional(self) -> tuple[str, ...]:
        """Names of the hyperparameters that have a condition, in the order of the file."""
        return tuple(name for name, d in self.hyperparameters.items() if d.conditions)

    @property
    def left_at_default(self) -> tuple[str, ...]:
        """Names that the space does not mention, in the catalogue's order."""
        return tuple(name for name in CATALOGUE if name not in self.hyperparameters)

    def highest(self, name: str) -> float:
        """Give the largest value that a numeric hyperparameter can have in this space."""
        if name not in self.hyperparameters:
            return float(DEFAULTS[name])
        match self.hyperparameters[name].distribution:
            case Float(high=high) | Int(high=high):
                return float(high)
            case Categorical(choices=choices):
                return max(map(float, choices))
            case Fixed(value=value):
                return float(value)

    def suggest(self, suggest: Callable[[str, Searched], Value]) -> dict[str, Value]:
        """Draw one point: ask `suggest` for each active searched hyperparameter, parents first.

        Returns the active hyperparameters, fixed ones included. The order of asking depends on
        nothing that the hash leaves out, so that one seed draws the same from equal spaces.
        """
        point: dict[str, Value] = {}
        for name in self.order:
            dimension = self.hyperparameters[name]
            if dimension.is_active(point):
                match dimension.distribution:
                    case Fixed(value):
                        point[name] = value
                    case searched:
                        point[name] = suggest(name, searched)
        return point

    def active(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Name the active hyperparameters at a point, in the order of `suggest`.

        A fixed one that is missing from the point has its fixed value; any other that is missing
        meets no condition.
        """
        return active_names(self.hyperparameters, self.order, values)

    def point_of(self, values: Mapping[str, Value]) -> dict[str, Value] | None:
        """Give the searched part of a complete configuration, or None where it lies outside.

        It lies inside where every value is one that the space can draw, and what is inactive or
        not in the space has the catalogue's default.
        """
        point = reduced(self.hyperparameters, values)
        return None if self.problems_of(point) else point

    def problems_of(self, values: Mapping[str, Value]) -> list[Problem]:
        """Say what is wrong with a point: unknown, missing, inactive and outside values.

        Fixed values may be left out. Where a parent is missing or outside, whether its children
        are active is not judged.
        """
        return point_problems(self.hyperparameters, self.order, values)


def _text_problems(space: Space) -> list[Problem]:
    found = Findings()
    found.add("name", _name_problem(space.name))
    if not isinstance(space.description, str):
        found.add("description", f"must be text, got {described(space.description)}")
    if not space.hyperparameters:
        found.add("hyperparameters", "must have at least one, got none")
    names = [start.name for start in space.starts]
    for i, name in enumerate(names):
        repeated = f"must differ from other starts, got {name} again" if name in names[:i] else ""
        found.add(f"starts[{i}].name", _name_problem(name) or repeated)
        values = space.starts[i].values
        if not isinstance(values, Mapping):
            text = f"must be a mapping from hyperparameters to values, got {described(values)}"
            found.add(f"starts[{i}].values", text)
    return found.problems


def _name_problem(name: object) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return ""
    kind = "" if isinstance(name, str) and name else "text: "
    found = described(name) if name != "" else "nothing"
    return f"must be {kind}letters, digits, - and _, got {found}"


def _hash(space: Space) -> str:
    hyperparameters = {
        name: {
            "type": type(dimension.distribution).__name__,
            **{key: _canonical(part) for key, part in asdict(dimension.distribution).items()},
            "when": sorted(
                # The order of the operands means nothing.
                [c.parent, c.comparison, sorted(json.dumps(_canonical(o)) for o in c.operands)]
                for c in dimension.conditions
            ),
        }
        for name, dimension in space.hyperparameters.items()
    }
    starts = [
        {name: _canonical(value) for name, value in start.values.items() if name in space.searched}
        for start in space.starts
    ]
    content = {"hyperparameters": hyperparameters, "starts": starts}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(part: Any) -> Any:
    """Write a whole float as an int: 1 and 1.0 are one value of a file."""
    if isinstance(part, tuple):
        return [_canonical(entry) for entry in part]
    return int(part) if isinstance(part, float) and part.is_integer() else part
