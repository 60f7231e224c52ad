"""Columns that say yes or no, each for one label.

Owns what counts as yes and no. Knows no file and no texts.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pandas as pd

from ...errors import DataError
from .written_lists import LabelSet, write_single

_VALUES = {
    **dict.fromkeys(("1", "1.0", "true", "yes"), True),
    **dict.fromkeys(("0", "0.0", "false", "no"), False),
}


def find_truth_columns(frame: pd.DataFrame, *, least: float = 1.0) -> list[tuple[str, ...]]:
    """Find groups of two columns or more that stand together and say yes or no.

    Args:
        frame: of any cells.
        least: share of the rows in which they say it.
    """
    groups = groupby(frame.columns, key=lambda name: _says_yes_or_no(list(frame[name]), least))
    found = [tuple(map(str, names)) for is_truth, names in groups if is_truth]
    return [names for names in found if len(names) > 1]


def read_truth_columns(frame: pd.DataFrame, names: Sequence[str]) -> list[LabelSet | None]:
    """Read the label set of each row; None where a cell is empty, so that nobody said.

    Raises:
        DataError: a cell holds something else than yes or no.
    """
    columns = [_read(frame[name], name) for name in names]
    rows = zip(*columns, strict=True)
    return [
        None
        if None in row
        else tuple(name for name, holds in zip(names, row, strict=True) if holds)
        for row in rows
    ]


def _read(column: pd.Series, name: str) -> list[bool | None]:
    meanings: dict[str, bool | None] = {
        cell: _VALUES.get(cell) for cell in set(map(_write, column))
    }
    strange = sorted(cell for cell, meaning in meanings.items() if cell and meaning is None)
    if strange:
        raise DataError(
            f"expected 0 or 1, true or false, yes or no in column {name!r}, found "
            f"{strange[0][:60]!r}",
            "Leave the column out of `label_columns`.",
            parameter="label_columns",
        )
    return [meanings[_write(cell)] for cell in column]


def _says_yes_or_no(column: Sequence[object], least: float) -> bool:
    # Most columns show in their first rows that they do not.
    n_others = 0
    for cell in column:
        n_others += _write(cell) not in _VALUES
        if n_others > (1.0 - least) * len(column):
            return False
    return True


def _write(cell: object) -> str:
    """Write a cell as text, "" where it is missing."""
    if isinstance(cell, list | tuple | dict | np.ndarray):
        return "a list"
    return write_single(cell).casefold()
