"""Gather what a file holds beside its texts.

Owns the counting over the whole table, also over rows and columns that make no part of the corpus.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..file_facts import ExplainedLabel, FileFacts
from .association import measure_explained_share
from .columns import Columns
from .written_lists import LabelSet

MIN_SHARE_EXPLAINED = 0.2
"""A column explains a label if it accounts for this share of its entropy, corrected for chance."""
MIN_ROWS_EXPLAINED = 20
"""Of labels with fewer rows no column is tried: too few to know a rule from luck."""
MIN_ROWS_A_VALUE = 4
"""Columns with fewer rows a value on average are keys and free text: they are not tried."""


def gather_facts(
    frame: pd.DataFrame,
    columns: Columns,
    usable: list[int],
    labels: npt.NDArray[np.uint8],
    names: LabelSet,
    textless: int,
    separator: str | None,
) -> FileFacts:
    """Count what the table holds beside the corpus.

    Args:
        frame: values of any kind, dtype object.
        columns: which columns make the corpus.
        usable: positions of the rows that are in the corpus.
        labels: 0 or 1, uint8, (len(usable), len(names)).
        names: one name a column of `labels`.
        textless: number of rows without a text.
        separator: what separates labels; None for lists and where nothing does.
    """
    count, example = _count_multiline(frame)
    unstripped, stripped = _count_labels(frame[columns.labels[0]], separator)
    return FileFacts(
        rows=len(frame),
        fields=frame.size,
        textless=textless,
        labelless=len(frame) - textless - len(usable),
        multiline_fields=count,
        multiline_example=example,
        labels_unstripped=unstripped,
        labels_stripped=stripped,
        explained=_find_explained(frame.iloc[usable], columns, labels, names),
    )


def _count_multiline(frame: pd.DataFrame) -> tuple[int, str]:
    strings = (cell for name in frame.columns for cell in frame[name] if isinstance(cell, str))
    broken = [cell for cell in strings if "\n" in cell or "\r" in cell]
    return len(broken), broken[0] if broken else ""


def _count_labels(column: pd.Series, separator: str | None) -> tuple[int | None, int | None]:
    """Count the different labels with and without the blanks beside separators."""
    if separator is None:
        return None, None
    fields = {field.strip() for field in column if isinstance(field, str)}
    pieces = {piece for field in fields for piece in field.split(separator) if piece.strip()}
    return len(pieces), len({piece.strip() for piece in pieces})


def _find_explained(
    frame: pd.DataFrame, columns: Columns, labels: npt.NDArray[np.uint8], names: LabelSet
) -> tuple[ExplainedLabel, ...]:
    positives = labels.sum(axis=0, dtype=np.int64)
    tried = np.flatnonzero(np.minimum(positives, len(frame) - positives) >= MIN_ROWS_EXPLAINED)
    best = {place: ExplainedLabel(names[place], "", 0.0) for place in tried.tolist()}
    for name in frame.columns:
        if name in (columns.text, *columns.labels, columns.split) or not best:
            continue
        values = _number_values(frame[name])
        if values is None:
            continue
        shares = measure_explained_share(values, labels[:, tried])
        for place, share in zip(tried.tolist(), shares.tolist(), strict=True):
            if share > best[place].share:
                best[place] = ExplainedLabel(names[place], str(name), share)
    explained = [label for label in best.values() if label.share >= MIN_SHARE_EXPLAINED]
    return tuple(sorted(explained, key=lambda label: (-label.share, label.label)))


def _number_values(column: pd.Series) -> npt.NDArray[np.intp] | None:
    """Number the values of a column from 0 on, (n,); None where they are one or too many."""
    numbers: dict[str, int] = {}
    most = len(column) / MIN_ROWS_A_VALUE
    values = np.empty(len(column), np.intp)
    for row, cell in enumerate(column):
        # Lists and dictionaries have no hash; their text has. Missing cells are a value too.
        values[row] = numbers.setdefault(str(cell), len(numbers))
        if len(numbers) > most:
            return None
    return values if len(numbers) > 1 else None
