from collections.abc import Callable
from math import exp, log
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow
from keras import ops
from scipy.optimize import minimize_scalar
from scipy.special import expit

from search.metrics.weights import positive_weights
from search.model.losses import (
    make_asymmetric_loss,
    make_distribution_balanced_loss,
    make_focal_loss,
    make_training_loss,
    make_weighted_cross_entropy,
)
from search.model.training_loss import TrainingLoss
from search.space.hyperparameters import Hyperparameters

Array = npt.NDArray[Any]

# Four texts; the second label is on one of them, the last text has none.
LABELS = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]], dtype=np.uint8)
LOGITS = np.array([[0.3, -1.2, 0.8], [-2.1, -3.4, 0.1], [1.7, 2.2, -0.4], [-0.6, 0.9, -2.5]])
WEIGHTS = np.array([1.0, 5.0, 0.25])

MAKERS: dict[str, Callable[[], TrainingLoss]] = {
    "cross_entropy": lambda: make_weighted_cross_entropy(WEIGHTS),
    "focal": lambda: make_focal_loss(WEIGHTS, gamma=2.0),
    "focal below 1": lambda: make_focal_loss(WEIGHTS, gamma=0.5),
    "asymmetric": lambda: make_asymmetric_loss(
        WEIGHTS, gamma_positive=0.0, gamma_negative=4.0, margin=0.05
    ),
    "asymmetric below 1": lambda: make_asymmetric_loss(
        WEIGHTS, gamma_positive=0.5, gamma_negative=0.5, margin=0.2
    ),
    "distribution_balanced": lambda: make_distribution_balanced_loss(
        LABELS, midpoint=0.9, tolerance=2.0, gamma=2.0
    ),
    "distribution_balanced at its bounds": lambda: make_distribution_balanced_loss(
        LABELS, midpoint=0.0, tolerance=10.0, gamma=5.0
    ),
}


def value(loss: TrainingLoss, labels: npt.ArrayLike, logits: npt.ArrayLike) -> float:
    given = ops.convert_to_tensor(np.array(logits, np.float32))
    return float(loss(ops.convert_to_tensor(np.array(labels, np.float32)), given))


def test_positives_weigh_what_their_label_weighs_and_negatives_one() -> None:
    # Logits of ln 3 are a probability of 3/4, of 0 one of 1/2.
    logits = [[log(3), 0.0], [log(3), 0.0]]
    by_hand = (-5 * log(0.75) - log(0.5) - log(0.25) - 2 * log(0.5)) / 4
    loss = make_weighted_cross_entropy(np.array([5.0, 2.0]))
    assert value(loss, [[1, 0], [0, 1]], logits) == pytest.approx(by_hand, rel=1e-6)


def test_without_weights_it_is_the_cross_entropy_of_keras() -> None:
    generator = np.random.default_rng(2)
    labels = (generator.random((20, 3)) < 0.3).astype(np.float32)
    logits = generator.normal(0, 3, (20, 3)).astype(np.float32)
    theirs = float(keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits))
    assert value(make_weighted_cross_entropy(np.ones(3)), labels, logits) == pytest.approx(
        theirs, rel=1e-5
    )


@pytest.mark.parametrize("weight", [0.25, 1.0, 4.0, 30.0])
def test_a_weight_shifts_the_minimum_by_its_logarithm(weight: float) -> None:
    labels = [[1.0]] * 2 + [[0.0]] * 8
    loss = make_weighted_cross_entropy(np.array([weight]))
    minimum = minimize_scalar(
        lambda logit: value(loss, labels, [[logit]] * 10), bounds=(-6, 6), method="bounded"
    )
    # float32 flattens the bottom of the valley.
    assert minimum.x == pytest.approx(log(2 / 8) + log(weight), abs=0.01)
    assert loss.shift == pytest.approx([log(weight)])


