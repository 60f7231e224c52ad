from math import log

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import ops
from scipy.optimize import minimize_scalar

from search.model.losses import weighted_cross_entropy


def loss_of(weights: list[float], labels: list[list[float]], logits: npt.ArrayLike) -> float:
    loss = weighted_cross_entropy(np.array(weights))
    given = ops.convert_to_tensor(np.array(logits, np.float32))
    return float(loss(ops.convert_to_tensor(np.array(labels, np.float32)), given))


def test_positives_weigh_what_their_label_weighs_and_negatives_one() -> None:
    # Logits of ln 3 are a probability of 3/4, of 0 one of 1/2.
    logits = [[log(3), 0.0], [log(3), 0.0]]
    by_hand = (-5 * log(0.75) - log(0.5) - log(0.25) - 2 * log(0.5)) / 4
    assert loss_of([5.0, 2.0], [[1, 0], [0, 1]], logits) == pytest.approx(by_hand, rel=1e-6)


def test_without_weights_it_is_the_cross_entropy_of_keras() -> None:
    generator = np.random.default_rng(2)
    labels = (generator.random((20, 3)) < 0.3).astype(np.float32)
    logits = generator.normal(0, 3, (20, 3)).astype(np.float32)
    theirs = float(keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits))
    assert loss_of([1.0] * 3, labels.tolist(), logits) == pytest.approx(theirs, rel=1e-5)


def test_far_logits_stay_finite() -> None:
    assert loss_of([2.0], [[1.0], [0.0]], [[-200.0], [200.0]]) == pytest.approx((400 + 200) / 2)


@pytest.mark.parametrize("weight", [0.25, 1.0, 4.0, 30.0])
def test_a_weight_shifts_the_minimum_by_its_logarithm(weight: float) -> None:
    labels = [[1.0]] * 2 + [[0.0]] * 8
    minimum = minimize_scalar(
        lambda logit: loss_of([weight], labels, [[logit]] * 10), bounds=(-6, 6), method="bounded"
    )
    # float32 flattens the bottom of the valley.
    assert minimum.x == pytest.approx(log(2 / 8) + log(weight), abs=0.01)
