"""One value of a hyperparameter: what it can be, how two are compared, and how it is written.

Knows no hyperparameter and no distribution.
"""

from typing import TypeGuard

Value = bool | int | float | str


def are_equal(one: object, other: object) -> bool:
    """Compare two values as a file does: 1 is 1.0, but true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_number(value: object, integer: bool = False) -> TypeGuard[int | float]:
    """Say whether a value is a number, or an integer; true and false are not numbers."""
    fitting = isinstance(value, int if integer else int | float)
    return fitting and not isinstance(value, bool)


def to_text(value: object) -> str:
    """Write a value as in a YAML file: true, 0.5, lstm."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def describe(value: object) -> str:
    """Write a value of a file for a message, without the entries of a list or mapping."""
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    return "nothing" if value is None else to_text(value) or '""'
