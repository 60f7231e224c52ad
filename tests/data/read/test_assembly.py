"""Assembling a corpus: usable rows, label matrix, notes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from search.data.labelled_texts import LabelledTexts
from search.data.read.assembly import LabelRules, assemble_texts
from search.data.read.columns import Columns
from search.errors import DataError
from search.metrics.task import Task


def assemble(
    labels: Sequence[object],
    *,
    texts: Sequence[object] | None = None,
    split: Sequence[object] | None = None,
    rules: LabelRules | None = None,
) -> LabelledTexts:
    frame = pd.DataFrame(
        {"text": texts or [f"text {i}" for i in range(len(labels))], "label": labels},
        dtype=object,
    )
    if split is not None:
        frame["split"] = pd.Series(list(split), dtype=object)
    columns = Columns("text", ("label",), split=None if split is None else "split")
    return assemble_texts(frame, columns, rules)


def test_rows_become_a_label_matrix_with_the_most_frequent_label_first() -> None:
    corpus = assemble([*["b, a"] * 10, *["c,b ,b"] * 10])
    assert corpus.label_names == ("b", "a", "c")
    assert corpus.labels[0].tolist() == [1, 1, 0]
    assert corpus.labels[-1].tolist() == [1, 0, 1]
    assert corpus.labels.dtype == np.uint8
    assert corpus.task is Task.MULTILABEL
    (note,) = corpus.notes
    for part in ("'text'", "'label'", "','"):
        assert part in note


def test_what_else_was_possible_stands_in_the_note() -> None:
    frame = pd.DataFrame({"text": [f"text {i}" for i in range(20)], "label": ["a", "b"] * 10})
    columns = Columns("text", ("label",), rivals=(("text_column", "title"),))
    corpus = assemble_texts(frame.astype(object), columns, notes=["CSV"])
    assert corpus.notes[0] == "CSV"
    assert "`text_column` title" in corpus.notes[1]


def test_texts_are_stripped_and_keep_their_inside() -> None:
    corpus = assemble(["a", "b"] * 10, texts=["\n one  <br /> two \t"] * 20)
    assert corpus.texts[0] == "one  <br /> two"


def test_rows_without_text_or_label_are_dropped_and_counted() -> None:
    texts: list[object] = ["", "  ", None, float("nan"), *["x"] * 22]
    labels: list[object] = [*"abab", "", None, *["a", "b"] * 10]
    corpus = assemble(labels, texts=texts)
    assert len(corpus.texts) == 20
    for part in ("6 of 26 rows dropped", "4 without a text", "2 without a label"):
        assert part in corpus.notes[1]


def test_row_without_a_label_is_kept_where_that_is_asked_for() -> None:
    corpus = assemble([["a"], ["b"], []] * 8, rules=LabelRules(keeps_empty=True))
    assert corpus.labels.sum(axis=1).tolist() == [1, 1, 0] * 8
    assert corpus.task is Task.MULTILABEL
    with pytest.raises(DataError, match="class") as caught:
        assemble(["a", "b", ""] * 8, rules=LabelRules(keeps_empty=True))
    assert caught.value.parameter == "empty_labels"


def test_two_single_values_are_a_binary_task() -> None:
    corpus = assemble(["ham"] * 15 + ["spam"] * 5)
    assert corpus.task is Task.BINARY
    assert corpus.outcome_names == ("spam", "ham")
    assert corpus.labels.sum() == 5
    assert "'spam', not 'ham'" in corpus.notes[1]


@pytest.mark.parametrize(
    "classes",
    [("0", "1"), (0, 1), (0.0, 1.0), (False, True)],
    ids=["strings", "integers", "floats", "truth values"],
)
def test_zero_and_one_in_any_form_are_a_binary_task(classes: tuple[object, object]) -> None:
    corpus = assemble([*[classes[0]] * 5, *[classes[1]] * 15])
    assert corpus.task is Task.BINARY
    assert corpus.labels.ravel().tolist() == [0] * 5 + [1] * 15


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([["a"], ["a", "b"]] * 10, ("a", "b")),
        ([["a"], ["b"]] * 10, ("a", "b")),
        (["x", "y", "x, y"] * 10, ("x", "y")),
    ],
    ids=["two that meet", "lists of one", "joined"],
)
def test_lists_and_joined_labels_are_label_sets(
    labels: list[object], names: tuple[str, ...]
) -> None:
    corpus = assemble(labels)
    assert (corpus.label_names, corpus.task) == (names, Task.MULTILABEL)


def test_one_column_a_label_keeps_rows_without_one() -> None:
    frame = pd.DataFrame(
        {"text": [f"text {i}" for i in range(21)], "a": ["1", "0", "0"] * 7, "b": [0, 1, 0] * 7},
        dtype=object,
    )
    corpus = assemble_texts(frame, Columns("text", ("a", "b")))
    assert corpus.label_names == ("a", "b")
    assert corpus.labels[:3].tolist() == [[1, 0], [0, 1], [0, 0]]


def test_given_split_is_read_in_its_usual_spellings() -> None:
    split: list[object] = ["train", " Training", "VALID", "val", "dev", "Validation", "test"]
    corpus = assemble(["a", "b"] * 14, split=split * 4)
    assert corpus.given_split[:7] == ("train",) * 2 + ("validation",) * 4 + ("test",)
    for part in ("'split'", "16 validation", "8 train", "4 test"):
        assert part in corpus.notes[-1]


def test_split_of_a_dropped_row_does_not_matter() -> None:
    corpus = assemble(["", *["a", "b"] * 10], split=["?", *["train"] * 20])
    assert corpus.given_split == ("train",) * 20


@pytest.mark.parametrize(
    ("labels", "parts"),
    [
        (["a"] * 30, ("two labels or more", "only 'a'")),
        ([[]] * 30, ("at least 20", "found 0 of 30")),
        (["a", "b"] * 9, ("at least 20", "found 18 of 18")),
        (["", "b"] * 19, ("at least 20", "found 19 of 38")),
        ([f"name {i}" for i in range(30)], ("labels that repeat", "30 different", "'name ")),
    ],
    ids=["one value", "no label", "too few rows", "too few labels", "keys"],
)
def test_labels_that_cannot_be_learned_are_refused(
    labels: list[object], parts: tuple[str, ...]
) -> None:
    with pytest.raises(DataError) as caught:
        assemble(labels)
    for part in parts:
        assert part in caught.value.message
    assert caught.value.hint


def test_unknown_split_value_is_refused() -> None:
    with pytest.raises(DataError, match=r"train, .*'split', found 'holdout'"):
        assemble(["a", "b"] * 10, split=["train"] * 19 + ["holdout"])


def test_text_column_of_numbers_is_refused() -> None:
    with pytest.raises(DataError, match=r"column 'text'.*3.* in row 2") as caught:
        assemble(["a", "b"] * 10, texts=["x", 3] * 10)
    assert "`text_column`" in caught.value.hint


def test_halves_of_characters_in_texts_are_replaced_and_counted() -> None:
    corpus = assemble(["a", "b"] * 10, texts=["é \udc80!", "é 😀"] * 10)
    assert corpus.texts[:2] == ("é \ufffd!", "é 😀")
    assert "10 texts with halves" in corpus.notes[1]


def test_36_000_rows_take_a_few_seconds_at_most() -> None:
    labels: list[object] = [f"l{i % 41}, l{i % 7}" for i in range(36_000)]
    assert assemble(labels).labels.shape == (36_000, 41)


MULTICLASS, MULTILABEL, BINARY = (
    LabelRules(task=task) for task in (Task.MULTICLASS, Task.MULTILABEL, Task.BINARY)
)
ONE_HOT = pd.DataFrame(
    {"text": [f"text {i}" for i in range(21)], "a": [1, 0, 0] * 7, "b": [0, 1, 1] * 7},
    dtype=object,
)


def test_three_single_values_are_one_choice_for_each_text() -> None:
    corpus = assemble(["sport", "world", "tech", "world"] * 6)
    assert corpus.task is Task.MULTICLASS
    assert corpus.label_names == ("world", "sport", "tech")
    assert corpus.labels[:3].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert corpus.negative_name == ""
    assert corpus.notes[-1].startswith("one of 3 classes for each text")
    assert "order" not in corpus.notes[-1]


@pytest.mark.parametrize(
    ("labels", "is_rating"),
    [
        pytest.param([1, 2, 3, 4, 5], True, id="stars"),
        pytest.param(["1", "-1", "0"], True, id="signs"),
        pytest.param([1.0, 2.0, 3.0], True, id="floats of a column with gaps"),
        pytest.param(["1", "2", "many"], False, id="a word among them"),
        pytest.param(["1 star", "2 stars", "3 stars"], False, id="words"),
    ],
)
def test_numbers_as_classes_are_said_to_have_no_order(
    labels: list[object], is_rating: bool
) -> None:
    corpus = assemble(labels * 8)
    assert corpus.task is Task.MULTICLASS
    assert ("order of these numbers is not used" in corpus.notes[-1]) is is_rating


@pytest.mark.parametrize(
    ("labels", "rules", "task", "names"),
    [
        pytest.param(
            ["a", "b", "c"] * 8, MULTILABEL, Task.MULTILABEL, ("a", "b", "c"), id="as several"
        ),
        pytest.param(["a", "b"] * 12, MULTILABEL, Task.MULTILABEL, ("a", "b"), id="two as several"),
        pytest.param(["a", "b"] * 12, MULTICLASS, Task.MULTICLASS, ("a", "b"), id="two as choices"),
        pytest.param(
            [["a"], ["b"], ["c"]] * 8,
            MULTICLASS,
            Task.MULTICLASS,
            ("a", "b", "c"),
            id="lists of one as choices",
        ),
        pytest.param([["a"], ["b"]] * 12, BINARY, Task.BINARY, ("b", "a"), id="lists as binary"),
        pytest.param(["a", "b"] * 12, BINARY, Task.BINARY, ("b", "a"), id="binary as it would be"),
    ],
)
def test_the_task_is_the_one_that_is_asked_for(
    labels: list[object], rules: LabelRules, task: Task, names: tuple[str, ...]
) -> None:
    corpus = assemble(labels, rules=rules)
    assert (corpus.task, corpus.outcome_names) == (task, names)
    assert corpus.labels.shape[1] == len(corpus.label_names)


def test_one_column_a_label_is_a_choice_only_where_that_is_asked_for() -> None:
    columns = Columns("text", ("a", "b"))
    assert assemble_texts(ONE_HOT, columns).task is Task.MULTILABEL
    chosen = assemble_texts(ONE_HOT, columns, MULTICLASS)
    assert (chosen.task, chosen.label_names) == (Task.MULTICLASS, ("b", "a"))
    two = assemble_texts(ONE_HOT, columns, BINARY)
    assert (two.task, two.outcome_names) == (Task.BINARY, ("b", "a"))


@pytest.mark.parametrize(
    ("labels", "rules", "parts"),
    [
        pytest.param(
            [["a"], ["b"], ["c", "a"]] * 8,
            MULTICLASS,
            ("exactly one label for each text", "one with c, a"),
            id="a choice of two",
        ),
        pytest.param(
            [["a"], ["b"], ["a", "b"]] * 8,
            BINARY,
            ("exactly one label for each text", "one with a, b"),
            id="a class of two",
        ),
        pytest.param(
            ["a", "b", "c"] * 8,
            BINARY,
            ("two classes", "found 3, such as a, b, c"),
            id="three classes as two",
        ),
        pytest.param(
            [["a"], ["b"], []] * 8,
            LabelRules(keeps_empty=True, task=Task.MULTICLASS),
            ("exactly one label for each text", "one without a label"),
            id="a text without a label",
        ),
    ],
)
def test_a_task_that_the_labels_do_not_allow_is_refused(
    labels: list[object], rules: LabelRules, parts: tuple[str, ...]
) -> None:
    with pytest.raises(DataError) as caught:
        assemble(labels, rules=rules)
    for part in parts:
        assert part in caught.value.message
    assert caught.value.parameter == "task"
    assert "`task`" in caught.value.hint


def test_a_row_of_columns_without_a_label_is_no_choice() -> None:
    frame = ONE_HOT.copy()
    frame.loc[3, ["a", "b"]] = 0
    with pytest.raises(DataError, match="one without a label") as caught:
        assemble_texts(frame, Columns("text", ("a", "b")), MULTICLASS)
    assert caught.value.parameter == "task"


def test_a_dropped_row_does_not_keep_others_from_being_a_choice() -> None:
    corpus = assemble([*["a", "b", "c"] * 8, ""], rules=MULTICLASS)
    assert corpus.labels.sum(axis=1).tolist() == [1] * 24
