from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    precision_recall_fscore_support,
)

from search.metrics.losses import cross_entropy
from search.metrics.scores import LabelScore, Scores, f1_scores, per_label, score
from search.metrics.thresholds import crossed_predictions


def split(n_labels: int = 6, seed: int = 1) -> tuple[Any, Any]:
    """Probabilities and labels of 300 texts; the last of several labels is on no text."""
    generator = np.random.default_rng(seed)
    probabilities = generator.random((300, n_labels)).astype(np.float32)
    labels = (generator.random((300, n_labels)) < 0.6 * probabilities**2).astype(np.uint8)
    if n_labels > 1:
        labels[:, -1] = 0
    return probabilities, labels


def test_f1_scores_are_scikit_learns() -> None:
    probabilities, labels = split()
    predictions = probabilities >= 0.5
    micro, macro = f1_scores(predictions, labels)
    assert micro == pytest.approx(f1_score(labels, predictions, average="micro"))
    scored = f1_score(labels[:, :-1], predictions[:, :-1], average="macro", zero_division=0)
    assert macro == pytest.approx(scored)


def test_false_alarms_on_a_label_without_positives_lower_micro_f1_alone() -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.uint8)
    predictions = np.array([[True, True], [False, True]])
    # One found, three predicted, one to find: 2 * 1 / (3 + 1).
    assert f1_scores(predictions, labels) == (0.5, 1.0)


def test_f1_is_0_without_a_positive() -> None:
    nothing = np.zeros((3, 2), dtype=np.uint8)
    assert f1_scores(np.zeros((3, 2), dtype=np.bool_), nothing) == (0.0, 0.0)
    assert f1_scores(np.ones((3, 2), dtype=np.bool_), nothing) == (0.0, 0.0)


def test_predictions_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\) must have the shape of \(3, 2\)"):
        f1_scores(np.zeros((2, 1), dtype=np.bool_), np.zeros((3, 2), dtype=np.uint8))


@pytest.mark.parametrize("n_labels", [6, 1])
def test_scores_are_scikit_learns_over_the_labels_with_a_positive(n_labels: int) -> None:
    probabilities, labels = split(n_labels)
    scored = slice(0, max(1, n_labels - 1))
    crossed = crossed_predictions(probabilities, labels)
    at_half = probabilities >= 0.5
    columns = range(scored.stop)
    macro = [f1_score(labels[:, c], crossed[:, c], zero_division=0) for c in columns]
    macro_at_half = [f1_score(labels[:, c], at_half[:, c], zero_division=0) for c in columns]
    precisions = [average_precision_score(labels[:, c], probabilities[:, c]) for c in columns]
    measured = score(probabilities, labels)
    assert measured.loss == cross_entropy(probabilities, labels)
    assert measured.f1_micro == pytest.approx(f1_score(labels.ravel(), crossed.ravel()))
    assert measured.f1_macro == pytest.approx(np.mean(macro))
    assert measured.f1_micro_at_half == pytest.approx(f1_score(labels.ravel(), at_half.ravel()))
    assert measured.f1_macro_at_half == pytest.approx(np.mean(macro_at_half))
    assert measured.average_precision == pytest.approx(np.mean(precisions))
    assert measured.n_labels_scored == len(columns)


def test_a_split_without_positives_has_a_loss_and_scores_of_0() -> None:
    measured = score(np.full((4, 2), 0.5), np.zeros((4, 2), dtype=np.uint8))
    assert measured.loss == pytest.approx(np.log(2))
    assert measured == Scores(measured.loss, 0.0, 0.0, 0.0, 0.0, 0.0, 0)


def test_a_perfect_split_of_one_text_scores_1() -> None:
    measured = score(np.array([[0.9, 0.1]]), np.array([[1, 0]], dtype=np.uint8))
    assert measured.loss == pytest.approx(-np.log(0.9))
    assert measured == Scores(measured.loss, 1.0, 1.0, 1.0, 1.0, 1.0, 1)


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not NaN"):
        score(np.array([[np.nan]]), np.array([[1]], dtype=np.uint8))


def test_labels_come_most_frequent_first_and_agree_with_scikit_learn() -> None:
    probabilities, labels = split()
    thresholds = np.linspace(0.3, 0.8, 6)
    names = ["Drama", "Comedy", "Horror", "Crime", "War", "Western"]
    theirs = precision_recall_fscore_support(labels, probabilities >= thresholds, zero_division=0)
    table = per_label(probabilities, labels, thresholds, names)
    supports = [row.support for row in table]
    assert supports == sorted(supports, reverse=True)
    assert {row.name for row in table} == set(names)
    for row in table:
        column = names.index(row.name)
        ours = (row.precision, row.recall, row.f1, row.support)
        assert ours == pytest.approx([measure[column] for measure in theirs])
        assert row.threshold == thresholds[column]
        if row.name != "Western":
            precision = average_precision_score(labels[:, column], probabilities[:, column])
            assert row.average_precision == pytest.approx(precision)


def test_a_label_without_positives_has_no_average_precision() -> None:
    (row,) = per_label(
        np.array([[0.9], [0.2]]), np.zeros((2, 1), dtype=np.uint8), np.array([0.5]), ["War"]
    )
    assert row == LabelScore("War", 0, 0.0, 0.0, 0.0, None, 0.5)


def test_equally_frequent_labels_keep_the_order_of_the_columns() -> None:
    labels = np.array([[1, 1, 1], [0, 0, 1]], dtype=np.uint8)
    table = per_label(np.full((2, 3), 0.5), labels, np.full(3, 0.5), ["b", "a", "c"])
    assert [row.name for row in table] == ["c", "b", "a"]


def test_a_table_needs_a_threshold_and_a_name_for_each_label() -> None:
    probabilities, labels = split()
    with pytest.raises(ValueError, match=r"6 labels need .* got \(5,\) and 6"):
        per_label(probabilities, labels, np.full(5, 0.5), list("abcdef"))
    with pytest.raises(ValueError, match=r"got \(6,\) and 2"):
        per_label(probabilities, labels, np.full(6, 0.5), ["a", "b"])


def test_values_outside_their_range_make_no_scores() -> None:
    scores = Scores(0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 3)
    with pytest.raises(ValueError, match="loss and n_labels_scored must be at least 0"):
        replace(scores, loss=float("nan"))
    with pytest.raises(ValueError, match=r"shares must be in \[0, 1\]"):
        replace(scores, f1_macro=1.5)
    label = LabelScore("War", 3, 0.5, 0.5, 0.5, 0.5, 0.5)
    with pytest.raises(ValueError, match=r"shares must be in \[0, 1\]"):
        replace(label, average_precision=float("nan"))
    with pytest.raises(ValueError, match="support must be at least 0"):
        replace(label, support=-1)
