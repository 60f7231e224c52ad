from itertools import permutations
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    top_k_accuracy_score,
)

from search.metrics.ranking import (
    average_precisions,
    find_cuts,
    label_ranking_average_precision,
    precision_at,
)


def ranked(shape: tuple[int, int], decimals: int, seed: int = 1) -> tuple[Any, Any]:
    """Scores, tied where they have few decimals, and a truth that follows them loosely."""
    generator = np.random.default_rng(seed)
    scores = generator.random(shape)
    truth = generator.random(shape) < 0.5 * scores
    return scores.round(decimals), truth


def test_a_cut_lies_below_each_different_score_of_a_positive() -> None:
    scores = np.array([[0.2, 0.9, 0.4, 0.4, 0.6], [0.1, 0.1, 0.3, 0.2, 0.0]])
    truth = np.array([[0, 1, 1, 1, 0], [1, 0, 0, 0, 1]], dtype=np.bool_)
    cuts = find_cuts(scores, truth)
    assert cuts.row.tolist() == [0, 0, 1, 1]
    assert cuts.upper.tolist() == [0.4, 0.9, 0.0, 0.1]
    assert cuts.lower.tolist() == [0.2, 0.6, 0.0, 0.0]
    assert cuts.n_taken.tolist() == [4, 1, 5, 4]
    assert cuts.n_found.tolist() == [3, 1, 2, 1]
    assert cuts.n_gained.tolist() == [2, 1, 1, 1]


def test_without_a_positive_there_is_no_cut() -> None:
    cuts = find_cuts(np.array([[0.3, 0.5]]), np.zeros((1, 2), dtype=np.bool_))
    assert cuts.row.size == cuts.n_taken.size == cuts.upper.size == 0


def test_the_arguments_stay_as_they_are() -> None:
    scores, truth = ranked((5, 8), 1)
    kept = scores.copy(), truth.copy()
    find_cuts(scores, truth)
    assert np.array_equal(scores, kept[0])
    assert np.array_equal(truth, kept[1])


@pytest.mark.parametrize("decimals", [0, 1, 2, 12], ids="{} decimals".format)
@pytest.mark.parametrize("shape", [(30, 40), (40, 2), (5, 1), (3, 400)], ids=str)
def test_average_precisions_are_scikit_learns(decimals: int, shape: tuple[int, int]) -> None:
    scores, truth = ranked(shape, decimals)
    truth[0] = False
    truth[1] = True
    ours = average_precisions(scores, truth)
    assert ours.dtype == np.float64
    for row in range(shape[0]):
        if truth[row].any():
            assert ours[row] == pytest.approx(average_precision_score(truth[row], scores[row]))
        else:
            assert np.isnan(ours[row])


