"""Texts and labels in memory as a table of two columns.

Owns which types are accepted. What a label is, `label_sets.py` says, as it does for files.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ...errors import DataError
from .columns import Columns

LIST_COLUMNS = Columns(text="text", labels=("labels",))
"""The columns of the table, named so that they are detected in a file too."""

_HINT = "Give for each text a list of label names, or one label: a name, 0 or 1, True or False."
_LABEL_TYPES = (str, bool, int, float, np.bool_, np.integer, np.floating)
# What an entry is called, of which types it may be, and what to do about another one.
_ENTRIES: dict[str, tuple[str, tuple[type, ...], str]] = {
    "texts": ("strings", (str,), "Give every text as a string."),
    "labels": ("label names", _LABEL_TYPES, _HINT),
}


def tabulate(texts: Iterable[str], labels: Iterable[object]) -> pd.DataFrame:
    """Put texts beside their labels, dtype object.

    Args:
        texts: n strings; None stands for a missing one.
        labels: n label sets (list, tuple or set of names) or single labels; None for a missing one.

    Raises:
        DataError: they are of different number or of another type, or there are none.
    """
    rows = _list_entries(texts, "texts", "a list of texts", "Put the texts into a list.")
    label_sets = _list_entries(labels, "labels", "a list with one entry a text", _HINT)
    if len(rows) != len(label_sets):
        message = f"expected one entry for each of {len(rows):,} texts, found {len(label_sets):,}"
        raise DataError(message, _HINT, parameter="labels")
    if not rows:
        raise DataError("expected texts, found none", "Give 20 texts or more.", parameter="texts")
    for place, text in enumerate(rows):
        _check_entry(place, text, "texts")
    for place, label_set in enumerate(label_sets):
        is_set = isinstance(label_set, (list, tuple, set, frozenset))
        for label in label_set if is_set else [label_set]:
            _check_entry(place, label, "labels")
    return pd.DataFrame({"text": rows, "labels": label_sets}, dtype=object)


def _list_entries(values: Iterable[object], parameter: str, expected: str, hint: str) -> list[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        message = f"expected {expected}, found {type(values).__name__}"
        raise DataError(message, hint, parameter=parameter)
    return list(values)


def _check_entry(place: int, entry: object, parameter: str) -> None:
    """Check the type of an entry, and that a file can hold it; None stands for a missing one."""
    expected, types, hint = _ENTRIES[parameter]
    if not (entry is None or isinstance(entry, types)):
        found = f"{type(entry).__name__} {entry!r:.60}"
        message = f"expected {expected}, found {found} at position {place}"
        raise DataError(message, hint, parameter=parameter)
    try:
        str(entry).encode()
    except UnicodeEncodeError as error:
        # Half of a surrogate pair is no character.
        raise DataError(
            f"expected text that can be written as UTF-8, found half a character at position "
            f"{place}: {str(entry)[error.start]!r}",
            "Decode the text again from its bytes, with the right encoding.",
            parameter=parameter,
        ) from error
