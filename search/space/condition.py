"""When a hyperparameter is active: a comparison with the value of another one, its parent.

Owns how a condition is written, which values meet it, and whether any value can. Knows no space;
dimension.py checks that the parents exist and that conditions form no cycle.
"""

import operator
import re
from dataclasses import dataclass
from math import isfinite
from typing import Literal, Self, cast

from .distribution import Distribution, list_extremes
from .document import parse_scalar
from .value import Value, are_equal, describe, is_number, to_text

Operator = Literal["in", "!=", ">=", "<=", ">", "<"]

_ORDERS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_WRITTEN = re.compile(r"(!=|>=|<=|>|<)\s*(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of the value of another hyperparameter of the same space."""

    parent: str
    """Name of the other hyperparameter."""
    operator: Operator
    """`in`: the parent's value is one of the operands; else it is the left side of the test."""
    operands: tuple[Value, ...]
    """One value, which is a number for `>=` and the like; for `in` one or more."""

    @classmethod
    def parse(cls, parent: str, written: object) -> Self:
        """Make a condition as a space file writes it: `2`, `[lstm, gru]`, `">= 2"`, `"!= none"`.

        The condition may make no sense; `find_problem` says so.
        """
        if isinstance(written, str) and (match := _WRITTEN.fullmatch(written)):
            return cls(
                parent, cast(Operator, match[1]), (cast(Value, parse_scalar(match[2].strip())),)
            )
        operands = tuple(written) if isinstance(written, list) else (written,)
        return cls(parent, "in", cast(tuple[Value, ...], operands))

    @property
    def written(self) -> Value | list[Value]:
        """The condition as a space file writes it; `Condition.parse` reads it back."""
        if self.operator != "in":
            operand = self.operands[0]
            # to_text rounds a float to six digits.
            exact = repr(operand) if isinstance(operand, float) else to_text(operand)
            return f"{self.operator} {exact}"
        return self.operands[0] if len(self.operands) == 1 else list(self.operands)

    def holds(self, value: Value) -> bool:
        """Say whether an active parent with this value meets the condition."""
        operand = self.operands[0]
        if self.operator == "in":
            return any(are_equal(value, operand) for operand in self.operands)
        if self.operator == "!=":
            return not are_equal(value, operand)
        comparable = is_number(value) and is_number(operand)
        return comparable and bool(_ORDERS[self.operator](value, operand))

    def find_problem(self, parent: Distribution) -> str:
        """Say why the condition makes no sense for its parent's values, or "" if it makes sense."""
        wrong = [operand for operand in self.operands if not isinstance(operand, Value)]
        if wrong or not self.operands:
            found = describe(wrong[0]) if wrong else "an empty list"
            return f"must be a value or a list of values, got {found}"
        if any(isinstance(operand, float) and not isfinite(operand) for operand in self.operands):
            return f"must compare with finite numbers, got {self.written}"
        if self.operator not in _ORDERS:
            texts = (parent.find_problem(operand) for operand in self.operands)
            return next(filter(None, texts), "")
        if not is_number(self.operands[0]):
            return f"must compare ({self.operator}) with a number, got {to_text(self.operands[0])}"
        if any(map(self.holds, list_extremes(parent))):
            return ""
        return f"must be possible for {self.parent} ({parent}), got {self.written}"

    def __str__(self) -> str:
        if self.operator == "in":
            return f"{self.parent} is {' or '.join(map(to_text, self.operands))}"
        return f"{self.parent} {self.operator} {to_text(self.operands[0])}"
