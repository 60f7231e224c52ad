from math import sqrt
from typing import Any

import numpy as np
import pytest

from search.metrics.weights import LARGEST_WEIGHT, positive_weights, smooth_counts

# The first label on one of three texts, the second on none, the third on all.
LABELS = np.array([[1, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.uint8)
NAMES = ["none", "sqrt", "inverse", "effective_number"]


def one_label(*, positives: int, negatives: int) -> Any:
    return np.array([[1]] * positives + [[0]] * negatives, dtype=np.uint8)


@pytest.mark.parametrize(
    ("weighting", "weights"),
    [
        pytest.param("none", [1.0, 1.0, 1.0], id="none"),
        pytest.param("sqrt", [sqrt(2.5 / 1.5), sqrt(7.0), sqrt(1 / 7)], id="sqrt"),
        pytest.param("inverse", [2.5 / 1.5, 7.0, 1 / 7], id="inverse"),
    ],
)
def test_positive_weights_are_negatives_over_positives(
    weighting: str, weights: list[float]
) -> None:
    assert positive_weights(LABELS, weighting) == pytest.approx(weights)


def test_effective_numbers_of_negatives_over_positives_are_the_weight() -> None:
    # 0.81 to the power of m + 1/2 is 0.9 · 0.81ᵐ; the 1 - 0.81 below both cancels out.
    # Positives and negatives: 1.5 and 2.5 of label 1, 0.5 and 3.5 of 2, the reverse of 3.
    of_half, of_one, of_two, of_three = (1 - 0.9 * 0.81**m for m in range(4))
    by_hand = [of_two / of_one, of_three / of_half, of_half / of_three]
    weights = positive_weights(LABELS, "effective_number", beta=0.81)
    assert weights == pytest.approx(by_hand)


def test_effective_numbers_run_from_no_weighting_at_beta_0_to_inverse_near_1() -> None:
    labels = one_label(positives=9, negatives=80)
    [none] = positive_weights(labels, "effective_number", beta=0.0)
    [nearly_inverse] = positive_weights(labels, "effective_number", beta=0.999999)
    assert none == 1.0
    assert nearly_inverse == pytest.approx(80.5 / 9.5, rel=1e-3)


@pytest.mark.parametrize("weighting", ["sqrt", "inverse", "effective_number"])
def test_no_weight_is_above_20_or_below_one_20th(weighting: str) -> None:
    rare = one_label(positives=1, negatives=2_000)
    assert LARGEST_WEIGHT == 20.0
    assert positive_weights(rare, weighting).tolist() == [20.0]
    assert positive_weights(1 - rare, weighting).tolist() == [1 / 20]


@pytest.mark.parametrize("weighting", NAMES)
def test_a_label_on_half_of_the_texts_weighs_one(weighting: str) -> None:
    assert positive_weights(one_label(positives=4, negatives=4), weighting).tolist() == [1.0]


def test_an_unknown_weighting_is_refused_with_the_known_ones() -> None:
    known = r"none, sqrt, inverse or effective_number.*'balanced'"
    with pytest.raises(ValueError, match=known):
        positive_weights(LABELS, "balanced")


@pytest.mark.parametrize("beta", [1.0, -0.1, float("nan")])
def test_a_beta_that_gives_no_number_is_refused(beta: float) -> None:
    with pytest.raises(ValueError, match=r"beta.*\[0, 1\)"):
        positive_weights(LABELS, "effective_number", beta=beta)


@pytest.mark.parametrize("weighting", NAMES)
def test_counting_no_text_is_refused(weighting: str) -> None:
    with pytest.raises(ValueError, match="one of each"):
        positive_weights(np.zeros((0, 3), dtype=np.uint8), weighting)


def test_both_counts_have_a_half_added() -> None:
    positives, negatives = smooth_counts(LABELS.astype(np.bool_))
    assert positives.tolist() == [1.5, 0.5, 3.5]
    assert negatives.tolist() == [2.5, 3.5, 0.5]
