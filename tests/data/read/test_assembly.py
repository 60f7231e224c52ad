"""Assembling a corpus: usable rows, label matrix, notes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from search.data.labelled_texts import LabelledTexts, Task
from search.data.read.assembly import assemble_texts
from search.data.read.columns import Columns
from search.errors import DataError


def assemble(
    labels: Sequence[object],
    *,
    texts: Sequence[object] | None = None,
    split: Sequence[object] | None = None,
    separator: str | None = None,
) -> LabelledTexts:
    frame = pd.DataFrame(
        {"text": texts or [f"text {i}" for i in range(len(labels))], "label": labels},
        dtype=object,
    )
    if split is not None:
        frame["split"] = pd.Series(list(split), dtype=object)
    columns = Columns(text="text", label="label", split=None if split is None else "split")
    return assemble_texts(frame, columns, label_separator=separator)


def test_rows_become_a_label_matrix_with_the_most_frequent_label_first() -> None:
    corpus = assemble([*["b, a"] * 10, *["c,b ,b"] * 10])
    assert corpus.label_names == ("b", "a", "c")
    assert corpus.labels[0].tolist() == [1, 1, 0]
    assert corpus.labels[-1].tolist() == [1, 0, 1]
    assert corpus.labels.dtype == np.uint8
    assert corpus.task is Task.MULTILABEL
    assert corpus.notes == ("texts from column 'text'; labels from 'label', separated by ','",)


def test_texts_are_stripped_and_keep_their_inside() -> None:
    corpus = assemble(["a", "b"] * 10, texts=["\n one  <br /> two \t"] * 20)
    assert corpus.texts[0] == "one  <br /> two"


def test_rows_without_text_or_label_are_dropped_and_counted() -> None:
    texts: list[object] = ["", "  ", None, float("nan"), *["x"] * 22]
    labels: list[object] = [*"abab", "", None, *["a", "b"] * 10]
    corpus = assemble(labels, texts=texts)
    assert len(corpus.texts) == 20
    assert corpus.notes[1] == "6 of 26 rows dropped: 4 without a text and 2 without a label"


def test_two_single_values_are_a_binary_task() -> None:
    corpus = assemble(["ham"] * 15 + ["spam"] * 5)
    assert corpus.task is Task.BINARY
    assert (corpus.label_names, corpus.negative_name) == (("spam",), "ham")
    assert corpus.labels.sum() == 5
    assert corpus.notes[1] == "two classes: the one output is the probability of 'spam', not 'ham'"


@pytest.mark.parametrize(
    "classes",
    [("0", "1"), (0, 1), (0.0, 1.0), (False, True)],
    ids=["strings", "integers", "floats", "truth values"],
)
def test_zero_and_one_in_any_form_are_a_binary_task(classes: tuple[object, object]) -> None:
    corpus = assemble([*[classes[0]] * 5, *[classes[1]] * 15])
    assert corpus.task is Task.BINARY
    assert corpus.labels.ravel().tolist() == [0] * 5 + [1] * 15


def test_two_labels_that_meet_in_a_row_are_no_binary_task() -> None:
    corpus = assemble([*[["a"]] * 10, *[["a", "b"]] * 10])
    assert corpus.task is Task.MULTILABEL
    assert corpus.label_names == ("a", "b")


def test_single_genres_are_label_sets_of_one() -> None:
    corpus = assemble(["x", "y", "z"] * 10)
    assert corpus.task is Task.MULTILABEL
    assert corpus.labels.sum(axis=1).tolist() == [1] * 30


def test_given_split_is_read_in_its_usual_spellings() -> None:
    split: list[object] = ["train", " Training", "VALID", "val", "dev", "Validation", "test"]
    corpus = assemble(["a", "b"] * 14, split=split * 4)
    assert corpus.notes[-1] == (
        "the file divides the texts itself, in column 'split': 16 validation, 8 train, 4 test"
    )
    assert corpus.given_split[:7] == ("train",) * 2 + ("validation",) * 4 + ("test",)


def test_split_of_a_dropped_row_does_not_matter() -> None:
    corpus = assemble(["", *["a", "b"] * 10], split=["?", *["train"] * 20])
    assert corpus.given_split == ("train",) * 20


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 30, "a label column with one value cannot be learned: .* only 'a'"),
        (["a", "b"] * 9, "expected at least 20 rows .* found 18 of 18"),
        (["", "b"] * 19, "expected at least 20 rows .* found 19 of 38"),
        ([f"name {i}" for i in range(30)], "expected labels that repeat .* found 30 different"),
    ],
    ids=["one value", "too few rows", "too few labels", "keys"],
)
def test_labels_that_cannot_be_learned_are_refused(labels: list[object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        assemble(labels)


def test_unknown_split_value_is_refused() -> None:
    with pytest.raises(DataError, match=r"expected one of train, .* 'split', found 'holdout'"):
        assemble(["a", "b"] * 10, split=["train"] * 19 + ["holdout"])


def test_text_column_of_numbers_is_refused() -> None:
    with pytest.raises(DataError, match="expected texts in column 'text', found int 3 in row 2"):
        assemble(["a", "b"] * 10, texts=["x", 3] * 10)


def test_36_000_rows_take_a_few_seconds_at_most() -> None:
    labels: list[object] = [f"l{i % 41}, l{i % 7}" for i in range(36_000)]
    corpus = assemble(labels)
    assert corpus.labels.shape == (36_000, 41)


def test_a_list_column_with_two_labels_is_a_label_set() -> None:
    frame = pd.DataFrame(
        {"text": [f"text {i}" for i in range(20)], "genres": [["a"], ["b"]] * 10}, dtype=object
    )
    corpus = assemble_texts(frame, Columns("text", "genres"))
    assert corpus.task is Task.MULTILABEL
    assert corpus.label_names == ("a", "b")
