from math import log

import numpy as np
import pytest
from keras import ops
from scipy.optimize import minimize_scalar

from search.metrics.losses import log_odds
from search.model.losses import (
    make_asymmetric_loss,
    make_distribution_balanced_loss,
    make_focal_loss,
    make_weighted_cross_entropy,
)
from search.model.training_loss import TrainingLoss

# 100 texts: a common label, a rare one, one on no text and one on all.
LABELS = np.zeros((100, 4), dtype=np.uint8)
LABELS[:40, 0] = LABELS[38:43, 1] = LABELS[:, 3] = 1
ONES = np.ones(4)
NO_LIKELIHOODS = [
    make_focal_loss(np.array([1.0, 4.0, 1.0, 1.0]), gamma=2.0),
    make_asymmetric_loss(ONES, gamma_positive=0.0, gamma_negative=4.0, margin=0.05),
    make_distribution_balanced_loss(LABELS, midpoint=0.9, tolerance=2.0, gamma=2.0),
]


def column_loss(loss: TrainingLoss, label: int, logit: float) -> float:
    """Loss over all texts when all logits of one label are this one, and all others 0."""
    logits = np.zeros(LABELS.shape, np.float32)
    logits[:, label] = logit
    return float(loss(ops.convert_to_tensor(LABELS.astype(np.float32)), logits))


def test_priors_of_cross_entropy_are_log_odds_and_the_shift() -> None:
    weights = np.array([1.0, 4.0, 20.0, 0.05])
    logits = make_weighted_cross_entropy(weights).prior_logits(LABELS)
    assert logits == pytest.approx(log_odds(LABELS) + np.log(weights))


@pytest.mark.parametrize("loss", NO_LIKELIHOODS, ids=["focal", "asymmetric", "balanced"])
@pytest.mark.parametrize("label", [0, 1])
def test_priors_of_the_others_lie_where_their_loss_is_least(loss: TrainingLoss, label: int) -> None:
    minimum = minimize_scalar(
        lambda logit: column_loss(loss, label, logit), bounds=(-5, 5), method="bounded"
    )
    # The grid has steps of 0.01; float32 flattens the bottom of the valley.
    assert loss.prior_logits(LABELS)[label] == pytest.approx(minimum.x, abs=0.06)


def test_a_weight_raises_the_priors_of_its_label_alone() -> None:
    plain, weighted = make_focal_loss(ONES, gamma=2.0), NO_LIKELIHOODS[0]
    rise = weighted.prior_logits(LABELS) - plain.prior_logits(LABELS)
    assert rise[1] > 0.3
    assert rise[[0, 2, 3]].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("loss", NO_LIKELIHOODS, ids=["focal", "asymmetric", "balanced"])
def test_labels_on_no_text_and_on_all_have_finite_priors(loss: TrainingLoss) -> None:
    never, always = loss.prior_logits(LABELS)[2:]
    assert (never, always) == pytest.approx((-log(201), log(201)))


@pytest.mark.parametrize("loss", NO_LIKELIHOODS, ids=["focal", "asymmetric", "balanced"])
# Many are gone through piece by piece: 1.2 million entries.
@pytest.mark.parametrize("repeats", [1, 3_000])
def test_a_constant_loss_is_that_of_a_network_with_these_logits_everywhere(
    loss: TrainingLoss, repeats: int
) -> None:
    labels = np.tile(LABELS, (repeats, 1))
    constant = loss.prior_logits(labels)
    logits = np.tile(constant, (len(labels), 1)).astype(np.float32)
    whole = float(loss(ops.convert_to_tensor(labels.astype(np.float32)), logits))
    assert loss.constant_loss(constant, labels) == pytest.approx(whole, rel=1e-4)


def test_at_the_prior_logits_the_cross_entropy_is_the_entropy_of_the_rates() -> None:
    labels, loss = LABELS[:, :1], make_weighted_cross_entropy(np.ones(1))
    # 40 of 100; smoothing moves the logit a little, the loss by less than a millionth.
    by_hand = -(0.4 * log(0.4) + 0.6 * log(0.6))
    found = loss.constant_loss(loss.prior_logits(labels), labels)
    assert found == pytest.approx(by_hand, rel=1e-5)


def test_even_chances_have_a_cross_entropy_of_ln_2() -> None:
    loss = make_weighted_cross_entropy(np.ones(LABELS.shape[1]))
    found = loss.constant_loss(np.zeros(LABELS.shape[1]), LABELS)
    assert found == pytest.approx(log(2), rel=1e-5)
