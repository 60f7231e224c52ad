"""Detect which column holds the texts, which the labels and which a given split.

Owns the known column names and the rules that detect columns by their content; a doubt is an error
that lists the candidates, never a guess. Knows no file, and reads fields only to weigh a column.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import DataError
from .label_sets import is_label_like

TEXT_NAMES = ("description", "synopsis", "plot", "overview", "text", "review", "extract", "summary")
"""Usual names of a text column, compared without case."""
LABEL_NAMES = (
    *("genre", "genres", "listed_in", "label", "labels"),
    *("sentiment", "category", "categories", "tags"),
)
"""Usual names of a label column, compared without case."""
SPLIT_NAME = "split"
"""The column that says train, validation or test, compared without case."""
LONG_TEXT_WORDS = 8
"""Mean words from which a column of strings counts as texts by its content alone."""

_SAMPLE_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that make a corpus; all different."""

    text: str
    """Holds one text a row."""
    label: str
    """Holds the label set of the row, in whatever form."""
    split: str | None = None
    """Says on which side of the split the row stands; None where the table does not say."""


def find_columns(
    frame: pd.DataFrame, *, text_column: str | None = None, label_column: str | None = None
) -> Columns:
    """Find the columns of a corpus, or check the ones that are named.

    Raises:
        DataError: a named column does not exist or is named for both, or one that is not named
            cannot be detected with certainty.
    """
    for name, parameter in ((text_column, "text_column"), (label_column, "label_column")):
        if name is not None:
            _check_exists(frame, name, parameter)
    if text_column is not None and text_column == label_column:
        message = f"expected two columns, found {text_column!r} named for texts and labels"
        hint = "Give `text_column` and `label_column` different names."
        raise DataError(message, hint, parameter="label_column")
    text = text_column or _find(
        _others(frame, label_column), TEXT_NAMES, "text_column", _is_long_text
    )
    label = label_column or _find(_others(frame, text), LABEL_NAMES, "label_column", is_label_like)
    splits = [str(name) for name in _others(frame, text, label) if _plain(name) == SPLIT_NAME]
    return Columns(text=text, label=label, split=splits[0] if splits else None)


def _find(
    frame: pd.DataFrame,
    known_names: Sequence[str],
    parameter: str,
    fits: Callable[[pd.Series], bool],
) -> str:
    """Take the one column with a known name, or else the one whose content fits."""
    what = parameter.replace("_", " ")
    known = [str(name) for name in frame.columns if _plain(name) in known_names]
    if len(known) == 1:
        return known[0]
    by_content = [
        str(name)
        for name in (known or frame.columns)
        if _plain(name) != SPLIT_NAME and fits(_sample(frame[name]))
    ]
    if len(by_content) == 1:
        return by_content[0]
    candidates = by_content or known
    if candidates:
        listed = ", ".join(repr(name) for name in candidates)
        message = f"expected one {what}, found {len(candidates)} candidates: {listed}"
        raise DataError(message, f"Choose one, for example: `{parameter}` {_quote(candidates[0])}")
    listed = ", ".join(repr(str(name)) for name in frame.columns) or "no other column"
    raise DataError(
        f"expected a {what}, found none among: {listed}",
        f"Name it with `{parameter}`; usual names are {', '.join(known_names)}.",
    )


def _check_exists(frame: pd.DataFrame, name: str, parameter: str) -> None:
    columns = [str(column) for column in frame.columns]
    if name in columns:
        return
    by_plain = {_plain(column): column for column in columns}
    near = difflib.get_close_matches(_plain(name), by_plain, n=1)
    hint = f"Did you mean `{parameter}` {_quote(by_plain[near[0]])}?" if near else ""
    listed = ", ".join(repr(column) for column in columns)
    message = f"expected one of the columns {listed}, found {name!r}"
    raise DataError(message, hint or f"Give `{parameter}` one of these names.", parameter=parameter)


def _others(frame: pd.DataFrame, *taken: str | None) -> pd.DataFrame:
    return frame[[name for name in frame.columns if name not in taken]]


def _is_long_text(column: pd.Series) -> bool:
    """Whether the column holds strings with LONG_TEXT_WORDS words or more on average."""
    cells = column.dropna().tolist()
    if not all(isinstance(cell, str) for cell in cells):
        return False
    n_words = [len(cell.split()) for cell in cells if cell]
    return bool(n_words) and float(np.mean(n_words)) >= LONG_TEXT_WORDS


def _sample(column: pd.Series) -> pd.Series:
    """Take evenly spaced rows: enough to weigh a column, whatever the order of the file."""
    return column.iloc[:: max(1, len(column) // _SAMPLE_ROWS)]


def _plain(name: object) -> str:
    return str(name).strip().casefold()


def _quote(name: str) -> str:
    """Write a column name as a shell takes it."""
    return f'"{name}"' if " " in name else name
