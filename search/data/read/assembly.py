"""A table to labelled texts: choose the usable rows, build the label matrix, note what was done.

Owns what a usable row is, the order of the label names and the notes a user reads. Knows no file
and not how columns were found.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...errors import DataError
from ..file_facts import FileFacts
from ..labelled_texts import LabelledTexts, LabelMatrix, Task
from .columns import Columns
from .gathering import gather_facts
from .label_sets import LabelSet, choose_positive, order_labels, parse_labels

MIN_TEXTS = 20
"""Fewer usable texts than this make no corpus."""

_SIDES = {
    **{"train": "train", "training": "train", "test": "test"},
    **{name: "validation" for name in ("validation", "valid", "val", "dev")},
}


def assemble_texts(
    frame: pd.DataFrame, columns: Columns, *, label_separator: str | None = None
) -> LabelledTexts:
    """Keep the rows that have both a text and a label.

    Two different single values in the label column make a binary task with one output; everything
    else is a task with several labels, also where each row has one, or a list of one.

    Args:
        frame: values of any kind, dtype object.
        columns: which columns of `frame` to read.
        label_separator: splits the fields of labels; None infers it.

    Raises:
        DataError: fewer than MIN_TEXTS usable rows, one label only, about as many labels as
            texts, a text that is no string, or an unknown value in the split column.
    """
    texts = _strip_texts(frame[columns.text], columns.text)
    n_textless = texts.count("")
    label_sets = parse_labels(frame[columns.label], label_separator)
    usable = [i for i, text in enumerate(texts) if text and label_sets.rows[i]]
    _check_enough(len(usable), len(texts), columns)
    rows = [label_sets.rows[i] for i in usable]
    names, negative, task = _name_outputs(rows, columns.label, is_list=label_sets.form == "lists")
    given = _read_split(frame[columns.split].iloc[usable], columns.split) if columns.split else ()
    labels = _build_matrix(rows, names)
    facts = gather_facts(
        frame, columns, usable, labels, names, textless=n_textless, separator=label_sets.separator
    )
    notes = [_note_columns(columns, label_sets.form), *_note_dropped(facts)]
    notes += [*_note_task(names, negative), *_note_split(given, columns.split)]
    return LabelledTexts(
        texts=tuple(texts[i] for i in usable),
        labels=labels,
        label_names=names,
        task=task,
        negative_name=negative,
        given_split=given,
        notes=tuple(notes),
        file_facts=facts,
    )


def _strip_texts(column: pd.Series, name: str) -> list[str]:
    """Strip the texts; a missing one becomes an empty string."""
    stripped: list[str] = []
    for row, (cell, is_missing) in enumerate(zip(column, column.isna(), strict=True), start=1):
        if not is_missing and not isinstance(cell, str):
            found = f"{type(cell).__name__} {cell!r}"
            message = f"expected texts in column {name!r}, found {found} in row {row}"
            raise DataError(message, "Name the column that holds the texts: `text_column`.")
        stripped.append("" if is_missing else cell.strip())
    return stripped


def _check_enough(n_usable: int, n_rows: int, columns: Columns) -> None:
    if n_usable < MIN_TEXTS:
        raise DataError(
            f"expected at least {MIN_TEXTS} rows with a text in {columns.text!r} and a label in "
            f"{columns.label!r}, found {n_usable} of {n_rows}",
            "Check the two columns, or collect more rows.",
        )


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
            "Name a column with two labels or more: `label_column`.",
        )
    if len(names) == 2 and not is_list and all(len(row) == 1 for row in rows):
        positive, negative = choose_positive(*names)
        return (positive,), negative, Task.BINARY
    if 2 * len(names) > len(rows):
        raise DataError(
            f"expected labels that repeat in column {column!r}, found {len(names):,} different "
            f"ones on {len(rows):,} texts, such as {names[-1][:60]!r}",
            "Name the column that holds the labels (`label_column`) and, if it joins several by a "
            "sign, that sign (`label_separator`).",
        )
    return names, "", Task.MULTILABEL


def _build_matrix(rows: Sequence[LabelSet], names: LabelSet) -> LabelMatrix:
    """Mark the labels of each row: uint8, (len(rows), len(names)); names without a column pass."""
    place = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)), dtype=np.uint8)
    for i, row in enumerate(rows):
        matrix[i, [place[label] for label in row if label in place]] = 1
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


def _note_columns(columns: Columns, form: str) -> str:
    return f"texts from column {columns.text!r}; labels from {columns.label!r}, {form}"


def _note_dropped(facts: FileFacts) -> list[str]:
    counts = {"text": facts.textless, "label": facts.labelless}
    reasons = [f"{count:,} without a {what}" for what, count in counts.items() if count]
    note = f"{sum(counts.values()):,} of {facts.rows:,} rows dropped: {' and '.join(reasons)}"
    return [note] if reasons else []


def _note_task(names: LabelSet, negative: str) -> list[str]:
    note = f"two classes: the one output is the probability of {names[0]!r}, not {negative!r}"
    return [note] if negative else []


def _note_split(given: Sequence[str], column: str | None) -> list[str]:
    sides = [f"{count:,} {side}" for side, count in Counter(given).most_common()]
    note = f"the file divides the texts itself, in column {column!r}: {', '.join(sides)}"
    return [note] if given else []
