"""What values a search may try: a range of numbers, a choice, or one fixed value.

Owns the four distributions and their rules. Knows no condition, no file, no hyperparameter and no
sampler; code that draws values matches on the four types.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .problem import Problem, ProblemCollector, ProblemsError
from .value import Value, are_equal, describe, is_number, to_text


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
    """Distance between neighbouring values, counted from `low`; None allows every value."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            ProblemsError: lists every broken rule.
        """
        ProblemCollector(_find_range_problems(self)).raise_if_any()

    def find_problem(self, value: object) -> str:
        """Say why the distribution cannot give `value`, or "" if it can."""
        return _find_value_problem(self, value)

    def __str__(self) -> str:
        return _write_range(self)


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
    """Distance between neighbouring values, counted from `low`."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            ProblemsError: lists every broken rule.
        """
        ProblemCollector(_find_range_problems(self)).raise_if_any()

    def find_problem(self, value: object) -> str:
        """Say why the distribution cannot give `value`, or "" if it can."""
        return _find_value_problem(self, value)

    def __str__(self) -> str:
        return _write_range(self)


@dataclass(frozen=True, slots=True)
class Categorical:
    """One of several values that have no order for the search."""

    choices: tuple[Value, ...]
    """At least one, all different."""

    def __post_init__(self) -> None:
        """Check the choices.

        Raises:
            ProblemsError: there is no choice, one is not a value, or one is repeated.
        """
        collector = ProblemCollector()
        if not self.choices:
            collector.add("choices", "must have at least one value, got none")
        for i, choice in enumerate(self.choices):
            path = f"choices[{i}]"
            if not isinstance(choice, Value):
                collector.add(path, f"must be a value, got {describe(choice)}")
            elif any(are_equal(choice, earlier) for earlier in self.choices[:i]):
                collector.add(path, f"must not repeat a choice, got {to_text(choice)} again")
        collector.raise_if_any()

    def find_problem(self, value: object) -> str:
        """Say why the distribution cannot give `value`, or "" if it can."""
        if any(are_equal(value, choice) for choice in self.choices):
            return ""
        return f"must be one of {self}, got {describe(value)}"

    def __str__(self) -> str:
        return ", ".join(map(to_text, self.choices))


@dataclass(frozen=True, slots=True)
class Fixed:
    """One value for every trial."""

    value: Value
    """The value."""

    def __post_init__(self) -> None:
        """Check that it is a value.

        Raises:
            ProblemsError: it is a list, a mapping or nothing.
        """
        if not isinstance(self.value, Value):
            raise ProblemsError([Problem("", f"must be a value, got {describe(self.value)}")])

    def find_problem(self, value: object) -> str:
        """Say why `value` is wrong, or "" if it is the fixed value."""
        if are_equal(value, self.value):
            return ""
        return f"must be {self}, the fixed value, got {describe(value)}"

    def __str__(self) -> str:
        return to_text(self.value)


Searched = Float | Int | Categorical
Distribution = Searched | Fixed


def list_extremes(distribution: Distribution) -> tuple[Value, ...]:
    """List the ends of a range, lowest first, or all choices, or the fixed value."""
    match distribution:
        case Fixed(value):
            return (value,)
        case Categorical(choices):
            return choices
    return distribution.low, distribution.high


def _find_range_problems(numbers: Float | Int) -> Iterator[Problem]:
    bounds = {"low": numbers.low, "high": numbers.high}
    if numbers.step is not None:
        bounds["step"] = numbers.step
    wrong_types = list(_find_type_problems(bounds, integer=isinstance(numbers, Int)))
    if not isinstance(numbers.log, bool):
        wrong_types.append(Problem("log", f"must be true or false, got {describe(numbers.log)}"))
    if wrong_types:
        yield from wrong_types
        return
    if numbers.low > numbers.high:
        text = f"must be at most high ({to_text(numbers.high)}), got {to_text(numbers.low)}"
        yield Problem("low", text)
    if numbers.log and numbers.low <= 0:
        yield Problem("low", f"must be above 0 when log is true, got {to_text(numbers.low)}")
    yield from _find_step_problems(numbers)


def _find_type_problems(bounds: dict[str, float], *, integer: bool) -> Iterator[Problem]:
    for path, bound in bounds.items():
        if not is_number(bound, integer):
            kind = "a whole number" if integer else "a number"
            yield Problem(path, f"must be {kind}, got {describe(bound)}")
        elif not math.isfinite(bound):
            yield Problem(path, f"must be finite, got {to_text(bound)}")


def _find_step_problems(numbers: Float | Int) -> Iterator[Problem]:
    step = numbers.step
    if step is None or (isinstance(numbers, Int) and step == 1):
        return
    if numbers.log:
        yield Problem("step", f"must be left out when log is true, got {to_text(step)}")
    elif step <= 0:
        yield Problem("step", f"must be above 0, got {to_text(step)}")
    # Computed from the decimal text: in binary 0.1 does not divide 0.3. A Decimal loses digits.
    elif (Fraction(str(numbers.high)) - Fraction(str(numbers.low))) % Fraction(str(step)):
        ends = f"low ({to_text(numbers.low)}) to high ({to_text(numbers.high)})"
        yield Problem("step", f"must divide the range from {ends}, got {to_text(step)}")


def _find_value_problem(numbers: Float | Int, value: object) -> str:
    integer = isinstance(numbers, Int)
    if not is_number(value, integer):
        return f"must be {'a whole number' if integer else 'a number'}, got {describe(value)}"
    if not numbers.low <= value <= numbers.high:
        return (
            f"must be from {to_text(numbers.low)} to {to_text(numbers.high)}, got {to_text(value)}"
        )
    if numbers.step is None:
        return ""
    steps = (value - numbers.low) / numbers.step
    # The tolerance is that of Optuna's FloatDistribution: 0.1 + 2 * 0.1 is not 0.3.
    if abs(steps - round(steps)) < 1e-8:
        return ""
    return (
        f"must be {to_text(numbers.low)} and steps of {to_text(numbers.step)}, got {to_text(value)}"
    )


def _write_range(numbers: Float | Int) -> str:
    text = f"{to_text(numbers.low)} to {to_text(numbers.high)}"
    if numbers.log:
        return f"{text}, log"
    has_step = numbers.step is not None and not (isinstance(numbers, Int) and numbers.step == 1)
    return f"{text}, step {to_text(numbers.step)}" if has_step else text
