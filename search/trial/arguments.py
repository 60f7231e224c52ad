"""Checks of arguments that a programmer or a user gives, such as the range of a number."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from ..errors import StudyError
from ..space.problem import suggest_names


def check_whole(
    parameter: str, value: Any, *, least: int, example: int | None = None, is_optional: bool = False
) -> None:
    """Refuse everything but a whole number of at least `least`; an optional one may be None.

    Raises:
        StudyError: it is something else; the error names the parameter.
    """
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if value is None and is_optional:
        return
    if not (is_whole and value >= least):
        such = "" if example is None else f", such as {example}"
        expected = f"a whole number of {least} or more"
        raise _refusal(parameter, value, expected, f"Give another number{such}.")


def check_number(parameter: str, value: Any, expected: str, *, above: float = -math.inf) -> None:
    """Refuse everything but a finite number above a bound; None means no value and is accepted.

    Args:
        parameter: name of the parameter.
        value: to be checked.
        expected: what it should be, in words.
        above: the bound; the number must be greater.

    Raises:
        StudyError: it is something else; the error names the parameter.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (is_number and above < value < math.inf):
        raise _refusal(parameter, value, expected, "Give another number.")


def check_texts(**values: Any) -> None:
    """Refuse everything but strings; None means no value and is accepted.

    Raises:
        StudyError: one is something else; the error names the parameter.
    """
    for parameter, value in values.items():
        if value is not None and not isinstance(value, str):
            raise _refusal(parameter, value, "a string", "Give a string.")


def check_several(**lists: Any) -> None:
    """Refuse one string where several are expected: its letters would be taken for them.

    Raises:
        StudyError: one is a string; the error names the parameter.
    """
    for parameter, value in lists.items():
        if isinstance(value, str):
            raise StudyError(
                "expected a list of names, got one string", "Put it in a list.", parameter=parameter
            )


def check_switches(**values: Any) -> None:
    """Refuse everything but True and False.

    Raises:
        StudyError: one is something else; the error names the parameter.
    """
    for parameter, value in values.items():
        if not isinstance(value, bool):
            raise _refusal(parameter, value, "True or False", "Give one of them.")


def check_known(
    parameter: str, value: Any, known: Collection[str], *, n_expected: str = "one"
) -> None:
    """Refuse what is none of the known names; the hint suggests the nearest.

    Args:
        parameter: by which the value is given.
        value: to be checked.
        known: all names.
        n_expected: how many of them may be given, in words.

    Raises:
        StudyError: the error names the parameter.
    """
    if value not in known:
        raise StudyError(
            f"expected {n_expected} of {', '.join(known)}, got {value!r}",
            f"{suggest_names(str(value), known).capitalize()}.",
            parameter=parameter,
        )


def check_different(parameter: str, values: Sequence[Any], noun: str = "") -> None:
    """Refuse an empty list, and one with a value that appears more than once.

    Args:
        parameter: by which the values are given.
        values: to be checked.
        noun: what they are; empty where the parameter's name says it.

    Raises:
        StudyError: the error names the parameter.
    """
    if not values:
        raise StudyError("expected at least one, got none", parameter=parameter)
    ((value, count),) = Counter(values).most_common(1)
    if count > 1:
        times = "twice" if count == 2 else f"({count} times)"
        raise StudyError(
            f"expected different {noun or parameter}, got {value} {times}",
            "Leave it out the second time.",
            parameter=parameter,
        )


def _refusal(parameter: str, value: Any, expected: str, hint: str) -> StudyError:
    return StudyError(f"expected {expected}, got {value!r:.80}", hint, parameter=parameter)
