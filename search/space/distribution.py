"""What values a search may try: a range of numbers, a choice, or one fixed value.

Owns the four distributions and their own rules. Knows no condition, no file, no hyperparameter
and no sampler: whoever draws values matches on the four types.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeGuard

from .hyperparameters import Value, shown
from .problem import Problem, Refused


@dataclass(frozen=True, slots=True)
class Float:
    """Real numbers from `low` to `high`, both included."""

    low: float
    """Smallest value; above 0 where `log` is true."""
    high: float
    """Largest value."""
    log: bool = False
    """Draw the logarithm evenly instead of the value."""
    step: float | None = None
    """Distance between neighbouring values, from `low` on; None for every value between."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            Refused: with every rule that is broken.
        """
        _refuse(_range_problems(self))

    def problem(self, value: object) -> str:
        """Say why `value` is outside, or "" if it is inside."""
        if not is_number(value):
            return f"must be a number, got {described(value)}"
        return _outside(self, value)

    def __str__(self) -> str:
        return _range_text(self)


@dataclass(frozen=True, slots=True)
class Int:
    """Whole numbers from `low` to `high`, both included."""

    low: int
    """Smallest value; above 0 where `log` is true."""
    high: int
    """Largest value."""
    log: bool = False
    """Draw the logarithm evenly instead of the value."""
    step: int = 1
    """Distance between neighbouring values, from `low` on."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            Refused: with every rule that is broken.
        """
        _refuse(_range_problems(self))

    def problem(self, value: object) -> str:
        """Say why `value` is outside, or "" if it is inside."""
        if not is_number(value, whole=True):
            return f"must be a whole number, got {described(value)}"
        return _outside(self, value)

    def __str__(self) -> str:
        return _range_text(self)


@dataclass(frozen=True, slots=True)
class Categorical:
    """One of several values that have no order for the search."""

    choices: tuple[Value, ...]
    """At least one, all different."""

    def __post_init__(self) -> None:
        """Check the choices.

        Raises:
            Refused: there is none, one is no value, or one repeats.
        """
        if not self.choices:
            raise Refused([Problem("choices", "must have at least one value, got none")])
        _refuse(
            Problem(f"choices[{i}]", f"must be a value, got {described(choice)}")
            if not isinstance(choice, Value)
            else Problem(f"choices[{i}]", f"must not repeat a choice, got {shown(choice)} again")
            for i, choice in enumerate(self.choices)
            if not isinstance(choice, Value)
            or any(same(choice, earlier) for earlier in self.choices[:i])
        )

    def problem(self, value: object) -> str:
        """Say why `value` is outside, or "" if it is inside."""
        if any(same(value, choice) for choice in self.choices):
            return ""
        return f"must be one of {self}, got {described(value)}"

    def __str__(self) -> str:
        return ", ".join(map(shown, self.choices))


@dataclass(frozen=True, slots=True)
class Fixed:
    """One value that no trial varies."""

    value: Value
    """What every trial has."""

    def __post_init__(self) -> None:
        """Check that it is a value at all.

        Raises:
            Refused: a list, a mapping or nothing.
        """
        if not isinstance(self.value, Value):
            raise Refused([Problem("", f"must be a value, got {described(self.value)}")])

    def problem(self, value: object) -> str:
        """Say why `value` is another one, or "" if it is this one."""
        if same(value, self.value):
            return ""
        return f"must be {self}, the fixed value, got {described(value)}"

    def __str__(self) -> str:
        return shown(self.value)


Searched = Float | Int | Categorical
Distribution = Searched | Fixed


def same(one: object, other: object) -> bool:
    """Compare two values as a file does: 1 is 1.0, but true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def described(value: object) -> str:
    """Write what was found, without the contents of a list or mapping."""
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    return "nothing" if value is None else shown(value) or '""'


def is_number(value: object, whole: bool = False) -> TypeGuard[int | float]:
    """Say whether a value is a number, or a whole one; true and false are none."""
    fitting = isinstance(value, int if whole else int | float)
    return fitting and not isinstance(value, bool)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise Refused(found)


def _range_problems(numbers: Float | Int) -> Iterator[Problem]:
    bounds = {"low": numbers.low, "high": numbers.high}
    if numbers.step is not None:
        bounds["step"] = numbers.step
    ill_typed = list(_type_problems(bounds, whole=isinstance(numbers, Int)))
    if not isinstance(numbers.log, bool):
        ill_typed.append(Problem("log", f"must be true or false, got {described(numbers.log)}"))
    if ill_typed:
        yield from ill_typed
        return
    if numbers.low > numbers.high:
        text = f"must be at most high ({shown(numbers.high)}), got {shown(numbers.low)}"
        yield Problem("low", text)
    if numbers.log and numbers.low <= 0:
        yield Problem("low", f"must be above 0 when log is true, got {shown(numbers.low)}")
    yield from _step_problems(numbers)


def _type_problems(bounds: dict[str, float], *, whole: bool) -> Iterator[Problem]:
    for path, bound in bounds.items():
        if not is_number(bound, whole):
            kind = "a whole number" if whole else "a number"
            yield Problem(path, f"must be {kind}, got {described(bound)}")
        elif not math.isfinite(bound):
            yield Problem(path, f"must be finite, got {shown(bound)}")


def _step_problems(numbers: Float | Int) -> Iterator[Problem]:
    step = numbers.step
    if step is None or (isinstance(numbers, Int) and step == 1):
        return
    if numbers.log:
        yield Problem("step", f"must be left out when log is true, got {shown(step)}")
    elif step <= 0:
        yield Problem("step", f"must be above 0, got {shown(step)}")
    # As the file writes them: in binary 0.1 does not divide 0.3. A Decimal would lose digits.
    elif (Fraction(str(numbers.high)) - Fraction(str(numbers.low))) % Fraction(str(step)):
        ends = f"low ({shown(numbers.low)}) to high ({shown(numbers.high)})"
        yield Problem("step", f"must divide the range from {ends}, got {shown(step)}")


def _outside(numbers: Float | Int, value: float) -> str:
    if not numbers.low <= value <= numbers.high:
        return f"must be from {shown(numbers.low)} to {shown(numbers.high)}, got {shown(value)}"
    if numbers.step is None:
        return ""
    steps = (value - numbers.low) / numbers.step
    # The tolerance of Optuna's FloatDistribution: 0.1 + 2 * 0.1 is not 0.3.
    if abs(steps - round(steps)) < 1e-8:
        return ""
    return f"must be {shown(numbers.low)} and steps of {shown(numbers.step)}, got {shown(value)}"


def _range_text(numbers: Float | Int) -> str:
    text = f"{shown(numbers.low)} to {shown(numbers.high)}"
    if numbers.log:
        return f"{text}, log"
    has_step = numbers.step is not None and not (isinstance(numbers, Int) and numbers.step == 1)
    return f"{text}, step {shown(numbers.step)}" if has_step else text
