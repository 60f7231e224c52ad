"""Turn the fields of a label column into label sets.

Owns the forms a label set takes in a file (a list, a list written as text, labels joined by a
separator, a single value), how a separator is recognised, and which of two classes is the positive
one. Knows no texts and no column names.
"""

import ast
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import DataError

SEPARATORS = (",", "|", ";", "/")
"""Tried in this order; labels are stripped, so ", " is "," here."""
POSITIVE_VALUES = frozenset({"1", "1.0", "true", "yes", "pos", "positive", "good"})
"""Values that make a class the positive one of two, compared without case."""

_MAX_LABELS = 200
_MIN_TEXTS_A_LABEL = 3

LabelSet = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelSets:
    """The label sets of a column, row by row."""

    rows: tuple[LabelSet, ...]
    """Stripped, none empty, each label once and in the order of the field; () where missing."""
    form: str
    """What was found, in words: "lists", "separated by ','", "one a row"."""
    separator: str | None = None
    """What the fields were divided at; None for lists and where nothing divides them."""


def parse_labels(column: pd.Series, separator: str | None = None) -> LabelSets:
    """Read every field of the column as a label set.

    Args:
        column: strings, numbers, truth values, lists, or lists written as text.
        separator: splits each string; None infers one from the strings.

    Raises:
        DataError: two separators are possible, or one is given for a column of lists.
    """
    cells, found = [_plain(cell) for cell in column], None
    distinct = {cell for cell in cells if isinstance(cell, str) and cell}
    is_written = bool(distinct) and all(map(_is_bracketed, distinct))
    if is_written or any(isinstance(cell, tuple) for cell in cells):
        if separator is not None:
            message = f"expected strings to separate by {separator!r}, found lists"
            hint = "Leave off `label_separator`."
            raise DataError(message, hint, parameter="label_separator")
        parsed = {cell: _parse_written_list(cell) for cell in distinct}
        form = "lists"
    else:
        found = infer_separator(distinct) if separator is None else separator
        parsed = {cell: _clean(cell.split(found) if found else [cell]) for cell in distinct}
        form = _describe_form(found, distinct)
    rows = tuple(parsed.get(cell, ()) if isinstance(cell, str) else cell for cell in cells)
    return LabelSets(rows=rows, form=form, separator=found)


def infer_separator(cells: Iterable[str]) -> str | None:
    """Find what separates the labels in these different cells; None where nothing does.

    A separator is real if at least half of the pieces it makes stand in another field too:
    "Sci-Fi/Fantasy" beside "Drama" holds none, "Action/Drama" beside "Action" does.

    Raises:
        DataError: a second separator is real among the pieces of the first.
    """
    distinct = set(cells)
    real = [sep for sep in SEPARATORS if _is_real(sep, distinct)]
    if not real:
        return None
    best = max(real, key=lambda sep: sum(sep in cell for cell in distinct))
    pieces = {piece for cell in distinct for piece in _clean(cell.split(best))}
    rivals = [sep for sep in SEPARATORS if sep != best and _is_real(sep, pieces)]
    if rivals:
        example = next(cell for cell in sorted(distinct) if rivals[0] in cell)
        raise DataError(
            f"expected one label separator, found {best!r} and {rivals[0]!r}, as in {example!r}",
            f"Choose one, for example: `label_separator` {best!r}",
        )
    return best


def order_labels(rows: Iterable[LabelSet]) -> LabelSet:
    """Order the labels by the number of rows they stand in, most first; ties alphabetically."""
    counts = Counter(label for row in rows for label in row)
    return tuple(sorted(counts, key=lambda label: (-counts[label], label)))


def choose_positive(first: str, second: str) -> tuple[str, str]:
    """Order two classes as (positive, negative): by POSITIVE_VALUES, else the later one first."""
    known = [name for name in (first, second) if name.casefold() in POSITIVE_VALUES]
    positive = known[0] if len(known) == 1 else max(first, second)
    return positive, second if positive == first else first


def is_label_like(column: pd.Series) -> bool:
    """Whether the column could hold labels: few different ones, each on several rows."""
    try:
        rows = [row for row in parse_labels(column).rows if row]
    except DataError:
        return True
    n_labels = len({label for row in rows for label in row})
    return 2 <= n_labels <= _MAX_LABELS and n_labels * _MIN_TEXTS_A_LABEL <= len(rows)


def _plain(cell: object) -> str | LabelSet:
    """Bring a cell to a stripped string or, for a list, to a label set; "" where missing."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
        entries = sorted(cell, key=str) if isinstance(cell, (set, frozenset)) else cell
        return _clean(str(_plain(entry)) for entry in entries)
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    if isinstance(cell, (float, np.floating)) and cell.is_integer():
        # Missing cells make whole numbers floats: 1.0 is the label "1".
        return str(int(cell))
    if isinstance(cell, dict):
        # TMDB's files hold genres as {"id": 28, "name": "Action"}.
        return str(cell.get("name", cell)).strip()
    # NaN is the one value that differs from itself.
    missing = cell is None or cell is pd.NA or cell is pd.NaT or cell != cell
    return "" if missing else str(cell)


def _clean(pieces: Iterable[str]) -> LabelSet:
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _is_real(separator: str, cells: set[str]) -> bool:
    split = [_clean(cell.split(separator)) for cell in cells]
    counts = Counter(piece for pieces in split for piece in pieces)
    divided = [piece for pieces in split if len(pieces) > 1 for piece in pieces]
    return bool(divided) and 2 * sum(counts[piece] > 1 for piece in divided) >= len(divided)


def _is_bracketed(cell: str) -> bool:
    return cell[0] == "[" and cell[-1] == "]"


def _parse_written_list(cell: str) -> LabelSet:
    """Read a list as JSON or Python prints it: "['Action', 'Drama']"; [Action, Drama] too.

    A string without brackets, which a column of lists may hold, is one label.
    """
    if not _is_bracketed(cell):
        return _clean([cell])
    for read in (json.loads, ast.literal_eval):
        # A list of one syntax is a plain error in the other.
        with suppress(ValueError, SyntaxError):
            return _clean(str(_plain(entry)) for entry in read(cell))
    return _clean(cell[1:-1].split(","))


def _describe_form(separator: str | None, cells: set[str]) -> str:
    if separator is None:
        return "one a row"
    if any(separator in cell for cell in cells):
        return f"separated by {separator!r}"
    return f"one a row: {separator!r} stands in none of the fields"
