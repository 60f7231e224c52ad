"""When a hyperparameter is active: a comparison with the value of another one, its parent.

Owns how a condition is written, what it holds for, and whether it can hold at all. Knows no
space: that parents exist and that no circle is closed is checked beside it, in dimension.py.
"""

import operator
import re
from dataclasses import dataclass
from math import isfinite
from typing import Literal, Self, cast

from .distribution import Categorical, Distribution, Fixed, described, is_number, same
from .document import scalar
from .hyperparameters import Value, shown

Comparison = Literal["in", "!=", ">=", "<=", ">", "<"]

_ORDERS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_WRITTEN = re.compile(r"(!=|>=|<=|>|<)\s*(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """A claim about the value of another hyperparameter of the same space."""

    parent: str
    """Name of the other hyperparameter."""
    comparison: Comparison
    """`in`: the parent has one of the operands; else the parent's value stands on the left."""
    operands: tuple[Value, ...]
    """One value, a number where order is compared; for `in` at least one."""

    @classmethod
    def of(cls, parent: str, written: object) -> Self:
        """Make a condition as a space file writes it: `2`, `[lstm, gru]`, `">= 2"`, `"!= none"`.

        What makes no sense is told by `problem`.
        """
        if isinstance(written, str) and (match := _WRITTEN.fullmatch(written)):
            return cls(parent, cast(Comparison, match[1]), (cast(Value, scalar(match[2].strip())),))
        operands = tuple(written) if isinstance(written, list) else (written,)
        return cls(parent, "in", cast(tuple[Value, ...], operands))

    @property
    def written(self) -> Value | list[Value]:
        """The condition as a space file writes it; `Condition.of` reads it back."""
        if self.comparison != "in":
            operand = self.operands[0]
            # shown() rounds to six digits.
            exact = repr(operand) if isinstance(operand, float) else shown(operand)
            return f"{self.comparison} {exact}"
        return self.operands[0] if len(self.operands) == 1 else list(self.operands)

    def holds(self, value: Value) -> bool:
        """Say whether the condition is met when the parent is active with this value."""
        operand = self.operands[0]
        if self.comparison == "in":
            return any(same(value, operand) for operand in self.operands)
        if self.comparison == "!=":
            return not same(value, operand)
        comparable = is_number(value) and is_number(operand)
        return comparable and bool(_ORDERS[self.comparison](value, operand))

    def problem(self, parent: Distribution) -> str:
        """Say why the condition makes no sense for its parent's values, or "" if it does."""
        ill = [operand for operand in self.operands if not isinstance(operand, Value)]
        if ill or not self.operands:
            found = described(ill[0]) if ill else "an empty list"
            return f"must be a value or a list of values, got {found}"
        if any(isinstance(operand, float) and not isfinite(operand) for operand in self.operands):
            return f"must compare with finite numbers, got {self.written}"
        if self.comparison not in _ORDERS:
            texts = (parent.problem(operand) for operand in self.operands)
            return next(filter(None, texts), "")
        if not is_number(self.operands[0]):
            return f"must compare ({self.comparison}) with a number, got {shown(self.operands[0])}"
        if any(map(self.holds, _extremes(parent))):
            return ""
        return f"must be possible for {self.parent} ({parent}), got {self.written}"

    def __str__(self) -> str:
        if self.comparison == "in":
            return f"{self.parent} is {' or '.join(map(shown, self.operands))}"
        return f"{self.parent} {self.comparison} {shown(self.operands[0])}"


def _extremes(distribution: Distribution) -> tuple[Value, ...]:
    match distribution:
        case Fixed(value):
            return (value,)
        case Categorical(choices):
            return choices
    return distribution.low, distribution.high
