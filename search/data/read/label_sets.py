"""Turn the cells of a label column into label sets.

Owns the forms a label set takes in a file (a list, a list written as text, labels joined by a
separator, a single value), and which of two classes is the positive one. Knows no texts and no
column names.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ...errors import DataError
from .separators import describe_separator, infer_separator
from .written_lists import (
    LabelSet,
    clean,
    is_bracketed,
    parse_list,
    parse_written_list,
    write_single,
)

POSITIVE_VALUES = frozenset({"1", "1.0", "true", "yes", "pos", "positive", "good"})
"""Values that make a class the positive one of two, compared without case."""

LISTS = "lists"
_LEAST_LISTS = 0.95
"""Share of cells that must be lists for the column to hold lists."""
_MAX_LABELS = 200
_MIN_TEXTS_A_LABEL = 3
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class LabelSets:
    """The label sets of a column, row by row."""

    rows: tuple[LabelSet | None, ...]
    """Stripped, none empty, each label once and in the order of the cell; () without a label; None
    where the cell is unreadable."""
    form: str
    """What was found, in words: LISTS, "separated by ','", "one a row"."""
    separator: str | None = None
    """What the cells were divided at; None for lists and where nothing divides them."""
    n_unreadable: int = 0
    """Cells that hold something else than most."""
    unreadable: str = ""
    """The first of them."""
    n_cleaned: int = 0
    """Cells that held control characters or halves of characters, which were taken out."""


def parse_labels(
    column: pd.Series, separator: str | None = None, *, is_single: bool = False
) -> LabelSets:
    """Read every cell of the column as a label set, each for itself.

    Args:
        column: strings, numbers, truth values, lists, or lists written as text.
        separator: splits each string; None infers one from the strings.
        is_single: whether each text has one label, so that no separator is inferred.

    Raises:
        DataError: two separators are possible, one is given for a column of lists, or some cells
            are lists and others not.
    """
    raw = [_read_cell(cell) for cell in column]
    cells = [_take_out_controls(cell) for cell in raw]
    counts = Counter(cell for cell in cells if isinstance(cell, str) and cell)
    written = {cell: parse_written_list(cell) for cell in counts}
    names = [cell for cell, labels in written.items() if labels is None]
    holds_lists = _choose_form(counts, names, sum(isinstance(cell, tuple) for cell in cells))
    if not holds_lists:
        if separator is None and not is_single:
            separator = infer_separator(names)
        written = {cell: None for cell in written} | {n: _split(n, separator) for n in names}
    elif separator is not None:
        message = f"expected strings to separate by {separator!r}, found lists"
        raise DataError(message, "Leave off `label_separator`.", parameter="label_separator")
    parsed = {"": (), **written}
    rows = tuple(
        parsed[cell] if isinstance(cell, str) else cell if holds_lists else None for cell in cells
    )
    _check_names(rows, holds_lists=holds_lists)
    unreadable = [place for place, row in enumerate(rows) if row is None]
    return LabelSets(
        rows=rows,
        form=LISTS if holds_lists else _describe_form(separator, names),
        separator=separator,
        n_unreadable=len(unreadable),
        unreadable=str(column.iloc[unreadable[0]]) if unreadable else "",
        n_cleaned=sum(before != after for before, after in zip(raw, cells, strict=True)),
    )


def order_labels(rows: Iterable[LabelSet]) -> LabelSet:
    """Order the labels by the number of rows they stand in, most first; ties alphabetically."""
    counts = Counter(label for row in rows for label in row)
    return tuple(sorted(counts, key=lambda label: (-counts[label], label)))


def merge_case(rows: Iterable[LabelSet | None]) -> list[LabelSet | None]:
    """Write labels that differ only in case as the most frequent of them; ties alphabetically."""
    kept = list(rows)
    chosen: dict[str, str] = {}
    for name in order_labels(row for row in kept if row):
        chosen.setdefault(name.casefold(), name)
    return [row if row is None else clean(chosen[name.casefold()] for name in row) for row in kept]


def choose_positive(first: str, second: str) -> tuple[str, str]:
    """Order two classes as (positive, negative): by POSITIVE_VALUES, else the later one first."""
    known = [name for name in (first, second) if name.casefold() in POSITIVE_VALUES]
    positive = known[0] if len(known) == 1 else max(first, second)
    return positive, second if positive == first else first


def is_label_like(column: pd.Series, *, most: int = _MAX_LABELS) -> bool:
    """Whether the column could hold labels: `most` different ones, each on several rows."""
    try:
        rows = [row for row in parse_labels(column).rows if row]
    except DataError:
        return True
    n_labels = len({label for row in rows for label in row})
    return 2 <= n_labels <= most and n_labels * _MIN_TEXTS_A_LABEL <= len(rows)


def _read_cell(cell: object) -> str | LabelSet:
    """Bring a cell to a stripped string or, for a list, to a label set; "" where missing."""
    if isinstance(cell, str):
        names = parse_written_list(cell.strip()) if cell.lstrip()[:1] == "{" else None
        # An object written as text is one label, as an object is.
        return names[0] if names else cell.strip()
    names = parse_list(cell)
    if names is None:
        return write_single(cell) if not hasattr(cell, "__len__") else str(cell)
    # An object is one label, as a string is.
    return names[0] if isinstance(cell, dict) and names else names


def _take_out_controls(cell: str | LabelSet) -> str | LabelSet:
    """Write a blank for each run of control characters or halves of characters."""
    if isinstance(cell, tuple):
        if all(map(str.isprintable, cell)):
            return cell
        return clean(_CONTROLS.sub(" ", name) for name in cell)
    # A tab may separate labels.
    return cell if cell.isprintable() else _CONTROLS.sub(_keep_tab, cell).strip()


def _split(cell: str, separator: str | None) -> LabelSet:
    pieces = cell.split(separator) if separator else [cell]
    return clean(piece.replace("\t", " ") for piece in pieces)


def _check_names(rows: Iterable[LabelSet | None], *, holds_lists: bool) -> None:
    """Refuse lists of 0 and 1, which say by their places which labels a text has."""
    if holds_lists and {name for row in rows for name in row or ()} == {"0", "1"}:
        raise DataError(
            "expected names of labels in lists, found 0 and 1 alone",
            "Write the names of the labels that a text has, or one column for each label.",
        )


def _keep_tab(match: re.Match[str]) -> str:
    return "\t" if match.group() == "\t" else " "


def _choose_form(counts: Counter[str], names: list[str], n_lists: int) -> bool:
    """Decide whether the column holds lists: at least 95 % of the cells do, or at most 5 %.

    Args:
        counts: number of cells by their text.
        names: those of them that are no lists written as text.
        n_lists: number of cells that are lists and no text.

    Raises:
        DataError: neither; or most cells have brackets around what is no list.
    """
    n_filled = counts.total() + n_lists
    n_names = sum(counts[name] for name in names)
    bracketed = [name for name in names if is_bracketed(name)]
    if 2 * sum(counts[name] for name in bracketed) > n_filled:
        raise DataError(
            f"expected lists as JSON or Python write them, found {bracketed[0][:80]}",
            'Put the names in quotes, such as ["Action", "Drama"].',
        )
    if n_names <= (1 - _LEAST_LISTS) * n_filled:
        return n_filled > n_names
    if n_names < _LEAST_LISTS * n_filled:
        others = counts.keys() - set(names)
        a_list = repr(min(others)) if others else ""
        raise DataError(
            "expected lists in at least 95 % of the label cells or in at most 5 %, found "
            f"{n_filled - n_names:,} lists{f', such as {a_list[:60]},' * bool(a_list)} and "
            f"{n_names:,} other cells, such as {names[0][:60]!r}",
            "Write all of them in one form.",
        )
    return False


def _describe_form(separator: str | None, cells: Iterable[str]) -> str:
    if separator is None:
        return "one a row"
    if any(separator in cell for cell in cells):
        return f"separated by {describe_separator(separator)}"
    return f"one a row: {separator!r} stands in none of the cells"
