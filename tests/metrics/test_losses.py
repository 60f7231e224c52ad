from math import log
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

from search.metrics.losses import cross_entropy, log_odds, prior_cross_entropy, prior_rates
from search.metrics.task import Task
from tests.metrics.choices import draw_choices

# The first label on one of three texts, the second on none, the third on all.
LABELS = np.array([[1, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.uint8)

# One label a text: three have the first, one the last, none the one between.
CHOICES = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]], dtype=np.uint8)
ONE = Task.MULTICLASS


def test_cross_entropy_is_the_mean_of_minus_the_log_of_what_happened() -> None:
    probabilities = np.array([[0.5, 0.25], [0.8, 1.0]])
    labels = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    by_hand = -(log(0.5) + log(0.75) + log(0.2) + log(1 - 1e-7)) / 4
    assert cross_entropy(probabilities, labels) == pytest.approx(by_hand, rel=1e-12)


def test_cross_entropy_agrees_with_scikit_learn_on_float32() -> None:
    generator = np.random.default_rng(5)
    probabilities = generator.random((200, 7)).astype(np.float32)
    labels = (generator.random((200, 7)) < 0.1).astype(np.uint8)
    theirs = log_loss(labels.ravel(), probabilities.ravel().astype(np.float64))
    assert cross_entropy(probabilities, labels) == pytest.approx(theirs, rel=1e-9)


def test_a_sure_mistake_costs_the_clip_and_not_infinity() -> None:
    probabilities = np.array([[0.0], [1.0]])
    labels = np.array([[1], [0]], dtype=np.uint8)
    assert cross_entropy(probabilities, labels) == pytest.approx(-log(1e-7), rel=1e-9)


def test_a_perfect_prediction_costs_next_to_nothing_and_never_less_than_nothing() -> None:
    assert 0.0 <= cross_entropy(LABELS.astype(np.float32), LABELS) < 2e-7


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        pytest.param(np.array([[np.nan]]), np.array([[1]]), r"\[0, 1\].*nan", id="nan"),
        pytest.param(
            np.array([[0.5, 1.5]]),
            np.array([[1, 0]]),
            r"\[0, 1\].*0\.5 to 1\.5",
            id="above 1",
        ),
        pytest.param(np.array([[0.5, -0.5]]), np.array([[1, 0]]), r"-0\.5 to 0\.5", id="below 0"),
        pytest.param(
            np.array([[0.5]]),
            np.array([[1, 0]]),
            r"\(1, 1\).*shape.*\(1, 2\)",
            id="another shape",
        ),
        pytest.param(np.zeros((0, 3)), np.zeros((0, 3)), r"one of each.*\(0, 3\)", id="no texts"),
        pytest.param(np.zeros((3, 0)), np.zeros((3, 0)), r"one of each.*\(3, 0\)", id="no labels"),
        pytest.param(np.array([0.5]), np.array([1]), r"one of each.*\(1,\)", id="one dimension"),
        pytest.param(np.array([[0.5]]), np.array([[2]]), r"labels.*0 or 1", id="a label of 2"),
    ],
)
def test_cross_entropy_refuses_what_it_cannot_measure(
    probabilities: Any, labels: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        cross_entropy(probabilities, labels.astype(np.uint8))


def test_arguments_stay_as_they_are() -> None:
    probabilities = np.array([[0.0], [1.0]])
    cross_entropy(probabilities, np.array([[1], [0]], dtype=np.uint8))
    assert probabilities.tolist() == [[0.0], [1.0]]


def test_the_prior_predicts_each_label_by_its_smoothed_train_frequency() -> None:
    labels = np.array([[1, 0, 0]], dtype=np.uint8)
    # Frequencies (k + 0.5) / (3 + 1): 0.375, 0.125 and 0.875.
    by_hand = -(log(0.375) + log(0.875) + log(0.125)) / 3
    assert prior_cross_entropy(LABELS, labels) == pytest.approx(by_hand, rel=1e-12)


def test_the_prior_refuses_splits_with_different_labels() -> None:
    with pytest.raises(ValueError, match=r"3 labels.*2"):
        prior_cross_entropy(LABELS, LABELS[:, :2])


def test_log_odds_are_finite_for_a_label_on_no_text_and_on_all() -> None:
    assert log_odds(LABELS) == pytest.approx([log(1.5 / 2.5), log(0.5 / 3.5), log(3.5 / 0.5)])


def test_log_odds_as_a_bias_predict_the_prior() -> None:
    probabilities = np.broadcast_to(1 / (1 + np.exp(-log_odds(LABELS))), LABELS.shape)
    assert cross_entropy(probabilities, LABELS) == pytest.approx(
        prior_cross_entropy(LABELS, LABELS), rel=1e-12
    )


def test_counting_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="one of each"):
        log_odds(np.zeros((0, 3), dtype=np.uint8))


