from fractions import Fraction
from itertools import pairwise
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


def searched_threshold(scores: npt.NDArray[np.float64], labels: npt.NDArray[np.uint8]) -> float:
    """The threshold of the greatest F1, by trying one below every score, F1 as exact fractions."""
    levels: list[float] = [0.0, *np.unique(scores[scores > 0.0]).tolist()]
    tried: list[tuple[Fraction, float, float]] = []
    for lower, upper in pairwise(levels):
        taken = scores >= upper
        f1 = Fraction(2 * int(labels[taken].sum()), int(taken.sum()) + int(labels.sum()))
        threshold = (lower + upper) / 2
        tried.append((-f1, abs(threshold - 0.5), threshold))
    return min(tried)[2]


def common_threshold(scores: npt.NDArray[np.float64], labels: npt.NDArray[np.uint8]) -> float:
    """The common threshold alone, which is that of a label on no text.

    The added label has probability 0 for every text, so no F1 depends on it.
    """
    scores = np.hstack([scores, np.zeros((len(scores), 1))])
    labels = np.hstack([labels, np.zeros((len(labels), 1), np.uint8)])
    return float(best_thresholds(scores, labels)[-1])


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
        with pytest.raises(ValueError, match=r"shrinkage.*at least 0"):
            best_thresholds(column(0.5), truth(1), shrinkage=shrinkage)


@pytest.mark.parametrize("seed", range(20))
def test_the_common_threshold_is_the_best_of_all_however_few_entries_are_positive(
    seed: int,
) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.random((50, 8)).round(1 + seed % 3)
    labels = (generator.random((50, 8)) < 0.02 + 0.2 * (seed % 2) * scores**4).astype(np.uint8)
    labels[:, 0] = 0
    labels[0, 1] = 1
    common = best_thresholds(scores, labels)[0]
    reached = f1_score(labels.ravel(), scores.ravel() >= common)
    assert reached == pytest.approx(searched_f1(scores.ravel(), labels.ravel()))


@pytest.mark.parametrize("n_positive", [1, 2, 7, 40, 119])
@pytest.mark.parametrize("n_wrong", [0, 1, 5], ids="{} wrong".format)
def test_strong_scores_have_the_common_threshold_of_an_exhaustive_search(
    n_positive: int, n_wrong: int
) -> None:
    generator = np.random.default_rng(n_positive)
    labels = np.zeros(120, np.uint8)
    labels[generator.permutation(120)[:n_positive]] = 1
    # Positives from 0.6, negatives up to 0.4, but for the wrong ones the other way round.
    is_high = labels == 1
    is_high[generator.permutation(120)[:n_wrong]] ^= True
    scores = 0.4 * generator.random(120) + 0.6 * is_high
    found = common_threshold(scores.reshape(40, 3), labels.reshape(40, 3))
    assert found == pytest.approx(searched_threshold(scores, labels))


def test_the_lowest_cut_that_can_be_the_best_has_its_lower_neighbour() -> None:
    # Of 36 positives 27 are among the highest 36 scores: F1 is 27/36. All are among the highest
    # 60, the most that can have this F1: 2 * 36 / (60 + 36). In floats 36 * (2 / 0.75 - 1) is a
    # little below 60.
    labels = np.repeat(np.array([0, 1, 0, 1, 0], np.uint8), [9, 27, 15, 9, 60])
    scores = np.linspace(0.99, 0.01, 120)
    scores[60:] -= 0.005
    by_hand = (scores[59] + scores[60]) / 2
    assert searched_threshold(scores, labels) == by_hand
    assert common_threshold(scores[:, None], labels[:, None]) == pytest.approx(by_hand)


def test_thresholds_of_labels_that_are_sure_stay_inside_0_and_1() -> None:
    scores = np.array([[1.0, 0.0], [1.0, 1e-12], [0.0, 0.5]])
    thresholds = best_thresholds(scores, np.array([[1, 0], [1, 1], [0, 0]], dtype=np.uint8))
    assert ((thresholds > 0.0) & (thresholds < 1.0)).all()


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [
        pytest.param([0.9, 0.8, 0.7, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1], 0.5, id="the middle one"),
        pytest.param([0.7, 0.3, 0.2, 0.2, 0.1, 0.08, 0.07, 0.06, 0.05], 0.5, id="the highest"),
        pytest.param([0.99, 0.98, 0.9, 0.9, 0.89, 0.8, 0.7, 0.7, 0.6], 0.3, id="the lowest"),
        pytest.param(
            [0.875, 0.625, 0.6, 0.6, 0.375, 0.125, 0.1, 0.1, 0.1], 0.25, id="two alike: the lower"
        ),
    ],
)
def test_of_equally_good_thresholds_the_one_nearest_to_a_half_is_taken(
    scores: list[float], threshold: float
) -> None:
    # F1 is 1/2 below the first, the fifth and the ninth text: 2/(1 + 3), 4/(5 + 3) and 6/(9 + 3).
    labels = truth(1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert best_thresholds(column(*scores), labels, shrinkage=0) == pytest.approx([threshold])


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
        pytest.param(column(0.6, 0.3, 0.9), truth(1, 0, 1), 0.45, id="between unsorted scores"),
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


@pytest.mark.parametrize("value", [0.3, 0.6, 0.7, 0.9])
def test_neighbouring_floats_are_separated(value: float) -> None:
    low = np.nextafter(np.float32(value), np.float32(0))
    scores = np.array([[low], [value]], dtype=np.float32)
    threshold = best_thresholds(scores, truth(0, 1), shrinkage=0)
    assert (scores >= threshold).ravel().tolist() == [False, True]
    # The middle of two neighbours is rounded: to the higher one at 0.7, to the lower one at the
    # others. Only the higher one separates them.
    finest = column(float(np.nextafter(value, 0)), value)
    assert best_thresholds(finest, truth(0, 1), shrinkage=0).tolist() == [value]


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
