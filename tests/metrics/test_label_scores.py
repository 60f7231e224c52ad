from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from search.metrics.label_scores import LabelScore, score_labels
from search.metrics.scores import score
from search.metrics.task import Task
from search.metrics.thresholds import best_thresholds, crossed_predictions
from tests.metrics.choices import draw_choices

NAMES = ["Drama", "Comedy", "Horror", "Crime", "War", "Western"]
WAR = LabelScore(
    name="War",
    support=3,
    precision=0.5,
    recall=0.4,
    f1=0.45,
    precision_at_half=1.0,
    recall_at_half=0.1,
    f1_at_half=0.2,
    average_precision=0.5,
    threshold=0.3,
)


def split(decimals: int = 8) -> tuple[Any, Any]:
    """Probabilities and labels of 300 texts; the last of 6 labels is on no text."""
    generator = np.random.default_rng(1)
    probabilities = generator.random((300, 6)).round(decimals)
    labels = (generator.random((300, 6)) < 0.6 * probabilities**2).astype(np.uint8)
    labels[:, -1] = 0
    return probabilities, labels


@pytest.mark.parametrize("decimals", [1, 8])
def test_the_measures_of_a_label_are_scikit_learns(decimals: int) -> None:
    probabilities, labels = split(decimals)
    crossed = crossed_predictions(probabilities, labels)
    tuned = precision_recall_fscore_support(labels, crossed, zero_division=0)
    halves = precision_recall_fscore_support(labels, probabilities >= 0.5, zero_division=0)
    thresholds = np.linspace(0.3, 0.8, 6)
    table = score_labels(probabilities, labels, thresholds, NAMES)
    assert {row.name for row in table} == set(NAMES)
    for row in table:
        c = NAMES.index(row.name)
        ours = (row.precision, row.recall, row.f1, row.support)
        assert ours == pytest.approx([measure[c] for measure in tuned])
        at_half = (row.precision_at_half, row.recall_at_half, row.f1_at_half)
        assert at_half == pytest.approx([measure[c] for measure in halves[:3]])
        assert row.threshold == thresholds[c]
        if row.support:
            precision = average_precision_score(labels[:, c], probabilities[:, c])
            assert row.average_precision == pytest.approx(precision)


def test_the_mean_f1_of_the_labels_with_a_positive_is_the_macro_f1() -> None:
    probabilities, labels = split()
    thresholds = best_thresholds(probabilities, labels)
    table = [row for row in score_labels(probabilities, labels, thresholds, NAMES) if row.support]
    measured = score(probabilities, labels)
    assert measured.at_half is not None
    assert np.mean([row.f1 for row in table]) == pytest.approx(measured.tuned.f1_macro)
    assert np.mean([row.f1_at_half for row in table]) == pytest.approx(measured.at_half.f1_macro)


def test_thresholds_are_listed_and_do_not_change_the_measures() -> None:
    probabilities, labels = split()
    low = score_labels(probabilities, labels, np.zeros(6), NAMES)
    high = score_labels(probabilities, labels, np.ones(6), NAMES)
    assert [replace(row, threshold=1.0) for row in low] == list(high)


def test_the_most_frequent_label_comes_first() -> None:
    probabilities, labels = split()
    supports = [row.support for row in score_labels(probabilities, labels, np.full(6, 0.5), NAMES)]
    assert supports == sorted(labels.sum(axis=0).tolist(), reverse=True)


def test_equally_frequent_labels_keep_the_order_of_the_columns() -> None:
    labels = np.array([[1, 1, 1], [0, 0, 1]], dtype=np.uint8)
    table = score_labels(np.full((2, 3), 0.5), labels, np.full(3, 0.5), ["b", "a", "c"])
    assert [row.name for row in table] == ["c", "b", "a"]


def test_a_label_without_positives_has_no_average_precision() -> None:
    nothing = np.zeros((2, 1), dtype=np.uint8)
    (row,) = score_labels(np.array([[0.9], [0.2]]), nothing, np.array([0.4]), ["War"])
    assert row == LabelScore("War", 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, 0.4)


def test_the_row_of_a_single_text_is_measured_at_a_half() -> None:
    found, missed = score_labels(
        np.array([[0.5, 0.4]]), np.ones((1, 2), dtype=np.uint8), np.full(2, 0.2), ["a", "b"]
    )
    assert found == LabelScore("a", 1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.2)
    assert missed == LabelScore("b", 1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.2)


