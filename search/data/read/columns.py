"""Detect which column holds the texts, which the labels and which a given split.

Owns the known column names and the rules that detect columns by their content; a doubt is an error
that lists the candidates, never a guess. Knows no file, and reads cells only to weigh a column.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from ...errors import DataError
from .label_sets import is_label_like
from .truth_values import find_truth_columns
from .written_lists import is_bracketed

TEXT_NAMES = (
    *("description", "synopsis", "plot", "overview", "text", "review", "extract", "summary"),
    *("tweet", "comment", "comment_text", "content", "sentence", "question", "abstract"),
)
"""Usual names of a text column, compared without case."""
LABEL_NAMES = (
    *("genre", "genres", "listed_in", "label", "labels", "sentiment", "category", "categories"),
    *("tags", "class", "target", "stars", "topic", "topics", "emotion", "emotions", "intent"),
)
"""Usual names of a label column, compared without case."""
SPLIT_NAME = "split"
"""The column that says train, validation or test, compared without case."""
KNOWN_NAMES = frozenset({*TEXT_NAMES, *LABEL_NAMES, SPLIT_NAME})
LONG_TEXT_WORDS = 8
"""Mean words from which a column of strings counts as texts by its content alone."""

_WORD = re.compile(r"[^\W_]+")
_SAMPLE_ROWS = 2_000
_MOSTLY = 0.9
"""Share of the rows in which columns must say yes or no to be named in an error."""
_MUCH_MORE = 4
"""A column with so many times the words of the one with a known name leaves a doubt."""
_EXAMPLE_LENGTH = 40
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The columns that a user named."""

    text: str | None = None
    """The column of the texts; None detects it."""
    label: str | None = None
    """The column of the labels; None detects it."""
    labels: tuple[str, ...] = ()
    """Columns of which each says whether a text has one label; `*` and `?` stand for characters."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that stand for one column."""
        return tuple(name for name in (self.text, self.label, *self.labels) if name)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that make a corpus; all different."""

    text: str
    """Holds one text a row."""
    labels: tuple[str, ...]
    """One column with the label set of the row, in whatever form; or one column a label, which says
    whether the row has it."""
    split: str | None = None
    """Says on which side of the split the row stands; None where the table does not say."""
    rivals: tuple[tuple[str, str], ...] = ()
    """What else could have been chosen: the parameter that chooses it, and the column."""


def find_columns(frame: pd.DataFrame, choice: ColumnChoice) -> Columns:
    """Find the columns of a corpus, or check the ones that are named.

    Raises:
        DataError: a named column does not exist or is named for two things, or one that is not
            named cannot be detected with certainty.
    """
    for name, parameter in ((choice.text, "text_column"), (choice.label, "label_column")):
        if name is not None:
            _check_exists(frame, name, parameter)
    named = _expand(frame, choice.labels)
    _check_different(choice, named)
    rivals: list[tuple[str, str]] = []
    text = choice.text or _find(
        _others(frame, choice.label, *named), TEXT_NAMES, "text_column", _count_words, rivals
    )
    labels = named or ((choice.label,) if choice.label else _find_labels(frame, text, rivals))
    splits = [str(name) for name in _others(frame, text, *labels) if _plain(name) == SPLIT_NAME]
    return Columns(text, labels, splits[0] if splits else None, tuple(rivals))


def _find_labels(frame: pd.DataFrame, text: str, rivals: list[tuple[str, str]]) -> tuple[str, ...]:
    """Find the label column, or else the columns that stand together and say yes or no."""
    others = _others(frame, text)
    groups = find_truth_columns(others)
    if len(groups) == 1 and not _has_label_column(others, groups[0]):
        rivals.append(("label_column", groups[0][0]))
        return groups[0]
    try:
        return (_find(others, LABEL_NAMES, "label_column", is_label_like, rivals),)
    except DataError as error:
        groups = groups or find_truth_columns(others, least=_MOSTLY)
        if not groups:
            raise
        listed = "; ".join(f"{group[0]} to {group[-1]}" for group in groups)
        hint = (
            f"{error.hint.rstrip('.')}. Columns that say yes or no stand together ({listed}): if "
            f"each is a label, name them, such as `label_columns` {_quote(','.join(groups[0]))}."
        )
        raise DataError(error.message, hint) from error


def _has_label_column(frame: pd.DataFrame, group: Sequence[str]) -> bool:
    """Whether a column has a usual name of labels, or one outside of the group could hold some."""
    return any(_plain(name) in LABEL_NAMES for name in frame) or any(
        is_label_like(_sample(frame[name]), most=_SAMPLE_ROWS)
        for name in _others(frame, *group)
        if _plain(name) != SPLIT_NAME
    )


def _find(
    frame: pd.DataFrame,
    known_names: Sequence[str],
    parameter: str,
    weigh: Callable[[pd.Series], float],
    rivals: list[tuple[str, str]],
) -> str:
    """Take the one column that has a known name, or else the one whose content fits.

    Where the content of several fits, the one of them with a known name is taken, unless another
    one weighs much more.

    Args:
        frame: the columns to choose from.
        known_names: usual names of such a column.
        parameter: that names the column.
        weigh: how well the content of a column fits; 0 where it does not.
        rivals: gets the heaviest of those that were not chosen.
    """
    what = parameter.replace("_", " ")
    names = [str(name) for name in frame.columns if _plain(name) != SPLIT_NAME]
    exact = [name for name in names if _plain(name) in known_names]
    # A usual name may be a part of one, such as airline_sentiment.
    known = exact or [n for n in names if set(_WORD.findall(_plain(n))) & set(known_names)]
    weights = {name: float(weigh(_sample(frame[name]))) for name in names}
    fitting = sorted(filter(weights.__getitem__, names), key=weights.__getitem__, reverse=True)
    candidates = [name for name in known if name in fitting] or exact or fitting
    if len(candidates) == 1:
        others = [name for name in fitting if name != candidates[0]]
        if not others or weights[others[0]] <= _MUCH_MORE * weights[candidates[0]]:
            rivals += [(parameter, name) for name in others[:1]]
            return candidates[0]
        candidates += others[:1]
    if candidates:
        listed = _show(frame, candidates)
        message = f"expected one {what}, found {len(candidates)} candidates: {listed}"
        raise DataError(message, f"Choose one, for example: `{parameter}` {_quote(candidates[0])}")
    listed = _show(frame, list(frame.columns)) or "no other column"
    raise DataError(
        f"expected a {what}, found none among: {listed}",
        f"Name it with `{parameter}`; usual names are {', '.join(known_names[:8])}.",
    )


def _show(frame: pd.DataFrame, names: Sequence[str]) -> str:
    """List columns, each with its first value that is not empty."""
    shown = []
    for name in names[:_MOST_LISTED]:
        cells = (str(cell).strip() for cell in frame[name] if not _is_missing(cell))
        value = " ".join(next(filter(None, cells), "").split())
        cut = value if len(value) <= _EXAMPLE_LENGTH else f"{value[: _EXAMPLE_LENGTH - 1]}…"
        shown.append(f"{str(name)!r} ({cut})" if cut else f"{str(name)!r} (empty)")
    left = len(names) - _MOST_LISTED
    return ", ".join(shown) + (f" and {left:,} more" if left > 0 else "")


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell)


def _expand(frame: pd.DataFrame, patterns: Sequence[str]) -> tuple[str, ...]:
    """Give the columns that names or patterns stand for, in the order of the table.

    Raises:
        DataError: one stands for no column, or all together for one only.
    """
    if not patterns:
        return ()
    names = [str(name) for name in frame.columns]
    for pattern in patterns:
        if not any(name == pattern or fnmatchcase(name, pattern) for name in names):
            _check_exists(frame, pattern, "label_columns")
    found = tuple(n for n in names if any(n == p or fnmatchcase(n, p) for p in patterns))
    if len(found) == 1:
        message = f"expected two columns or more, one a label, found {found[0]!r} alone"
        hint = f"For one column say `label_column` {_quote(found[0])}."
        raise DataError(message, hint, parameter="label_columns")
    return found


def _check_different(choice: ColumnChoice, labels: tuple[str, ...]) -> None:
    if choice.label is not None and labels:
        message = "expected either `label_column` or `label_columns`, got both"
        raise DataError(message, "Leave one of them off.", parameter="label_columns")
    if choice.text is not None and choice.text in (choice.label, *labels):
        message = f"expected two columns, found {choice.text!r} named for texts and labels"
        parameter = "label_columns" if labels else "label_column"
        hint = f"Give `text_column` and `{parameter}` different names."
        raise DataError(message, hint, parameter=parameter)


def _check_exists(frame: pd.DataFrame, name: str, parameter: str) -> None:
    columns = [str(column) for column in frame.columns]
    if name in columns:
        return
    by_plain = {_plain(column): column for column in columns}
    near = difflib.get_close_matches(_plain(name), by_plain, n=1)
    hint = f"Did you mean `{parameter}` {_quote(by_plain[near[0]])}?" if near else ""
    message = f"expected one of the columns {', '.join(map(repr, columns))}, found {name!r}"
    raise DataError(message, hint or f"Give `{parameter}` one of these names.", parameter=parameter)


def _others(frame: pd.DataFrame, *taken: str | None) -> pd.DataFrame:
    return frame[[name for name in frame.columns if name not in taken]]


def _count_words(column: pd.Series) -> float:
    """Count the words of a column of texts, on average; 0 for other columns.

    Texts are strings of LONG_TEXT_WORDS words or more on average, and no lists; at least half of
    the cells are texts.
    """
    cells = column.dropna().tolist()
    if not all(isinstance(cell, str) for cell in cells):
        return 0.0
    n_words = [len(cell.split()) for cell in cells if cell and not is_bracketed(cell.strip())]
    if 2 * len(n_words) < len(column):
        return 0.0
    mean = float(np.mean(n_words)) if n_words else 0.0
    return mean if mean >= LONG_TEXT_WORDS else 0.0


def _sample(column: pd.Series) -> pd.Series:
    """Take evenly spaced rows: enough to weigh a column, whatever the order of the file."""
    return column.iloc[:: max(1, len(column) // _SAMPLE_ROWS)]


def _plain(name: object) -> str:
    return str(name).strip().casefold()


def _quote(name: str) -> str:
    """Write a column name as a shell takes it."""
    return f'"{name}"' if " " in name else name
