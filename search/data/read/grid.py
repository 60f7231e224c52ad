"""Rows of cells before it is known whether the first one names the columns.

Owns the header: whether there is one, how columns without a name are called, and that a header
which is repeated further down is no row. Knows no file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ...errors import DataError
from .columns import KNOWN_NAMES, LABEL_NAMES, TEXT_NAMES, ColumnChoice, find_columns
from .label_sets import parse_labels

_NUMBERED = re.compile(r"column \d+")
_MOST_BLANKS = 4
"""Blanks and byte order marks around a repeated name, at most."""
_ROWS_BELOW = 6
"""Rows at the start that are looked at for a header."""
_SHORT_TEXTS = 0.05
"""A first text that is shorter than this share of the others is a name."""


@dataclass(slots=True)
class Grid:
    """Cells by column; the first of each may be the column's name."""

    columns: list[list[str]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    """Places, in every column, of rows that equal the first one."""

    @property
    def n_rows(self) -> int:
        """Rows, the first one included."""
        return len(self.columns[0]) if self.columns else 0

    def extend(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows, all of one width."""
        if not rows:
            return
        if not self.columns:
            self.columns = [[] for _ in rows[0]]
        first = _fold([column[0] for column in self.columns] if self.n_rows else rows[0])
        begin = self.n_rows
        # Few rows begin as the first one: only these are compared as a whole.
        alike = (i for i, row in enumerate(rows) if begin + i and _is_alike(row[0], first[0]))
        self.repeats += [begin + i for i in alike if _fold(rows[i]) == first]
        for column, cells in zip(self.columns, zip(*rows, strict=True), strict=True):
            column.extend(cells)


def _fold(row: Sequence[str]) -> list[str]:
    """Write the cells of a row so that a header equals its repetitions."""
    return [cell.strip("\ufeff ").casefold() for cell in row]


def _is_alike(cell: str, folded: str) -> bool:
    return len(cell) <= len(folded) + _MOST_BLANKS and _fold([cell]) == [folded]


def make_frame(grid: Grid, header: bool | None, choice: ColumnChoice) -> tuple[pd.DataFrame, str]:
    """Make a table of a grid, dtype object, and say in words where its columns are named.

    Args:
        grid: is emptied, so that a large file is not in memory twice.
        header: whether the first row names the columns; None decides by the content.
        choice: columns that a user named: they are in the header, if there is one.

    Raises:
        DataError: there is no row, or two columns have one name.
    """
    if grid.n_rows < 2 and header is not False:
        message = f"expected a header and rows, found {'one line' if grid.n_rows else 'no line'}"
        raise DataError(message, "The first line names the columns, each further one is a row.")
    names = [f"column {number}" for number in range(1, len(grid.columns) + 1)]
    if header is None:
        header = _has_header(grid, names, choice)
    found = "no header: the first row is a text like the others"
    if header:
        names = _name_columns([column[0] for column in grid.columns], names)
        dropped = {0, *grid.repeats}
        found = "header in the first row"
        if grid.repeats:
            times = "once" if len(grid.repeats) == 1 else f"{len(grid.repeats):,} times"
            found += f", repeated {times} further down and dropped there"
            for column in grid.columns:
                column[:] = [cell for place, cell in enumerate(column) if place not in dropped]
        else:
            for column in grid.columns:
                del column[0]
    cells = {}
    for name in reversed(names):
        cells[name] = pd.Series(grid.columns.pop(), dtype=object)
    return pd.DataFrame({name: cells[name] for name in names}), found


def _name_columns(header: list[str], numbered: list[str]) -> list[str]:
    """Name the nameless columns (pandas writes its index as one), refuse repeated names."""
    # A second byte order mark is a character.
    names = [name.strip("\ufeff \t\r\n") for name in header]
    names = [name or number for name, number in zip(names, numbered, strict=True)]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"line 1: expected different column names, found {repeated[0]!r} twice"
        hint = "Rename one of the two columns; if the first line is a row, say `header` no."
        raise DataError(message, hint)
    return names


def _has_header(grid: Grid, numbered: list[str], choice: ColumnChoice) -> bool:
    """Decide whether the first row names the columns.

    It is a row only where its labels are labels of other rows too, and its text is as long as
    theirs.
    """
    first = [column[0].strip() for column in grid.columns]
    if _has_usual_name(grid) or any(name in first for name in choice.names):
        return True
    _check_rows_below(grid)
    if any(_NUMBERED.fullmatch(name) for name in choice.names):
        return False
    repeats = {0, *grid.repeats}
    frame = pd.DataFrame(
        {
            name: [cell for place, cell in enumerate(column) if place not in repeats]
            for name, column in zip(numbered, grid.columns, strict=True)
        },
        dtype=object,
    )
    try:
        columns = find_columns(frame, ColumnChoice())
        (label,) = columns.labels
        labels = parse_labels(pd.concat([frame[label], pd.Series(_cell(grid, label))])).rows
    except (DataError, ValueError):
        return True
    others = {name for row in labels[:-1] for name in row or ()}
    n_words = [len(text.split()) for text in frame[columns.text]]
    n_words_first = len(_cell(grid, columns.text)[0].split())
    is_like_others = n_words_first >= np.quantile(n_words, _SHORT_TEXTS)
    return not (labels[-1] and others.issuperset(labels[-1]) and is_like_others)


def _has_usual_name(grid: Grid) -> bool:
    """Whether a cell of the first row is a usual name of a column, and no label of other rows."""
    for column in grid.columns:
        name = column[0].strip()
        further = (place for place, cell in enumerate(column) if cell == column[0] and place)
        if name.casefold() in KNOWN_NAMES and set(further) <= set(grid.repeats):
            return True
    return False


def _check_rows_below(grid: Grid) -> None:
    """Refuse a header that stands below other lines.

    Raises:
        DataError: a row near the start has a usual name of a text column and one of a label column.
    """
    for place in set(range(1, min(_ROWS_BELOW, grid.n_rows))).difference(grid.repeats):
        names = set(_fold([column[place] for column in grid.columns]))
        if names & set(TEXT_NAMES) and names & set(LABEL_NAMES):
            raise DataError(
                f"expected the names of columns in the first row, found them in row {place + 1}: "
                f"{', '.join(sorted(names))}",
                "Delete the lines above it; if it is no header, say `header` yes or no.",
            )


def _cell(grid: Grid, numbered: str) -> list[str]:
    """Give the first cell of a column by its number, as a list of one."""
    return grid.columns[int(numbered.removeprefix("column ")) - 1][:1]
