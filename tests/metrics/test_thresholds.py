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
    thresholds = best_thresholds(column(0.1, 0.2, 0.6, 0.9), truth(0, 0, 1, 1), shrinkage=0)
    assert thresholds == pytest.approx([0.4])
    assert thresholds.dtype == np.float64


@pytest.mark.parametrize("decimals", [1, 2, 8])
def test_no_threshold_is_better_than_the_best_one(decimals: int) -> None:
    generator = np.random.default_rng(decimals)
    scores = generator.random((80, 5)).round(decimals)
    labels = (generator.random((80, 5)) < scores**2).astype(np.uint8)
    thresholds = best_thresholds(scores, labels, shrinkage=0)
    for label in range(5):
        predictions = scores[:, label] >= thresholds[label]
        reached = f1_score(labels[:, label], predictions, zero_division=0)
        assert reached == pytest.approx(searched_f1(scores[:, label], labels[:, label]))


def test_a_rare_label_is_drawn_toward_the_threshold_with_the_best_micro_f1() -> None:
    generator = np.random.default_rng(3)
    scores = generator.random((60, 5))
    labels = (generator.random((60, 5)) < 0.5 * scores).astype(np.uint8)
    labels[2:, 3] = 0
    labels[:2, 3] = 1
    labels[:, 4] = 0
    own = best_thresholds(scores, labels, shrinkage=0)
    shrunk = best_thresholds(scores, labels, shrinkage=6)
    # On no text: the common threshold alone.
    common = shrunk[4]
    reached = f1_score(labels.ravel(), scores.ravel() >= common)
    assert reached == pytest.approx(searched_f1(scores.ravel(), labels.ravel()))
    # Two positives weigh 2 / (2 + 6), in log odds.
    odds = [np.log(t / (1 - t)) for t in (own[3], common, shrunk[3])]
    assert odds[2] == pytest.approx(0.25 * odds[0] + 0.75 * odds[1])
    frequent = labels[:, :3].sum(axis=0)
    assert (frequent > 6).all()
    moved = np.abs(np.log(shrunk[:3] / (1 - shrunk[:3])) - np.log(own[:3] / (1 - own[:3])))
    away = np.abs(np.log(common / (1 - common)) - np.log(own[:3] / (1 - own[:3])))
    assert moved == pytest.approx(away * 6 / (frequent + 6))


def test_a_shrinkage_below_0_is_refused() -> None:
    for shrinkage in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="shrinkage must be at least 0"):
            best_thresholds(column(0.5), truth(1), shrinkage=shrinkage)


@pytest.mark.parametrize("seed", range(20))
def test_the_common_threshold_is_the_best_of_all_however_few_cells_are_positive(seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.random((50, 8)).round(1 + seed % 3)
    labels = (generator.random((50, 8)) < 0.02 + 0.2 * (seed % 2) * scores**4).astype(np.uint8)
    labels[:, 0] = 0
    labels[0, 1] = 1
    common = best_thresholds(scores, labels)[0]
    reached = f1_score(labels.ravel(), scores.ravel() >= common)
    assert reached == pytest.approx(searched_f1(scores.ravel(), labels.ravel()))


def test_thresholds_of_labels_that_are_sure_stay_inside_0_and_1() -> None:
    scores = np.array([[1.0, 0.0], [1.0, 1e-12], [0.0, 0.5]])
    thresholds = best_thresholds(scores, np.array([[1, 0], [1, 1], [0, 0]], dtype=np.uint8))
    assert ((thresholds > 0.0) & (thresholds < 1.0)).all()


def test_of_equally_good_thresholds_the_one_nearest_to_a_half_is_taken() -> None:
    # F1 is 2/3 for the first text alone, from 0.85, and for the first four, from 0.5.
    scores = column(0.9, 0.8, 0.7, 0.6, 0.4, 0.1)
    labels = truth(1, 0, 0, 1, 0, 0)
    assert best_thresholds(scores, labels, shrinkage=0) == pytest.approx([0.5])


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
    assert best_thresholds(scores, labels, shrinkage=0) == pytest.approx([threshold])
    assert best_thresholds(scores, labels) == pytest.approx([threshold])


def test_tied_texts_are_predicted_alike() -> None:
    # The tied pair comes whole: F1 is 4/5 with it and 2/3 without.
    thresholds = best_thresholds(column(0.8, 0.4, 0.4, 0.2), truth(1, 1, 0, 0), shrinkage=0)
    assert thresholds == pytest.approx([0.3])


def test_neighbouring_floats_are_told_apart() -> None:
    low = np.nextafter(np.float32(0.7), np.float32(0))
    scores = np.array([[low], [0.7]], dtype=np.float32)
    threshold = best_thresholds(scores, truth(0, 1), shrinkage=0)
    assert (scores >= threshold).ravel().tolist() == [False, True]
    finest = column(float(np.nextafter(0.7, 0)), 0.7)
    assert best_thresholds(finest, truth(0, 1), shrinkage=0).tolist() == [0.7]


def test_each_half_is_predicted_with_the_thresholds_of_the_other() -> None:
    # Of four texts the first half is 0 and 2 (threshold 0.2), the second 1 and 3 (0.7).
    predictions = crossed_predictions(column(0.3, 0.8, 0.1, 0.6), truth(1, 1, 0, 0), shrinkage=0)
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
    tuned = scores >= best_thresholds(scores, labels, shrinkage=0)
    crossed = crossed_predictions(scores, labels, shrinkage=0)
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
    predictions = crossed_predictions(column(0.8, 0.6), truth(1, 1), shrinkage=0)
    assert predictions.ravel().tolist() == [True, True]


@pytest.mark.parametrize("tune", [best_thresholds, crossed_predictions])
def test_nan_is_refused(tune: Any) -> None:
    with pytest.raises(ValueError, match="not NaN"):
        tune(column(0.5, np.nan), truth(0, 1))