def test_a_table_needs_a_threshold_and_a_name_for_each_label() -> None:
    probabilities, labels = split()
    with pytest.raises(ValueError, match=r"6 labels.*\(5,\).*6"):
        score_labels(probabilities, labels, np.full(5, 0.5), NAMES)
    with pytest.raises(ValueError, match=r"\(6,\).*2$"):
        score_labels(probabilities, labels, np.full(6, 0.5), ["a", "b"])


@pytest.mark.parametrize("threshold", [np.nan, -0.1, 1.1])
def test_a_threshold_that_is_none_is_refused(threshold: float) -> None:
    probabilities, labels = split()
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        score_labels(probabilities, labels, np.full(6, threshold), NAMES)


def test_nan_is_refused() -> None:
    one = np.ones((1, 1), dtype=np.uint8)
    with pytest.raises(ValueError, match="not NaN"):
        score_labels(np.array([[np.nan]]), one, np.array([0.5]), ["War"])


SHARES = [name for name in LabelScore.__slots__ if name not in ("name", "support")]


@pytest.mark.parametrize("share", SHARES)
def test_values_outside_their_range_make_no_row(share: str) -> None:
    changed: dict[str, Any]
    for wrong in (-0.1, 1.5, float("nan")):
        changed = {share: wrong}
        with pytest.raises(ValueError, match=r"\[0, 1\]"):
            replace(WAR, **changed)


def test_a_negative_support_makes_no_row() -> None:
    with pytest.raises(ValueError, match=r"support.*at least 0"):
        replace(WAR, support=-1)


NONE = np.empty(0)
"""The thresholds of one choice."""


def test_the_measures_of_a_choice_are_scikit_learns() -> None:
    probabilities, labels = draw_choices(n_without=1)
    true, chosen = labels.argmax(axis=1), probabilities.argmax(axis=1)
    theirs = precision_recall_fscore_support(true, chosen, labels=list(range(6)), zero_division=0)
    table = score_labels(probabilities, labels, NONE, NAMES, Task.MULTICLASS)
    assert {row.name for row in table} == set(NAMES)
    for row in table:
        c = NAMES.index(row.name)
        ours = (row.precision, row.recall, row.f1, row.support)
        assert ours == pytest.approx([measure[c] for measure in theirs])
        if row.support:
            precision = average_precision_score(labels[:, c], probabilities[:, c])
            assert row.average_precision == pytest.approx(precision)
    assert [row.support for row in table] == sorted(labels.sum(axis=0).tolist(), reverse=True)


def test_a_choice_has_no_thresholds_and_no_half() -> None:
    for row in score_labels(*draw_choices(), NONE, NAMES, Task.MULTICLASS):
        halves = (row.precision_at_half, row.recall_at_half, row.f1_at_half)
        assert (row.threshold, *halves) == (None,) * 4


def test_the_mean_f1_of_the_choices_with_a_text_is_the_macro_f1() -> None:
    probabilities, labels = draw_choices(n_without=1)
    table = score_labels(probabilities, labels, NONE, NAMES, Task.MULTICLASS)
    mean = np.mean([row.f1 for row in table if row.support])
    macro = score(probabilities, labels, Task.MULTICLASS).tuned.f1_macro
    assert mean == pytest.approx(macro)


def test_a_choice_on_no_text_that_is_predicted_has_a_precision_of_0() -> None:
    labels = np.array([[1, 0], [1, 0]], dtype=np.uint8)
    probabilities = np.array([[0.8, 0.2], [0.3, 0.7]])
    there, missing = score_labels(probabilities, labels, NONE, ["a", "b"], Task.MULTICLASS)
    assert there == LabelScore("a", 2, 1.0, 0.5, 2 / 3, None, None, None, 1.0, None)
    assert missing == LabelScore("b", 0, 0.0, 0.0, 0.0, None, None, None, None, None)


def test_each_choice_needs_a_name() -> None:
    with pytest.raises(ValueError, match=r"6 labels.*5$"):
        score_labels(*draw_choices(), NONE, NAMES[:5], Task.MULTICLASS)


def test_predictions_that_were_decided_elsewhere_are_scored() -> None:
    probabilities, labels = split()
    decided = np.random.default_rng(3).random(labels.shape) < 0.5
    tuned = precision_recall_fscore_support(labels, decided, zero_division=0)
    table = score_labels(probabilities, labels, np.full(6, 0.5), NAMES, predictions=decided)
    for row in table:
        c = NAMES.index(row.name)
        assert (row.precision, row.recall, row.f1) == pytest.approx([m[c] for m in tuned[:3]])
