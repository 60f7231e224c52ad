"""Lists and objects as cells hold them: of a file that has such, or written as text.

Owns what is a list of labels and which entry of an object names it. A cell in brackets that is
neither JSON nor Python is no list: what it means would be a guess.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from sys import intern
from typing import Any

import numpy as np
import pandas as pd

from ...errors import DataError
from .json_records import MOST_NESTED, measure_depth

LabelSet = tuple[str, ...]
"""The labels of a row: stripped, none empty, each once."""

NAME_KEYS = ("name", "label", "title", "genre", "category", "tag", "value")
"""Keys of an object under which its name is looked for, in this order, compared without case."""
_NO_COMMA = re.compile(r"""(['"])\s+(?=['"])""")
_TAG = re.compile(r"<([^<>]+)>")
_TAGS = re.compile(r"(?:<[^<>]+>)+")
"""Tags as Stack Overflow's data have them."""
_SHOWN = 80


def is_bracketed(cell: str) -> bool:
    """Whether a cell looks like a list or an object, whatever stands inside."""
    return cell[:1] + cell[-1:] in ("[]", "{}")


def parse_written_list(cell: str) -> LabelSet | None:
    """Read a list or an object as JSON or Python writes it, or tags such as "<c#><sql>".

    Returns:
        None where the cell is no such list.

    Raises:
        DataError: an object without a name, or lists nested too deep.
    """
    if _TAGS.fullmatch(cell):
        return clean(_TAG.findall(cell))
    if not is_bracketed(cell) and cell[:1] + cell[-1:] != "()":
        return None
    with suppress(ValueError, RecursionError):
        return parse_list(json.loads(cell))
    if sum(map(cell.count, "[{(")) > MOST_NESTED and _measure_brackets(cell) > MOST_NESTED:
        raise _too_deep(cell)
    # Python 3.11 raises the last three for cells such as {{}} and thousands of signs.
    errors = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)
    with suppress(*errors), warnings.catch_warnings():
        # Python warns of a backslash that means nothing.
        warnings.simplefilter("ignore")
        # NumPy writes ['Action' 'Drama'], which Python reads as one word.
        return parse_list(ast.literal_eval(_NO_COMMA.sub(r"\1, ", cell)))
    return None


def parse_list(value: object) -> LabelSet | None:
    """Read a list, or an object, as a label set; None where it is neither or holds another list.

    Raises:
        DataError: an object without a name, or lists nested too deep.
    """
    if isinstance(value, Mapping):
        return clean([_find_name(value)]) if value else ()
    if not isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return None
    if measure_depth(value) > MOST_NESTED:
        raise _too_deep(value)
    entries = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
    if any(isinstance(entry, list | tuple | set | np.ndarray) for entry in entries):
        return None
    return clean(
        _find_name(entry) if isinstance(entry, Mapping) else write_single(entry)
        for entry in entries
    )


def write_single(value: Any) -> str:
    """Write a single value as the name of a label, stripped; "" where it is missing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating) and value.is_integer():
        # Missing cells make whole numbers floats: 1.0 is the label "1".
        return str(int(value))
    # NaN is the one value that differs from itself.
    missing = value is None or value is pd.NA or value is pd.NaT or value != value
    return "" if missing else str(value)


def clean(names: Iterable[str]) -> LabelSet:
    """Strip names, drop the empty ones and repetitions."""
    # One string for all rows that have the label: a large file has millions of them.
    return tuple(dict.fromkeys(intern(stripped) for name in names if (stripped := name.strip())))


def _find_name(entry: Mapping[Any, Any]) -> str:
    by_key = {str(key).casefold(): value for key, value in entry.items()}
    for key in NAME_KEYS:
        if isinstance(value := by_key.get(key), str | int | float) and write_single(value):
            return write_single(value)
    raise DataError(
        f"expected objects with a name (one of the keys {', '.join(NAME_KEYS)}), found "
        f"{str(entry)[:_SHOWN]}",
        "Write the names of the labels themselves into the column.",
    )


def _measure_brackets(cell: str) -> int:
    depth = deepest = 0
    for sign in cell:
        depth += (sign in "[{(") - (sign in "]})")
        deepest = max(deepest, depth)
    return deepest


def _too_deep(value: object) -> DataError:
    return DataError(
        f"expected lists of labels, found lists more than {MOST_NESTED} deep: "
        f"{str(value)[:_SHOWN]}",
        "Write a list of names into each cell.",
    )