@pytest.mark.parametrize("n_columns", [400_000, 1_100_000])
def test_a_matrix_that_is_sorted_in_parts_is_measured_alike(n_columns: int) -> None:
    scores = np.tile([0.2, 0.9, 0.5, 0.1], (3, n_columns // 4))
    truth = np.zeros(scores.shape, dtype=np.bool_)
    truth[0, 1::4] = True
    truth[2, 2::4] = True
    # The quarter ranked first is true, then nothing, then the quarter ranked second.
    ours = average_precisions(scores, truth)
    assert ours == pytest.approx([1.0, np.nan, 0.5], nan_ok=True)
    assert find_cuts(scores, truth).row.tolist() == [0, 2]


def test_an_average_precision_by_hand_keeps_tied_scores_together() -> None:
    scores = np.array([[0.8, 0.5, 0.5, 0.2]])
    truth = np.array([[1, 1, 0, 1]], dtype=np.bool_)
    # Precision 1 at the first, 2/3 at the tied pair, 3/4 at the last, a third of recall each.
    assert average_precisions(scores, truth) == pytest.approx([(1 + 2 / 3 + 3 / 4) / 3])


def test_a_perfect_ranking_is_never_above_1() -> None:
    for n_positive in range(1, 60):
        scores = np.linspace(1.0, 0.0, 80)[None, :]
        assert average_precisions(scores, np.arange(80)[None, :] < n_positive) <= 1.0


def test_the_two_zeros_are_tied_and_subnormal_numbers_are_not() -> None:
    truth = np.array([[True, False]])
    assert average_precisions(np.array([[0.0, -0.0]]), truth).tolist() == [0.5]
    assert average_precisions(np.array([[-0.0, 0.0]]), truth).tolist() == [0.5]
    assert average_precisions(np.array([[5e-324, 0.0]]), truth).tolist() == [1.0]
    assert average_precisions(np.array([[1.0, np.nextafter(1.0, 0.0)]]), truth).tolist() == [1.0]


@pytest.mark.parametrize("decimals", [0, 1, 12])
@pytest.mark.parametrize("n_labels", [2, 7, 50])
def test_label_ranking_average_precision_is_scikit_learns(decimals: int, n_labels: int) -> None:
    scores, truth = ranked((80, n_labels), decimals)
    truth[:10] = False
    truth[10:20] = True
    truth[:, 1] = False
    theirs = label_ranking_average_precision_score(truth, scores)
    assert label_ranking_average_precision(scores, truth) == pytest.approx(theirs)


def test_texts_without_a_label_are_ranked_perfectly() -> None:
    nothing = np.zeros((3, 4), dtype=np.bool_)
    assert label_ranking_average_precision(np.full((3, 4), 0.5), nothing) == 1.0
    assert label_ranking_average_precision_score(nothing, np.full((3, 4), 0.5)) == 1.0


@pytest.mark.parametrize("n_highest", [1, 3, 5])
def test_precision_of_texts_with_one_label_is_scikit_learns_top_k_accuracy(n_highest: int) -> None:
    generator = np.random.default_rng(4)
    scores = generator.random((100, 8))
    label = generator.integers(0, 8, 100)
    found = top_k_accuracy_score(label, scores, k=n_highest, labels=range(8))
    ours = precision_at(n_highest, scores, label[:, None] == np.arange(8))
    assert ours == pytest.approx(found / n_highest)


@pytest.mark.parametrize("n_highest", [1, 2, 3, 4, 5])
def test_tied_labels_count_as_if_they_were_drawn(n_highest: int) -> None:
    scores, truth = ranked((12, 5), 1)
    scores[0] = 0.5
    scores[1] = [0.0, 0.0, 0.7, 0.0, 0.7]
    shares = [
        truth[row, sorted(order, key=lambda label: -scores[row, label])[:n_highest]].mean()
        for row in range(12)
        for order in permutations(range(5))
    ]
    assert precision_at(n_highest, scores, truth) == pytest.approx(np.mean(shares))


def test_precision_at_2_by_hand() -> None:
    scores = np.array([[0.9, 0.5, 0.5, 0.1], [0.1, 0.2, 0.3, 0.4], [0.9, 0.8, 0.7, 0.6]])
    truth = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=np.bool_)
    # One and half of the tied pair, none, one: 1.5, 0 and 1 of 2.
    assert precision_at(2, scores, truth) == pytest.approx((0.75 + 0 + 0.5) / 3)


def test_among_all_labels_precision_is_the_rate_of_positives() -> None:
    scores, truth = ranked((30, 6), 1)
    assert precision_at(6, scores, truth) == pytest.approx(truth.mean())
    assert precision_at(6, scores, np.zeros_like(truth)) == 0.0


@pytest.mark.parametrize("n_highest", [0, 4, -1])
def test_more_labels_than_there_are_have_no_precision(n_highest: int) -> None:
    with pytest.raises(ValueError, match=f"n_highest.*1 to 3.*{n_highest}"):
        precision_at(n_highest, np.full((2, 3), 0.5), np.ones((2, 3), dtype=np.bool_))
