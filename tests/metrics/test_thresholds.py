from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import f1_score

from search.metrics.thresholds import best_thresholds, crossed_predictions


def column(*values: float) -> npt.NDArray[np.float64]:
    return np.array(values, dtype=np.float64)[:, None]


def truth(*values: int) -> npt.NDArray[np.uint8]:
    return np.array(values, dtype=np.uint8)[:, None]


def searched_f1(scores: Any, labels: Any) -> float:
    """The greatest F1 of any threshold, by trying one between all neighbouring scores."""
    edges = np.concatenate([[0.0], np.unique(scores), [1.0]])
    tried = [t for t in (edges[1:] + edges[:-1]) / 2 if t > 0.0]
    return float(max(f1_score(labels, scores >= t, zero_division=0) for t in tried))


def test_a_threshold_lies_midway_between_the_neighbours_it_separates() -> None:
    thresholds = best_thresholds(column(0.1, 0.2, 0.6, 0.9), truth(0, 0, 1, 1), min_positives=1)
    assert thresholds == pytest.approx([0.4])
    assert thresholds.dtype == np.float64


@pytest.mark.parametrize("decimals", [1, 2, 8])
def test_no_threshold_is_better_than_the_best_one(decimals: int) -> None:
    generator = np.random.default_rng(decimals)
    scores = generator.random((80, 5)).round(decimals)
    labels = (generator.random((80, 5)) < scores**2).astype(np.uint8)
    thresholds = best_thresholds(scores, labels, min_positives=1)
    for label in range(5):
        predictions = scores[:, label] >= thresholds[label]
        reached = f1_score(labels[:, label], predictions, zero_division=0)
        assert reached == pytest.approx(searched_f1(scores[:, label], labels[:, label]))


def test_a_rare_label_gets_the_threshold_with_the_best_micro_f1() -> None:
    generator = np.random.default_rng(3)
    scores = generator.random((60, 5))
    labels = (generator.random((60, 5)) < 0.5 * scores).astype(np.uint8)
    labels[:, 4] = 0
    labels[:9, 4] = 1
    thresholds = best_thresholds(scores, labels)
    alone = best_thresholds(scores, labels, min_positives=1)
    reached = f1_score(labels.ravel(), scores.ravel() >= thresholds[4])
    assert reached == pytest.approx(searched_f1(scores.ravel(), labels.ravel()))
    assert thresholds[4] != alone[4]
    assert thresholds[:4].tolist() == alone[:4].tolist()


def test_of_equally_good_thresholds_the_one_nearest_to_a_half_is_taken() -> None:
    # F1 is 2/3 for the first text alone, from 0.85, and for the first four, from 0.5.
    scores = column(0.9, 0.8, 0.7, 0.6, 0.4, 0.1)
    labels = truth(1, 0, 0, 1, 0, 0)
    assert best_thresholds(scores, labels, min_positives=1) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("scores", "labels", "threshold"),
    [
        pytest.param(column(0.2, 0.3), truth(1, 1), 0.1, id="all positive: below the lowest"),
        pytest.param(column(0.2, 0.9), truth(0, 0), 0.5, id="no positive"),
        pytest.param(column(0.0, 0.0), truth(1, 0), 0.5, id="a positive of probability 0"),
        pytest.param(column(0.3, 0.3, 0.3), truth(1, 0, 0), 0.15, id="constant probabilities"),
        pytest.param(column(1.0, 1.0), truth(1, 0), 0.5, id="constant 1"),
        pytest.param(column(0.8), truth(1), 0.4, id="one text"),
        pytest.param(column(0.0, 1.0), truth(1, 1), 0.5, id="0 is never predicted"),
    ],
)
def test_edges_have_a_threshold_too(
    scores: npt.NDArray[np.float64], labels: npt.NDArray[np.uint8], threshold: float
) -> None:
    assert best_thresholds(scores, labels, min_positives=1) == pytest.approx([threshold])
    assert best_thresholds(scores, labels) == pytest.approx([threshold])


def test_tied_texts_are_predicted_alike() -> None:
    # The tied pair comes whole: F1 is 4/5 with it and 2/3 without.
    thresholds = best_thresholds(column(0.8, 0.4, 0.4, 0.2), truth(1, 1, 0, 0), min_positives=1)
    assert thresholds == pytest.approx([0.3])


def test_neighbouring_floats_are_told_apart() -> None:
    low = np.nextafter(np.float32(0.7), np.float32(0))
    scores = np.array([[low], [0.7]], dtype=np.float32)
    threshold = best_thresholds(scores, truth(0, 1), min_positives=1)
    assert (scores >= threshold).ravel().tolist() == [False, True]
    finest = column(float(np.nextafter(0.7, 0)), 0.7)
    assert best_thresholds(finest, truth(0, 1), min_positives=1).tolist() == [0.7]


def test_each_half_is_predicted_with_the_thresholds_of_the_other() -> None:
    # Of four texts the first half is 0 and 2 (threshold 0.2), the second 1 and 3 (0.7).
    predictions = crossed_predictions(
        column(0.3, 0.8, 0.1, 0.6), truth(1, 1, 0, 0), min_positives=1
    )
    assert predictions.ravel().tolist() == [False, True, False, True]


@pytest.mark.parametrize("period", [2, 3, 5, 400])
def test_both_halves_see_both_classes_of_a_sorted_or_alternating_file(period: int) -> None:
    labels = (np.arange(400) % period < period // 2).astype(np.uint8)[:, None]
    predictions = crossed_predictions(np.where(labels, 0.3, 0.1), labels)
    assert np.array_equal(predictions, labels)


def test_an_f1_from_crossed_predictions_is_not_flattered_by_noise() -> None:
    generator = np.random.default_rng(0)
    scores = generator.random((60, 300))
    labels = (generator.random((60, 300)) < 0.2).astype(np.uint8)
    tuned = scores >= best_thresholds(scores, labels, min_positives=1)
    crossed = crossed_predictions(scores, labels, min_positives=1)
    flattered = f1_score(labels, tuned, average="macro", zero_division=0)
    honest = f1_score(labels, crossed, average="macro", zero_division=0)
    # Predicting every text has an F1 of 2 * 0.2 / 1.2 = 0.33, and noise can do no better.
    assert flattered > 0.37
    assert honest < 1 / 3


def test_a_single_text_is_predicted_with_a_half() -> None:
    predictions = crossed_predictions(
        np.array([[0.4, 0.5, 0.6]]), np.array([[1, 0, 1]], dtype=np.uint8)
    )
    assert predictions.tolist() == [[False, True, True]]


def test_two_texts_are_one_in_each_half() -> None:
    predictions = crossed_predictions(column(0.8, 0.6), truth(1, 1), min_positives=1)
    assert predictions.ravel().tolist() == [True, True]


@pytest.mark.parametrize("tune", [best_thresholds, crossed_predictions])
def test_nan_is_refused(tune: Any) -> None:
    with pytest.raises(ValueError, match="not NaN"):
        tune(column(0.5, np.nan), truth(0, 1))
