from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    hamming_loss,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)

from search.metrics.decisions import (
    DecisionScores,
    accuracy_at_half,
    check_shares,
    label_decisions,
    score_decisions,
)


def decided(n_texts: int, n_labels: int, seed: int = 1, rate: float = 0.3) -> tuple[Any, Any]:
    """Predictions, two thirds of them right where positive, and labels."""
    generator = np.random.default_rng(seed)
    labels = (generator.random((n_texts, n_labels)) < rate).astype(np.uint8)
    chance = np.where(labels, 0.67, 0.2)
    return generator.random(labels.shape) < chance, labels


def unlabelled() -> tuple[Any, Any]:
    """Texts without a label, texts without a prediction, and a label on no text."""
    predictions, labels = decided(60, 5)
    labels[:20], labels[:, 4] = 0, 0
    predictions[10:30] = False
    predictions[:, 3] = False
    return predictions, labels


NOTHING = np.zeros((4, 3), dtype=np.uint8)
CASES = [
    pytest.param(*decided(200, 6), id="random"),
    pytest.param(*decided(200, 1), id="binary"),
    pytest.param(*decided(1, 5, rate=0.6), id="one text"),
    pytest.param(*decided(40, 60, rate=0.02), id="rare"),
    pytest.param(*unlabelled(), id="empty rows and columns"),
    pytest.param(NOTHING == 1, NOTHING, id="no positive, none predicted"),
    pytest.param(NOTHING == 0, NOTHING, id="no positive, all predicted"),
    pytest.param(NOTHING == 1, NOTHING + 1, id="all positive, none predicted"),
    pytest.param(NOTHING == 0, NOTHING + 1, id="all positive, all predicted"),
    pytest.param(NOTHING[:, :1] == 0, NOTHING[:, :1], id="binary without a positive"),
]


@pytest.mark.parametrize(("predictions", "labels"), CASES)
def test_measures_over_cells_and_texts_are_scikit_learns(predictions: Any, labels: Any) -> None:
    measured = score_decisions(predictions, labels)
    entries = labels.ravel(), predictions.ravel()
    assert measured.f1_micro == pytest.approx(f1_score(*entries, zero_division=0))
    assert measured.precision_micro == pytest.approx(precision_score(*entries, zero_division=0))
    assert measured.recall_micro == pytest.approx(recall_score(*entries, zero_division=0))
    assert measured.hamming_loss == pytest.approx(hamming_loss(*entries))
    if labels.shape[1] == 1:
        assert measured.f1_samples is None
        assert measured.exact_match == pytest.approx(accuracy_score(*entries))
    else:
        samples = f1_score(labels, predictions, average="samples", zero_division=0)
        assert measured.f1_samples == pytest.approx(samples)
        assert measured.exact_match == pytest.approx(accuracy_score(labels, predictions))


@pytest.mark.parametrize(("predictions", "labels"), CASES)
def test_means_over_labels_are_scikit_learns_of_those_with_a_positive(
    predictions: Any, labels: Any
) -> None:
    measured = score_decisions(predictions, labels)
    scored = np.flatnonzero(labels.any(axis=0))
    each = np.array(
        [
            precision_recall_fscore_support(
                labels[:, c], predictions[:, c], average="binary", zero_division=0
            )[:3]
            for c in scored
        ]
    ).reshape(-1, 3)
    precision, recall, f1 = each.mean(axis=0) if scored.size else np.zeros(3)
    assert measured.precision_macro == pytest.approx(precision)
    assert measured.recall_macro == pytest.approx(recall)
    assert measured.f1_macro == pytest.approx(f1)
    if labels.shape[1] > 1:
        weighted = f1_score(labels, predictions, average="weighted", zero_division=0)
        assert measured.f1_weighted == pytest.approx(weighted)
    else:
        assert measured.f1_weighted == measured.f1_macro


