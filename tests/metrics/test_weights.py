from math import sqrt
from typing import Any

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from search.metrics.weights import (
    LARGEST_WEIGHT,
    choice_weights,
    positive_weights,
    smooth_counts,
)

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


def choices(*counts: int) -> Any:
    """As many texts of each label as are asked for, each with that label alone."""
    return np.repeat(np.eye(len(counts), dtype=np.uint8), counts, axis=0)


# With a half added 1.5, 0.5 and 3.5 texts, 5.5 in all.
FEW = choices(1, 0, 3)
SMOOTH = np.array([1.5, 0.5, 3.5])


@pytest.mark.parametrize(
    ("weighting", "relative"),
    [
        pytest.param("none", np.ones(3), id="none"),
        pytest.param("sqrt", SMOOTH**-0.5, id="sqrt"),
        pytest.param("inverse", 1 / SMOOTH, id="inverse"),
        pytest.param("effective_number", 1 / (1 - 0.81**SMOOTH), id="effective number"),
    ],
)
def test_choice_weights_fall_with_the_texts_of_a_label_and_average_to_1(
    weighting: str, relative: Any
) -> None:
    by_hand = relative * 5.5 / (SMOOTH @ relative)
    weights = choice_weights(FEW, weighting, beta=0.81)
    assert weights.dtype == np.float64
    assert weights.tolist() == pytest.approx(by_hand.tolist())
    assert (SMOOTH @ weights) / SMOOTH.sum() == pytest.approx(1.0)


def test_inverse_choice_weights_are_scikit_learns_balanced_ones() -> None:
    labels = choices(5_000, 20_000, 3_000)
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=labels.argmax(axis=1))
    # Half a text more changes a count of thousands by less than 1 in 5,000.
    assert choice_weights(labels, "inverse") == pytest.approx(theirs, rel=3e-4)


def test_effective_numbers_of_choices_run_from_none_at_beta_0_to_inverse_near_1() -> None:
    labels = choices(9, 80, 200)
    assert choice_weights(labels, "effective_number", beta=0.0).tolist() == [1.0, 1.0, 1.0]
    nearly = choice_weights(labels, "effective_number", beta=0.999999)
    assert nearly == pytest.approx(choice_weights(labels, "inverse"), rel=1e-3)


def test_no_choice_weight_is_above_20_or_below_one_20th() -> None:
    # Inverse would be 2,201.5 / (3 · 0.5) for the last.
    weights = choice_weights(choices(2_000, 200, 0), "inverse")
    assert weights[2] == LARGEST_WEIGHT
    # A hundred labels of one text beside one of 100,000: n / (L · m) is 0.0099 for that one.
    assert choice_weights(choices(100_000, *[1] * 100), "inverse")[0] == 1 / LARGEST_WEIGHT


@pytest.mark.parametrize("weighting", NAMES)
def test_equally_frequent_choices_and_a_single_text_weigh_what_they_should(weighting: str) -> None:
    assert choice_weights(choices(4, 4, 4), weighting) == pytest.approx([1.0] * 3)
    one, none = choice_weights(choices(1, 0), weighting)
    assert one <= none
    assert 1.5 * one + 0.5 * none == pytest.approx(2.0)


def test_an_unknown_weighting_of_choices_is_refused_with_the_known_ones() -> None:
    known = r"none, sqrt, inverse or effective_number.*'balanced'"
    with pytest.raises(ValueError, match=known):
        choice_weights(FEW, "balanced")


@pytest.mark.parametrize("beta", [1.0, -0.1, float("nan")])
def test_a_beta_that_gives_no_number_is_refused_for_choices_too(beta: float) -> None:
    with pytest.raises(ValueError, match=r"beta.*\[0, 1\)"):
        choice_weights(FEW, "effective_number", beta=beta)


@pytest.mark.parametrize("weighting", NAMES)
def test_counting_no_choice_is_refused(weighting: str) -> None:
    with pytest.raises(ValueError, match="one of each"):
        choice_weights(np.zeros((0, 3), dtype=np.uint8), weighting)
