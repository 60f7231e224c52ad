"""A table to labelled texts: choose the usable rows, build the label matrix, note what was done.

Owns what a usable row is, the order of the label names and the notes a user reads. Knows no file
and not how columns were found.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...errors import DataError
from ...metrics.task import Task
from ..file_facts import FileFacts
from ..labelled_texts import LabelledTexts, LabelMatrix
from .columns import Columns
from .gathering import gather_facts
from .label_sets import (
    LISTS,
    LabelSets,
    choose_positive,
    merge_case,
    order_labels,
    parse_labels,
)
from .separators import suggest_separator
from .truth_values import read_truth_columns
from .written_lists import LabelSet

TRUTHS = "one column a label"
"""The form of label sets of which each label has a column."""
_MOST_NAMED = 3
_MISSING = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", "nil", "\\n", "?"})
"""How other programs write a missing value, in small letters; here each is a text or a label."""
_HALVES = re.compile(r"[\ud800-\udfff]")
MIN_TEXTS = 20
"""Fewer usable texts than this make no corpus."""

_SIDES = {
    **{"train": "train", "training": "train", "test": "test"},
    **{name: "validation" for name in ("validation", "valid", "val", "dev")},
}


@dataclass(frozen=True, slots=True)
class LabelRules:
    """What a user says about labels."""

    separator: str | None = None
    """What separates the labels of a cell; None infers it."""
    keeps_empty: bool = False
    """Whether a text without a label is kept with an empty label set, and not dropped."""
    merges_case: bool = False
    """Whether labels that differ only in case are one label."""
    task: Task | None = None
    """What is predicted; None decides by the labels."""


def assemble_texts(
    frame: pd.DataFrame,
    columns: Columns,
    rules: LabelRules | None = None,
    notes: Sequence[str] = (),
) -> LabelledTexts:
    """Keep the rows that have both a text and a label set.

    Two different single values in the label column make a binary task with one output, and more of
    them one choice for each text; lists, labels joined by a separator and one column a label make
    a task of several labels a text. Where each label has a column of its own, or `keeps_empty` says
    so, a text without a label is kept.

    Args:
        frame: values of any kind, dtype object.
        columns: which columns of `frame` to read.
        rules: how labels are read.
        notes: what is to be said before the notes on the columns.

    Raises:
        DataError: fewer than MIN_TEXTS usable rows, one label only, about as many labels as
            texts, a text that is no string, or an unknown value in the split column.
    """
    rules = rules or LabelRules()
    texts, n_mended = _strip_texts(frame[columns.text], columns.text)
    label_sets = _read_labels(frame, columns, rules)
    usable = [i for i, text in enumerate(texts) if text and label_sets.rows[i] is not None]
    kept = tuple(texts[i] for i in usable)
    _check_enough(len(usable), len(texts), columns)
    rows = [label_sets.rows[i] or () for i in usable]
    outputs = _choose_outputs(rows, columns, label_sets, rules.task)
    given = _read_split(frame[columns.split].iloc[usable], columns.split) if columns.split else ()
    labels = _build_matrix(rows, outputs.names)
    facts = gather_facts(
        frame, columns, usable, labels, outputs.names, texts.count(""), label_sets.separator
    )
    return LabelledTexts(
        texts=kept,
        labels=labels,
        label_names=outputs.names,
        task=outputs.task,
        negative_name=outputs.negative,
        given_split=given,
        notes=(
            *notes,
            *_note_reading(columns, label_sets, facts, n_mended),
            *_note_labels(columns, outputs, labels),
            *_note_missing(kept, outputs),
            *_note_split(given, columns.split),
        ),
        file_facts=facts,
    )


@dataclass(frozen=True, slots=True)
class _Outputs:
    """What is predicted for a text."""

    task: Task
    names: LabelSet
    """One for each output."""
    negative: str = ""
    """The other class of a binary task."""


def _choose_outputs(
    rows: Sequence[LabelSet], columns: Columns, label_sets: LabelSets, wanted: Task | None
) -> _Outputs:
    names = order_labels(rows)
    _check_labels(names, len(rows), columns)
    task = _choose_task(rows, names, label_sets, wanted)
    if task is not Task.BINARY:
        return _Outputs(task, names)
    positive, negative = choose_positive(*names)
    return _Outputs(task, (positive,), negative)


def _read_labels(frame: pd.DataFrame, columns: Columns, rules: LabelRules) -> LabelSets:
    """Read the label set of each row; None for the rows that are to be dropped."""
    if len(columns.labels) > 1:
        if rules.separator is not None:
            message = "expected one label column to separate, found one column a label"
            raise DataError(message, "Leave off `label_separator`.", parameter="label_separator")
        rows = read_truth_columns(frame, columns.labels)
        return LabelSets(tuple(merge_case(rows) if rules.merges_case else rows), TRUTHS)
    is_single = rules.task in (Task.BINARY, Task.MULTICLASS)
    found = parse_labels(frame[columns.labels[0]], rules.separator, is_single=is_single)
    rows = merge_case(found.rows) if rules.merges_case else list(found.rows)
    if not rules.keeps_empty:
        return replace(found, rows=tuple(row or None for row in rows))
    if found.form != LISTS and found.separator is None and rules.task is not Task.MULTILABEL:
        raise DataError(
            f"expected lists of labels, or labels joined by a sign, in {_name(columns)}, found "
            f"{found.form}: a row without a class cannot be learned",
            "Leave off `empty_labels`, and such rows are dropped.",
            parameter="empty_labels",
        )
    return replace(found, rows=tuple(rows))


def _strip_texts(column: pd.Series, name: str) -> tuple[list[str], int]:
    """Strip the texts; a missing one becomes an empty string.

    Returns:
        The texts, and the number of those that held halves of characters; these become U+FFFD.
    """
    stripped: list[str] = []
    n_mended = 0
    for row, (cell, is_missing) in enumerate(zip(column, column.isna(), strict=True), start=1):
        if not is_missing and not isinstance(cell, str):
            found = f"{type(cell).__name__} {str(cell)[:60]!r}"
            message = f"expected texts in column {name!r}, found {found} in row {row}"
            raise DataError(message, "Name the column that holds the texts: `text_column`.")
        text = "" if is_missing else cell.strip()
        # Half of a surrogate pair is no character: no file of UTF-8 can hold it.
        if not text.isascii() and _HALVES.search(text):
            text, n_mended = _HALVES.sub("\ufffd", text), n_mended + 1
        stripped.append(text)
    return stripped, n_mended


def _check_enough(n_usable: int, n_rows: int, columns: Columns) -> None:
    if n_usable < MIN_TEXTS:
        raise DataError(
            f"expected at least {MIN_TEXTS} rows with a text in {columns.text!r} and a label in "
            f"{_name(columns)}, found {n_usable} of {n_rows}",
            "Check the columns, or collect more rows.",
        )


def _check_labels(names: LabelSet, n_rows: int, columns: Columns) -> None:
    """Refuse labels that cannot be learned.

    Raises:
        DataError: one label only, or more than one label for every two texts.
    """
    if len(names) < 2:
        only = f"only {names[0]!r}" if names else "none"
        raise DataError(
            f"expected two labels or more in {_name(columns)}, found {only}",
            "Name a column with two labels or more: `label_column`.",
        )
    if 2 * len(names) > n_rows:
        raise DataError(
            f"expected labels that repeat in {_name(columns)}, found {len(names):,} different "
            f"ones on {n_rows:,} texts, such as {names[-1][:60]!r}",
            "Name the column that holds the labels (`label_column`) and, if it joins several by a "
            "sign, that sign (`label_separator`).",
        )


def _choose_task(
    rows: Sequence[LabelSet], names: LabelSet, label_sets: LabelSets, wanted: Task | None
) -> Task:
    """Choose what is predicted, by the labels, or as a user wants it.

    Raises:
        DataError: the labels do not allow what is wanted.
    """
    several = next((row for row in rows if len(row) != 1), None)
    if wanted is None:
        if label_sets.form in (LISTS, TRUTHS) or several is not None:
            return Task.MULTILABEL
        return Task.BINARY if len(names) == 2 else Task.MULTICLASS
    if wanted is not Task.MULTILABEL and several is not None:
        found = f"one with {', '.join(several[:5])}" if several else "one without a label"
        message = f"expected exactly one label for each text, found {found}"
        raise DataError(message, "Say `task` multilabel, or leave it off.", parameter="task")
    if wanted is Task.BINARY and len(names) > 2:
        message = f"expected two classes, found {len(names):,}, such as {', '.join(names[:3])}"
        raise DataError(message, "Say `task` multiclass, or leave it off.", parameter="task")
    return wanted


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


def _name(columns: Columns) -> str:
    """Name the label column, or the first and the last of many."""
    first, *others = columns.labels
    if not others:
        return f"column {first!r}"
    if len(others) < _MOST_NAMED:
        return f"columns {', '.join(map(repr, columns.labels))}"
    return f"{len(columns.labels)} columns, {first!r} to {others[-1]!r}"


def _note_reading(
    columns: Columns, label_sets: LabelSets, facts: FileFacts, n_mended: int
) -> list[str]:
    """Say which columns were read, and what was dropped or mended."""
    others = ", ".join(f"`{parameter}` {name}" for parameter, name in columns.rivals)
    also = f" (also possible: {others})" if others else ""
    form = label_sets.form
    notes = [f"texts from column {columns.text!r}; labels from {_name(columns)}, {form}{also}"]
    dropped = {"text": facts.textless, "label": facts.labelless}
    reasons = [f"{count:,} without a {what}" for what, count in dropped.items() if count]
    if reasons:
        count = facts.textless + facts.labelless
        notes.append(f"{count:,} of {facts.rows:,} rows dropped: {' and '.join(reasons)}")
    if label_sets.n_unreadable:
        kind = "no list" if form == LISTS else "a list, unlike the others"
        example = f"such as {label_sets.unreadable[:60]!r}"
        notes.append(f"among them {label_sets.n_unreadable:,} whose label is {kind}, {example}")
    mended = {
        "label cells with control characters, which were taken out": label_sets.n_cleaned,
        "texts with halves of characters, which were replaced": n_mended,
    }
    return notes + [f"{count:,} {what}" for what, count in mended.items() if count]


def _note_labels(columns: Columns, outputs: _Outputs, labels: LabelMatrix) -> list[str]:
    """Say what is predicted, and what of the labels a user may not expect."""
    names, notes = outputs.names, []
    if outputs.task is Task.BINARY:
        others = f"{names[0]!r}, not {outputs.negative!r}"
        return [f"two classes: the one output is the probability of {others}"]
    if outputs.task is Task.MULTICLASS:
        note = f"one of {len(names):,} classes for each text"
        is_rating = all(name.lstrip("-").replace(".", "", 1).isdigit() for name in names)
        notes = [note + "; the order of these numbers is not used" * is_rating]
        if sign := suggest_separator(names):
            example = next(name for name in names if sign in name)
            notes.append(
                f"some classes look like joined names, such as {example!r}: if they are, say "
                f"`label_separator` {sign!r}"
            )
        return notes
    n_empty = int((~labels.any(axis=1)).sum())
    if n_empty:
        notes.append(f"{n_empty:,} of {len(labels):,} texts have no label and are kept")
    unused = [name for name in columns.labels if name not in names]
    if len(columns.labels) > 1 and unused:
        notes.append(f"no text has the label of the columns {', '.join(unused)}: left out")
    return notes


def _note_missing(texts: Sequence[str], outputs: _Outputs) -> list[str]:
    """Say which texts and labels may stand for missing values."""
    names = [name for name in (*outputs.names, outputs.negative) if name.casefold() in _MISSING]
    notes = [
        f"{name!r} is a label like others; if it means a missing value, empty these cells"
        for name in names
    ]
    longest = max(map(len, _MISSING))
    n_texts = sum(len(text) <= longest and text.casefold() in _MISSING for text in texts)
    if n_texts:
        noun = "text is" if n_texts == 1 else "texts are"
        notes.append(f"{n_texts:,} {noun} a word for a missing value, such as NA, and kept")
    return notes


def _note_split(given: Sequence[str], column: str | None) -> list[str]:
    sides = [f"{count:,} {side}" for side, count in Counter(given).most_common()]
    note = f"the file divides the texts itself, in column {column!r}: {', '.join(sides)}"
    return [note] if given else []
