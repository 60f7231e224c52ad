from math import log
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow
from keras import ops
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from search.metrics.task import Task
from search.metrics.weights import choice_weights
from search.model.losses import LOSSES_OF_ONE_CHOICE, make_training_loss
from search.model.softmax_loss import SoftmaxLoss
from search.space.hyperparameters import Hyperparameters

Array = npt.NDArray[Any]

GENERATOR = np.random.default_rng(4)
LOGITS = GENERATOR.normal(0.0, 2.0, (30, 4)).astype(np.float32)
ONES = np.ones(4)
WEIGHTS = np.array([0.5, 1.0, 3.0, 20.0])


def choices(*counts: int) -> Array:
    """As many texts of each label as are asked for, each with that label alone."""
    return np.repeat(np.eye(len(counts), dtype=np.uint8), counts, axis=0)


# A common label, a rare one, one on no text and one between.
LABELS = choices(20, 1, 0, 9)


def measure(loss: SoftmaxLoss, labels: Array, logits: Array) -> tuple[float, Array]:
    """Compute the loss and its gradient by the logits."""
    given = tensorflow.Variable(logits.astype(np.float32))
    with tensorflow.GradientTape() as tape:
        value = loss(ops.convert_to_tensor(labels.astype(np.float32)), given)
    return float(value), tape.gradient(value, given).numpy()


def measure_keras(
    loss: Any, labels: Array, logits: Array, weights: Array = ONES
) -> tuple[float, Array]:
    """Compute a loss of Keras, each text weighed as its label is."""
    given = tensorflow.Variable(logits.astype(np.float32))
    weight_of_text = (labels @ weights).astype(np.float32)
    with tensorflow.GradientTape() as tape:
        value = loss(labels.astype(np.float32), given, sample_weight=weight_of_text)
    return float(value), tape.gradient(value, given).numpy()


def constant_loss(logits: Array, rates: Array, weights: Array, gamma: float) -> float:
    """Compute the loss of constant logits by the formula, labels as frequent as `rates`."""
    costs = -((1.0 - softmax(logits)) ** gamma) * log_softmax(logits)
    return float(rates @ (weights * costs))


def smooth_rates(labels: Array) -> Array:
    counts = labels.sum(axis=0) + 0.5
    return np.asarray(counts / counts.sum())


def test_a_text_costs_minus_the_log_of_its_label_times_the_weight_of_the_label() -> None:
    # Logits of ln 1, ln 2 and ln 5 are probabilities of 1/8, 2/8 and 5/8.
    logits = np.log([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0]])
    labels = np.array([[0, 1, 0], [0, 0, 1]])
    by_hand = (-3 * log(2 / 8) - 0.5 * log(5 / 8)) / 2
    value, _ = measure(SoftmaxLoss(np.array([7.0, 3.0, 0.5])), labels, logits)
    assert value == pytest.approx(by_hand, rel=1e-6)


def test_the_focal_loss_weighs_a_text_by_its_miss_to_the_power_of_gamma() -> None:
    logits = np.log([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0]])
    labels = np.array([[0, 1, 0], [0, 0, 1]])
    by_hand = (-3 * 0.75**2 * log(2 / 8) - 0.5 * 0.375**2 * log(5 / 8)) / 2
    value, _ = measure(SoftmaxLoss(np.array([7.0, 3.0, 0.5]), 2.0), labels, logits)
    assert value == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("weights", [ONES, WEIGHTS], ids=["no weights", "weights"])
def test_cross_entropy_and_its_gradient_are_those_of_keras(weights: Array) -> None:
    value, gradient = measure(SoftmaxLoss(weights), LABELS, LOGITS)
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True)
    expected, slopes = measure_keras(theirs, LABELS, LOGITS, weights)
    assert value == pytest.approx(expected, rel=1e-5)
    assert gradient == pytest.approx(slopes, abs=1e-6)


@pytest.mark.parametrize("weights", [ONES, WEIGHTS], ids=["no weights", "weights"])
@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_focal_loss_and_its_gradient_are_those_of_keras(gamma: float, weights: Array) -> None:
    value, gradient = measure(SoftmaxLoss(weights, gamma), LABELS, LOGITS)
    theirs = keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=gamma, from_logits=True)
    expected, slopes = measure_keras(theirs, LABELS, LOGITS, weights)
    assert value == pytest.approx(expected, rel=1e-4)
    assert gradient == pytest.approx(slopes, abs=1e-5)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("size", [80.0, 200.0, 1e4, 1e30])
def test_far_logits_have_finite_losses_and_gradients(gamma: float, size: float) -> None:
    # Of each label: sure and right, sure and wrong, and between.
    labels = np.tile(np.eye(3), (3, 1))
    logits = size * np.vstack([np.eye(3), -np.eye(3), np.roll(np.eye(3), 1, axis=0)])
    value, gradient = measure(SoftmaxLoss(WEIGHTS[:3], gamma), labels, logits)
    assert np.isfinite(value) and value >= 0.0
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("gamma", [0.3, 0.9, 2.0])
def test_a_sure_hit_costs_nothing_and_has_no_slope(gamma: float) -> None:
    value, gradient = measure(SoftmaxLoss(ONES, gamma), np.eye(4), 200.0 * np.eye(4))
    assert value == pytest.approx(0.0, abs=1e-12)
    assert np.abs(gradient).max() == 0.0


