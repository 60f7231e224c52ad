from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from search.metrics.predictions import (
    choose,
    count_confusions,
    measure_accuracy,
    predict_labels,
)
from search.metrics.task import Task
from search.metrics.thresholds import crossed_predictions
from tests.metrics.choices import draw_choices

ONE = Task.MULTICLASS


def test_the_most_probable_label_is_predicted_and_no_other() -> None:
    probabilities, labels = draw_choices()
    predicted = predict_labels(probabilities, labels, ONE)
    assert predicted.dtype == np.bool_
    assert predicted.sum(axis=1).tolist() == [1] * 300
    assert predicted.argmax(axis=1).tolist() == probabilities.argmax(axis=1).tolist()


def test_of_equally_probable_labels_the_first_is_predicted() -> None:
    probabilities = np.array([[0.2, 0.4, 0.4], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.0, 0.5]])
    labels = np.eye(3, dtype=np.uint8)
    predicted = predict_labels(probabilities, labels, ONE)
    assert predicted.tolist() == [
        [False, True, False],
        [True, False, False],
        [True, False, False],
    ]
    # The first of equal ones counts, though the true label is as probable.
    assert measure_accuracy(probabilities, labels, ONE) == 0.0
    assert measure_accuracy(probabilities, labels[[1, 0, 0]], ONE) == 1.0


def test_what_is_predicted_of_one_choice_does_not_depend_on_the_truth() -> None:
    probabilities, labels = draw_choices()
    other = predict_labels(probabilities, np.roll(labels, 1, axis=1), ONE)
    assert np.array_equal(other, predict_labels(probabilities, labels, ONE))


@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.BINARY], ids=str)
def test_the_other_tasks_are_predicted_at_crossed_thresholds(task: Task) -> None:
    probabilities, labels = draw_choices()
    expected = crossed_predictions(probabilities, labels)
    assert np.array_equal(predict_labels(probabilities, labels, task), expected)


def test_one_text_is_predicted_by_its_most_probable_label() -> None:
    labels = np.array([[0, 1]], dtype=np.uint8)
    assert predict_labels(np.array([[0.1, 0.9]]), labels, ONE).tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        pytest.param([[np.nan, 0.5]], [[1, 0]], "not NaN", id="nan"),
        pytest.param([[0.5, 1.5]], [[1, 0]], r"\[0, 1\]", id="above 1"),
        pytest.param([[0.5, 0.5]], [[1, 0, 0]], "shape", id="another shape"),
        pytest.param(np.zeros((0, 3)), np.zeros((0, 3)), "one of each", id="no text"),
    ],
)
def test_what_is_no_pair_of_matrices_is_refused(
    probabilities: Any, labels: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        predict_labels(np.array(probabilities), np.array(labels, dtype=np.uint8), ONE)


@pytest.mark.parametrize("kind", [np.float32, np.float64], ids=["float32", "float64"])
def test_accuracy_is_scikit_learns(kind: type) -> None:
    probabilities, labels = draw_choices(n_without=2)
    theirs = accuracy_score(labels.argmax(axis=1), probabilities.argmax(axis=1))
    found = measure_accuracy(probabilities.astype(kind), labels, ONE)
    assert found == pytest.approx(theirs)
    assert 0.2 < found < 0.9


def test_the_accuracy_of_several_labels_counts_entries() -> None:
    probabilities = np.array([[0.9, 0.2, 0.6], [0.4, 0.1, 0.1]])
    labels = np.array([[1, 0, 0], [1, 0, 0]], dtype=np.uint8)
    # Two of six entries are wrong; the most probable label is true of both texts.
    assert measure_accuracy(probabilities, labels, Task.MULTILABEL) == pytest.approx(4 / 6)
    assert measure_accuracy(probabilities, labels, ONE) == 1.0


def test_confusions_are_scikit_learns_with_labels_that_no_text_has() -> None:
    probabilities, labels = draw_choices(n_without=2)
    counts = count_confusions(predict_labels(probabilities, labels, ONE), labels)
    theirs = confusion_matrix(
        labels.argmax(axis=1), probabilities.argmax(axis=1), labels=list(range(6))
    )
    assert counts.dtype == np.int64
    assert counts.tolist() == theirs.tolist()
    assert counts[-2:].sum() == 0 < counts[:, -2:].sum()


def test_more_than_255_texts_of_a_kind_are_counted() -> None:
    labels = np.tile(np.array([[1, 0]], dtype=np.uint8), (1000, 1))
    assert count_confusions(labels == 0, labels).tolist() == [[0, 1000], [0, 0]]


@pytest.mark.parametrize(
    "labels", [[[1, 0], [0, 0]], [[1, 0], [1, 1]]], ids=["a text without", "a text with two"]
)
def test_confusions_need_one_label_a_text(labels: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="exactly one label"):
        count_confusions(np.eye(2, dtype=np.bool_), np.array(labels, dtype=np.uint8))


def test_the_highest_score_of_a_row_is_chosen_below_0_too() -> None:
    chosen = choose(np.array([[-3.0, -1.0], [-1.0, -1.0]]))
    assert chosen.tolist() == [[False, True], [True, False]]