def test_one_choice_costs_minus_the_log_of_the_true_label_alone() -> None:
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
    labels = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.uint8)
    found = cross_entropy(probabilities, labels, ONE)
    assert found == pytest.approx(-(log(0.5) + log(0.2)) / 2, rel=1e-12)


@pytest.mark.parametrize("kind", [np.float32, np.float64], ids=["float32", "float64"])
def test_the_loss_of_one_choice_is_scikit_learns(kind: type) -> None:
    probabilities, labels = draw_choices(n_without=1)
    given = probabilities.astype(kind)
    # Their rows must sum to 1; single precision moves a sum by less than 1e-6.
    rows = given.astype(np.float64) / given.astype(np.float64).sum(axis=1, keepdims=True)
    theirs = log_loss(labels.argmax(axis=1), rows, labels=list(range(6)))
    assert cross_entropy(given, labels, ONE) == pytest.approx(theirs, rel=1e-6)


def test_a_true_label_of_probability_0_costs_the_clip() -> None:
    labels = np.array([[1, 0]], dtype=np.uint8)
    assert cross_entropy(np.array([[0.0, 1.0]]), labels, ONE) == pytest.approx(-log(1e-7))
    assert 0.0 <= cross_entropy(np.array([[1.0, 0.0]]), labels, ONE) < 2e-7


def test_one_choice_of_even_chances_costs_the_log_of_their_number() -> None:
    probabilities = np.full(CHOICES.shape, 1 / 3)
    assert cross_entropy(probabilities, CHOICES, ONE) == pytest.approx(log(3))


@pytest.mark.parametrize(
    "row", [[0, 0, 0], [1, 0, 1]], ids=["a text without a label", "a text with two labels"]
)
def test_a_text_without_exactly_one_label_is_no_choice(row: list[int]) -> None:
    labels = np.array([[1, 0, 0], row], dtype=np.uint8)
    with pytest.raises(ValueError, match="exactly one label"):
        cross_entropy(np.full((2, 3), 1 / 3), labels, ONE)


def test_rates_of_one_choice_have_half_a_text_added_to_each_label_and_sum_to_1() -> None:
    # (k + 0.5) / (n + L / 2): 3, 0 and 1 of 4 texts.
    rates = prior_rates(CHOICES, ONE)
    assert rates.tolist() == pytest.approx([3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5])
    assert rates.sum() == pytest.approx(1.0)


def test_rates_of_other_tasks_are_those_of_each_label_alone() -> None:
    by_hand = [1.5 / 4, 0.5 / 4, 3.5 / 4]
    assert prior_rates(LABELS).tolist() == pytest.approx(by_hand)
    assert prior_rates(LABELS[:, :1], Task.BINARY).tolist() == pytest.approx(by_hand[:1])


def test_rates_of_one_text_are_no_certainty() -> None:
    rates = prior_rates(np.array([[0, 1]], dtype=np.uint8), ONE)
    assert rates.tolist() == pytest.approx([0.25, 0.75])


def test_the_prior_of_one_choice_predicts_the_true_label_by_its_rate() -> None:
    labels = np.array([[0, 1, 0], [0, 0, 1]], dtype=np.uint8)
    by_hand = -(log(0.5 / 5.5) + log(1.5 / 5.5)) / 2
    assert prior_cross_entropy(CHOICES, labels, ONE) == pytest.approx(by_hand, rel=1e-12)


def test_the_prior_of_one_choice_refuses_splits_with_different_labels() -> None:
    with pytest.raises(ValueError, match=r"3 labels.*2"):
        prior_cross_entropy(CHOICES, CHOICES[:, :2], ONE)