def test_a_sure_mistake_costs_its_distance() -> None:
    value, _ = measure(SoftmaxLoss(ONES), np.eye(4)[:1], np.array([[0.0, 200.0, 0.0, 0.0]]))
    assert value == pytest.approx(200.0)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("weights", [ONES, WEIGHTS], ids=["no weights", "weights"])
@pytest.mark.parametrize(
    "labels", [LABELS, choices(900, 1, 0, 99), choices(1, 0, 0, 0)], ids=["some", "many", "one"]
)
def test_no_step_from_the_prior_logits_lowers_the_loss(
    labels: Array, weights: Array, gamma: float
) -> None:
    prior = SoftmaxLoss(weights, gamma).prior_logits(labels)
    rates = smooth_rates(labels)
    assert np.isfinite(prior).all()
    least = constant_loss(prior, rates, weights, gamma)
    generator = np.random.default_rng(0)
    for size in (1e-3, 1e-2, 0.1, 1.0, 4.0):
        for step in generator.normal(0.0, size, (50, 4)):
            # To the precision of the search for it.
            assert constant_loss(prior + step, rates, weights, gamma) > least - 1e-6


def test_prior_logits_of_the_focal_loss_are_those_that_another_search_finds() -> None:
    loss, rates = SoftmaxLoss(WEIGHTS, 2.0), smooth_rates(LABELS)
    found = minimize(
        constant_loss, np.zeros(4), (rates, WEIGHTS, 2.0), method="Nelder-Mead", tol=1e-10
    )
    assert softmax(loss.prior_logits(LABELS)) == pytest.approx(softmax(found.x), abs=1e-3)


def test_prior_logits_of_cross_entropy_are_the_rates_of_labels_on_no_text_too() -> None:
    # 20, 1, 0 and 9 of 30, with a half added to each: 32 in all.
    rates = softmax(SoftmaxLoss(ONES).prior_logits(LABELS))
    assert rates.tolist() == pytest.approx([20.5 / 32, 1.5 / 32, 0.5 / 32, 9.5 / 32])


def test_the_prior_logits_are_where_the_gradient_of_the_network_vanishes() -> None:
    # 2,000 texts and more, so that half a text of each label matters little.
    labels = choices(1000, 300, 200, 700)
    for gamma in (0.0, 2.0):
        loss = SoftmaxLoss(WEIGHTS, gamma)
        logits = np.tile(loss.prior_logits(labels), (len(labels), 1))
        _, gradient = measure(loss, labels, logits)
        assert gradient.sum(axis=0) == pytest.approx(np.zeros(4), abs=3e-3)


@pytest.mark.parametrize("weighting", ["none", "sqrt", "inverse", "effective_number"])
def test_the_minimum_less_the_shift_is_the_share_of_each_label(weighting: str) -> None:
    labels = choices(50, 10, 30, 110)
    weights = choice_weights(labels, weighting, beta=0.99)
    loss, shares = SoftmaxLoss(weights), labels.mean(axis=0)
    assert loss.shift == pytest.approx(np.log(weights))
    found = minimize(constant_loss, np.zeros(4), (shares, weights, 0.0), method="BFGS", tol=1e-9)
    assert softmax(found.x - loss.shift) == pytest.approx(shares, abs=1e-5)
    # What the network starts with, too, but for the half that is added to each count.
    start = softmax(loss.prior_logits(labels) - loss.shift)
    assert start == pytest.approx((labels.sum(axis=0) + 0.5) / 202)


def test_the_focal_loss_has_no_shift() -> None:
    assert SoftmaxLoss(WEIGHTS, 2.0).shift is None


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_a_constant_loss_is_that_of_a_network_with_these_logits_everywhere(gamma: float) -> None:
    loss, logits = SoftmaxLoss(WEIGHTS, gamma), np.array([0.3, -1.2, 0.8, 2.0])
    whole, _ = measure(loss, LABELS, np.tile(logits, (len(LABELS), 1)))
    assert loss.constant_loss(logits, LABELS) == pytest.approx(whole, rel=1e-5)


def test_a_constant_loss_of_even_chances_is_the_log_of_their_number() -> None:
    assert SoftmaxLoss(ONES).constant_loss(np.zeros(4), LABELS) == pytest.approx(log(4))


def test_hyperparameters_choose_the_loss_of_one_choice() -> None:
    values: dict[str, Any] = {"class_weighting": "effective_number", "effective_number_beta": 0.9}
    weights = choice_weights(LABELS, "effective_number", beta=0.9)
    plain = make(values)
    assert plain.weights == pytest.approx(weights)
    assert plain.gamma == 0.0
    focal = make(values | {"training_loss": "focal", "focal_gamma": 1.5})
    assert focal.weights == pytest.approx(weights)
    assert focal.gamma == 1.5
    assert make({}).weights.tolist() == [1.0] * 4


def make(values: dict[str, Any]) -> SoftmaxLoss:
    made = make_training_loss(Hyperparameters.from_values(values), LABELS, Task.MULTICLASS)
    assert isinstance(made, SoftmaxLoss)
    return made


@pytest.mark.parametrize("name", ["asymmetric", "distribution_balanced"])
def test_losses_of_independent_labels_are_none_for_one_choice(name: str) -> None:
    assert name not in LOSSES_OF_ONE_CHOICE
    with pytest.raises(ValueError, match=f"{name} is no loss for one choice"):
        make({"training_loss": name})
