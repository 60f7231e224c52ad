"""Make a corpus of a table: choose the usable rows, build the label matrix, tell what was done.

Owns what a usable row is, the order of the label names and the notes a user reads. Knows no file
and not how columns were found.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import DataError
from .columns import Columns
from .corpus import Corpus, LabelMatrix, Task
from .gathering import gather_facts
from .label_sets import LabelSet, LabelSets, choose_positive, order_labels, parse_labels

MIN_TEXTS = 20
"""Fewer usable texts than this make no corpus."""

_SIDES = {
    **{"train": "train", "training": "train", "test": "test"},
    **{name: "validation" for name in ("validation", "valid", "val", "dev")},
}


def assemble_corpus(
    frame: pd.DataFrame, columns: Columns, *, name: str, label_separator: str | None = None
) -> Corpus:
    """Make a corpus of the rows that have both a text and a label.

    Two different single values in the label column make a binary task with one output; everything
    else is a task with several labels, also where each row has one, or a list of one.

    Args:
        frame: cells of any kind, dtype object.
        columns: which columns of `frame` to read.
        name: becomes the name of the corpus.
        label_separator: splits the label cells; None infers it.

    Raises:
        DataError: fewer than MIN_TEXTS usable rows, one label only, about as many labels as
            texts, a text that is no string, or an unknown value in the split column.
    """
    texts = _strip_texts(frame[columns.text], columns.text)
    label_sets = parse_labels(frame[columns.label], label_separator)
    usable = [i for i, text in enumerate(texts) if text and label_sets.rows[i]]
    n_textless = sum(not text for text in texts)
    dropped = _note_dropped(len(texts), n_textless, len(texts) - n_textless - len(usable))
    if len(usable) < MIN_TEXTS:
        raise DataError(
            f"expected at least {MIN_TEXTS} rows with a text in {columns.text!r} and a label in "
            f"{columns.label!r}, found {len(usable)} of {len(texts)}",
            "Check the two columns, or collect more rows.",
        )
    rows = [label_sets.rows[i] for i in usable]
    names, negative, task = _name_outputs(rows, columns.label, is_list=label_sets.form == "lists")
    given = _read_split(frame[columns.split].iloc[usable], columns.split) if columns.split else ()
    labels = _build_matrix(rows, names)
    return Corpus(
        name=name,
        texts=tuple(texts[i] for i in usable),
        labels=labels,
        label_names=names,
        task=task,
        negative_name=negative,
        given_split=given,
        notes=(
            _note_columns(columns, label_sets),
            *dropped,
            *_note_task(names, negative),
            *_note_split(given, columns.split),
        ),
        met=gather_facts(
            frame,
            columns,
            usable=usable,
            textless=n_textless,
            labels=labels,
            names=names,
            separator=label_separator,
        ),
    )


def _strip_texts(column: pd.Series, name: str) -> list[str]:
    """Strip the texts; a missing one becomes an empty string."""
    stripped: list[str] = []
    for row, cell in enumerate(column, start=1):
        if isinstance(cell, str):
            stripped.append(cell.strip())
        elif cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
            stripped.append("")
        else:
            found = f"{type(cell).__name__} {cell!r}"
            message = f"expected texts in column {name!r}, found {found} in row {row}"
            raise DataError(message, "Name the column that holds the texts: --text-column")
    return stripped


def _name_outputs(
    rows: Sequence[LabelSet], column: str, *, is_list: bool
) -> tuple[LabelSet, str, Task]:
    """Answer the label names, the negative class of a binary task, and the task.

    Raises:
        DataError: one label only, or more than one label for every two texts.
    """
    names = order_labels(rows)
    if len(names) == 1:
        raise DataError(
            f"a label column with one value cannot be learned: column {column!r} holds only "
            f"{names[0]!r}",
            "Name a column with two labels or more: --label-column",
        )
    if len(names) == 2 and not is_list and all(len(row) == 1 for row in rows):
        positive, negative = choose_positive(*names)
        return (positive,), negative, Task.BINARY
    if 2 * len(names) > len(rows):
        raise DataError(
            f"expected labels that repeat in column {column!r}, found {len(names):,} different "
            f"ones on {len(rows):,} texts, such as {names[-1][:60]!r}",
            "Name the column that holds the labels (--label-column) and, if it joins several by a "
            "sign, that sign (--label-separator).",
        )
    return names, "", Task.MULTILABEL


def _build_matrix(rows: Sequence[LabelSet], names: LabelSet) -> LabelMatrix:
    """Mark the labels of each row: uint8, (len(rows), len(names)); names without a column pass."""
    place = {name: i for i, name in enumerate(names)}
    cells = [(i, place[label]) for i, row in enumerate(rows) for label in row if label in place]
    at: npt.NDArray[np.intp] = np.array(cells, dtype=np.intp).reshape(-1, 2)
    matrix = np.zeros((len(rows), len(names)), dtype=np.uint8)
    matrix[at[:, 0], at[:, 1]] = 1
    return matrix


def _read_split(column: pd.Series, name: str) -> tuple[str, ...]:
    values = [str(value).strip() for value in column]
    unknown = next((value for value in values if value.casefold() not in _SIDES), None)
    if unknown is not None:
        raise DataError(
            f"expected one of {', '.join(_SIDES)} in column {name!r}, found {unknown!r}",
            f"Correct the value, or rename the column {name!r} to have the texts split here.",
        )
    return tuple(_SIDES[value.casefold()] for value in values)


def _note_columns(columns: Columns, label_sets: LabelSets) -> str:
    return f"texts from column {columns.text!r}; labels from {columns.label!r}, {label_sets.form}"


def _note_dropped(n_rows: int, n_textless: int, n_labelless: int) -> tuple[str, ...]:
    reasons = [
        f"{count:,} without a {what}"
        for count, what in ((n_textless, "text"), (n_labelless, "label"))
        if count
    ]
    n_dropped = n_textless + n_labelless
    told = f"{n_dropped:,} of {n_rows:,} rows dropped: {' and '.join(reasons)}"
    return (told,) if n_dropped else ()


def _note_task(names: LabelSet, negative: str) -> tuple[str, ...]:
    if not negative:
        return ()
    return (f"two classes: the one output is the probability of {names[0]!r}, not {negative!r}",)


def _note_split(given: Sequence[str], column: str | None) -> tuple[str, ...]:
    if not given:
        return ()
    sides = [f"{count:,} {side}" for side, count in Counter(given).most_common()]
    return (f"the file divides the texts itself, in column {column!r}: {', '.join(sides)}",)