def test_focal_loss_weighs_each_cell_by_its_miss_to_the_power_of_gamma() -> None:
    # A positive at 3/4 missed 1/4, a negative at 3/4 missed 3/4, both squared.
    by_hand = (5 * 0.25**2 * -log(0.75) + 0.75**2 * -log(0.25)) / 2
    loss = make_focal_loss(np.array([5.0]), gamma=2.0)
    assert value(loss, [[1], [0]], [[log(3)], [log(3)]]) == pytest.approx(by_hand, rel=1e-6)


def test_focal_loss_is_that_of_keras() -> None:
    theirs = keras.losses.BinaryFocalCrossentropy(gamma=1.5, from_logits=True)
    expected = float(theirs(LABELS.astype(np.float32), LOGITS.astype(np.float32)))
    loss = make_focal_loss(np.ones(3), gamma=1.5)
    assert value(loss, LABELS, LOGITS) == pytest.approx(expected, rel=1e-5)


def test_asymmetric_loss_forgives_negatives_below_the_margin_and_shifts_the_others() -> None:
    # Negatives at 3/4 count as 3/4 - 1/4 with the fourth power; those at 1/5 not at all.
    logits = [[log(3)], [log(3)], [log(1 / 4)]]
    by_hand = (5 * 0.25 * -log(0.75) + 0.5**4 * -log(0.5)) / 3
    loss = make_asymmetric_loss(
        np.array([5.0]), gamma_positive=1.0, gamma_negative=4.0, margin=0.25
    )
    assert value(loss, [[1], [0], [0]], logits) == pytest.approx(by_hand, rel=1e-6)


def test_asymmetric_loss_is_the_formula_of_ridnik() -> None:
    q = expit(LOGITS)
    shifted = np.maximum(q - 0.05, 0)
    positive = WEIGHTS * LABELS * (1 - q) ** 0.7 * np.log(q)
    negative = (1.0 - LABELS) * shifted**3 * np.log(1 - shifted)
    loss = make_asymmetric_loss(WEIGHTS, gamma_positive=0.7, gamma_negative=3.0, margin=0.05)
    expected = -(positive + negative).mean()
    assert value(loss, LABELS, LOGITS) == pytest.approx(expected, rel=1e-5)


def test_without_focus_and_margin_both_are_the_cross_entropy() -> None:
    expected = value(make_weighted_cross_entropy(WEIGHTS), LABELS, LOGITS)
    unfocused = make_asymmetric_loss(WEIGHTS, gamma_positive=0.0, gamma_negative=0.0, margin=0.0)
    assert value(make_focal_loss(WEIGHTS, gamma=0.0), LABELS, LOGITS) == pytest.approx(
        expected, rel=1e-6
    )
    assert value(unfocused, LABELS, LOGITS) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_distribution_balanced_loss_is_the_formula_of_wu_and_huang(gamma: float) -> None:
    # Entries are weighed by 1 / n of their label over that sum for the text's labels, and the
    # counts, smoothed, are 2.5, 1.5 and 1.5 of 4 texts.
    rarity = 1 / np.array([2.5, 1.5, 1.5])
    share = np.array([rarity / (rarity[0] + rarity[1]), rarity / rarity[0], rarity / rarity[2]])
    weights = np.vstack([0.1 + expit(10.0 * (share - 0.7)), np.full(3, 1.1)])
    u = LOGITS + 0.05 * np.log([2.5 / 2.5, 1.5 / 3.5, 1.5 / 3.5])
    positive = (1 - expit(u)) ** gamma * -np.log(expit(u))
    negative = expit(3 * u) ** gamma * -np.log(1 - expit(3 * u)) / 3
    expected = (weights * np.where(LABELS, positive, negative)).mean()
    loss = make_distribution_balanced_loss(LABELS, midpoint=0.7, tolerance=3.0, gamma=gamma)
    assert value(loss, LABELS, LOGITS) == pytest.approx(expected, rel=1e-5)