@pytest.mark.parametrize(("predictions", "labels"), CASES)
def test_each_label_is_measured_as_by_scikit_learn(predictions: Any, labels: Any) -> None:
    measured = label_decisions(predictions, labels)
    for c in range(labels.shape[1]):
        theirs = precision_recall_fscore_support(
            labels[:, c], predictions[:, c], average="binary", zero_division=0
        )
        ours = measured.precision[c], measured.recall[c], measured.f1[c]
        assert ours == pytest.approx(theirs[:3])
    assert measured.support.tolist() == labels.sum(axis=0).tolist()
    assert measured.support.dtype == np.int64


def test_the_measures_of_three_texts_by_hand() -> None:
    labels = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]], dtype=np.uint8)
    predictions = np.array([[True, False, True], [True, False, False], [False, False, False]])
    # 2 found, 3 predicted, 3 to find. F1s of the labels 1, 0 and 0 with 2, 1 and 0 positives;
    # of the texts 2/3, 2/3 and 0.
    by_hand = DecisionScores(
        f1_micro=4 / 6,
        f1_macro=1 / 2,
        f1_weighted=2 / 3,
        f1_samples=4 / 9,
        precision_micro=2 / 3,
        precision_macro=1 / 2,
        recall_micro=2 / 3,
        recall_macro=1 / 2,
        exact_match=1 / 3,
        hamming_loss=2 / 9,
    )
    assert asdict(score_decisions(predictions, labels)) == pytest.approx(asdict(by_hand))


def test_false_alarms_on_a_label_without_positives_lower_micro_f1_alone() -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.uint8)
    measured = score_decisions(np.array([[True, True], [False, True]]), labels)
    # One found, three predicted, one to find: 2 * 1 / (3 + 1).
    assert (measured.f1_micro, measured.f1_macro) == (0.5, 1.0)


@pytest.mark.parametrize("measure", [score_decisions, label_decisions])
def test_predictions_of_another_shape_are_refused(measure: Any) -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\).*shape.*\(3, 2\)"):
        measure(np.zeros((2, 1), dtype=np.bool_), np.zeros((3, 2), dtype=np.uint8))


@pytest.mark.parametrize("measure", [score_decisions, label_decisions])
def test_labels_other_than_0_and_1_or_none_at_all_are_refused(measure: Any) -> None:
    with pytest.raises(ValueError, match="0 or 1"):
        measure(np.ones((1, 2), dtype=np.bool_), np.array([[1, 2]], dtype=np.uint8))
    with pytest.raises(ValueError, match=r"one of each.*\(0, 2\)"):
        measure(np.zeros((0, 2), dtype=np.bool_), np.zeros((0, 2), dtype=np.uint8))


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(share: float) -> None:
    check_shares("F1", 0.0, 1.0)
    with pytest.raises(ValueError, match=r"\[0, 1\].*F1"):
        check_shares("F1", 0.5, share)
    measured = score_decisions(*decided(5, 2))
    with pytest.raises(ValueError, match=r"\[0, 1\].*DecisionScores"):
        replace(measured, f1_samples=share)


@pytest.mark.parametrize("n_labels", [1, 6])
def test_accuracy_is_scikit_learns_over_the_cells(n_labels: int) -> None:
    probabilities = np.random.default_rng(4).random((50, n_labels)).astype(np.float32)
    _, labels = decided(50, n_labels)
    theirs = accuracy_score(labels.ravel(), probabilities.ravel() >= 0.5)
    assert accuracy_at_half(probabilities, labels) == pytest.approx(theirs)


def test_a_probability_of_exactly_one_half_predicts_the_label() -> None:
    probabilities = np.array([[0.5, 0.5], [0.49, 0.51]], dtype=np.float32)
    assert accuracy_at_half(probabilities, np.array([[1, 1], [1, 1]], dtype=np.uint8)) == 0.75
    assert accuracy_at_half(probabilities, np.array([[0, 0], [0, 0]], dtype=np.uint8)) == 0.25


def test_predicting_nothing_where_one_cell_in_twenty_is_positive_is_accurate() -> None:
    labels = np.zeros((10, 20), dtype=np.uint8)
    labels[np.arange(10), np.arange(10)] = 1
    assert accuracy_at_half(np.full((10, 20), 0.05, np.float32), labels) == 0.95
