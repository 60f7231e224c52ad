"""Gather what reading a file met.

Owns the counting over the whole table, also over rows and columns that make no part of the corpus.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from .association import explained_share
from .columns import Columns
from .facts import FileFacts, ToldLabel
from .label_sets import LabelSet, infer_separator

MIN_SHARE_TOLD = 0.2
"""A column tells a label if it explains this share of the label's entropy, chance taken off."""
MIN_ROWS_TOLD = 20
"""Of labels with fewer rows no column is asked: too few to tell a rule from luck."""
MIN_ROWS_A_VALUE = 4
"""Columns with fewer rows a value on average are keys and free text: they are not asked."""


def gather_facts(
    frame: pd.DataFrame,
    columns: Columns,
    *,
    usable: list[int],
    textless: int,
    labels: npt.NDArray[np.uint8],
    names: LabelSet,
    separator: str | None,
) -> FileFacts:
    """Count what the table holds beside the corpus.

    Args:
        frame: cells of any kind, dtype object.
        columns: which columns make the corpus.
        usable: positions of the rows that are in the corpus.
        textless: number of rows without a text.
        labels: 0 or 1, uint8, (len(usable), len(names)).
        names: one name a column of `labels`.
        separator: what separates labels, as it was given; None where it was inferred.
    """
    count, example = _count_multiline(frame)
    unstripped, stripped = _count_labels(frame[columns.label], separator)
    return FileFacts(
        rows=len(frame),
        fields=frame.size,
        textless=textless,
        labelless=len(frame) - textless - len(usable),
        multiline_fields=count,
        multiline_example=example,
        labels_unstripped=unstripped,
        labels_stripped=stripped,
        told=_find_told(frame.iloc[usable], columns, labels, names),
    )


def _count_multiline(frame: pd.DataFrame) -> tuple[int, str]:
    broken = [
        cell
        for name in frame.columns
        for cell in frame[name]
        if isinstance(cell, str) and ("\n" in cell or "\r" in cell)
    ]
    return len(broken), broken[0] if broken else ""


def _count_labels(column: pd.Series, separator: str | None) -> tuple[int | None, int | None]:
    """Count the different labels with and without the blanks beside separators."""
    cells = {cell.strip() for cell in column if isinstance(cell, str)} - {""}
    lists = bool(cells) and all(cell[0] == "[" and cell[-1] == "]" for cell in cells)
    found = separator or (None if lists or not cells else infer_separator(cells))
    if found is None:
        return None, None
    pieces = {piece for cell in cells for piece in cell.split(found) if piece.strip()}
    return len(pieces), len({piece.strip() for piece in pieces})


def _find_told(
    frame: pd.DataFrame, columns: Columns, labels: npt.NDArray[np.uint8], names: LabelSet
) -> tuple[ToldLabel, ...]:
    positives = labels.sum(axis=0, dtype=np.int64)
    asked = np.flatnonzero(np.minimum(positives, len(frame) - positives) >= MIN_ROWS_TOLD)
    best = {int(place): ToldLabel(names[place], "", 0.0) for place in asked}
    for name in frame.columns:
        if name in (columns.text, columns.label, columns.split) or not best:
            continue
        # Lists and dictionaries have no hash; their text has. Missing cells are a value too.
        cells = np.array([str(cell) for cell in frame[name]], dtype=object)
        values, different = pd.factorize(cells)
        if not 2 <= len(different) <= len(frame) / MIN_ROWS_A_VALUE:
            continue
        for place, share in zip(asked, explained_share(values, labels[:, asked]), strict=True):
            if share > best[int(place)].share:
                best[int(place)] = ToldLabel(names[place], str(name), float(share))
    told = [label for label in best.values() if label.share >= MIN_SHARE_TOLD]
    return tuple(sorted(told, key=lambda label: (-label.share, label.label)))