def test_a_rare_label_of_a_text_weighs_more_than_the_common_one_beside_it() -> None:
    loss = make_distribution_balanced_loss(LABELS, midpoint=0.5, tolerance=2.0, gamma=0.0)
    common, rare, _ = ops.convert_to_numpy(loss.weigh(LABELS.astype(np.float32)))[0]
    # Shares 0.4 / (0.4 + 0.667) and the rest; sigmoid(10 · ∓0.125).
    assert common == pytest.approx(0.1 + 1 / (1 + exp(1.25)), rel=1e-4)
    assert rare == pytest.approx(0.1 + 1 / (1 + exp(-1.25)), rel=1e-4)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("logit", [-200.0, -80.0, 0.0, 80.0, 200.0])
def test_far_logits_have_finite_losses_and_gradients(name: str, logit: float) -> None:
    logits = tensorflow.Variable(np.full((4, 3), logit, np.float32))
    with tensorflow.GradientTape() as tape:
        loss = MAKERS[name]()(ops.convert_to_tensor(LABELS.astype(np.float32)), logits)
    assert np.isfinite(float(loss))
    assert float(loss) >= 0.0
    assert np.isfinite(tape.gradient(loss, logits).numpy()).all()


@pytest.mark.parametrize("name", MAKERS)
def test_gradients_are_those_of_finite_differences(name: str) -> None:
    loss = MAKERS[name]()
    labels = ops.convert_to_tensor(LABELS.astype(np.float32))
    logits = tensorflow.Variable(LOGITS.astype(np.float32))
    with tensorflow.GradientTape() as tape:
        total = loss(labels, logits)
    step = np.zeros((4, 3))
    step[1, 0] = 0.01
    rise = value(loss, LABELS, LOGITS + step) - value(loss, LABELS, LOGITS - step)
    assert tape.gradient(total, logits).numpy()[1, 0] == pytest.approx(rise / 0.02, rel=0.01)


def test_a_sure_mistake_of_cross_entropy_costs_its_logit() -> None:
    loss = make_weighted_cross_entropy(np.array([2.0]))
    assert value(loss, [[1.0], [0.0]], [[-80.0], [80.0]]) == pytest.approx((160 + 80) / 2)


def test_hyperparameters_choose_the_loss_with_its_numbers() -> None:
    weights = positive_weights(LABELS, "effective_number", beta=0.95)
    weighting: dict[str, Any] = {
        "class_weighting": "effective_number",
        "effective_number_beta": 0.95,
    }
    balance: dict[str, Any] = {"rebalancing_midpoint": 0.3, "negative_tolerance": 4.0}
    focus: dict[str, Any] = {
        "asymmetric_gamma_positive": 1.0,
        "asymmetric_gamma_negative": 3.0,
        "asymmetric_margin": 0.1,
    }
    cases = [
        (weighting, make_weighted_cross_entropy(weights)),
        (
            {"training_loss": "focal", "focal_gamma": 3.0} | weighting,
            make_focal_loss(weights, gamma=3.0),
        ),
        (
            {"training_loss": "asymmetric"} | focus | weighting,
            make_asymmetric_loss(weights, gamma_positive=1.0, gamma_negative=3.0, margin=0.1),
        ),
        (
            {"training_loss": "distribution_balanced", "focal_gamma": 1.0} | balance,
            make_distribution_balanced_loss(LABELS, midpoint=0.3, tolerance=4.0, gamma=1.0),
        ),
    ]
    made = (make_training_loss(Hyperparameters.from_values(values), LABELS) for values, _ in cases)
    chosen = [value(loss, LABELS, LOGITS) for loss in made if isinstance(loss, TrainingLoss)]
    assert chosen == pytest.approx([value(loss, LABELS, LOGITS) for _, loss in cases])
    assert len(set(chosen)) == 4


def test_counting_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="one of each"):
        make_distribution_balanced_loss(LABELS[:0], midpoint=0.9, tolerance=2.0, gamma=2.0)
