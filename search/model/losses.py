"""What the optimizer minimises: the losses that `training_loss` names, on logits.

Owns their formulae; the metrics room owns the scores. All formulae use softplus(z), which is
-ln(1 - sigmoid(z)). It is finite for every logit, and so is its gradient.

Keras has binary cross-entropy and focal loss, but neither a weight for each label's positives nor
the other two losses; see `make_weighted_cross_entropy`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from ..metrics.losses import log_odds
from ..metrics.matrices import Floats, Labels, check_labels
from ..metrics.task import Task
from ..metrics.weights import choice_weights, positive_weights, smooth_counts
from ..space.hyperparameters import Hyperparameters
from .softmax_loss import SoftmaxLoss
from .training_loss import Term, TrainingLoss

LOSSES_OF_ONE_CHOICE = ("cross_entropy", "focal")
"""The values of `training_loss` that a softmax can be trained with."""

REBALANCING_FLOOR = 0.1
"""alpha of Wu et al. (2020): the least weight of an entry after rebalancing."""
REBALANCING_SLOPE = 10.0
"""beta of Wu et al. (2020): how sharply the smoothed weight rises."""
BIAS_SHARE = 0.05
"""kappa of Wu et al. (2020): share of a label's log odds that is added to its logit in training."""

_SMALLEST = 1e-7


def make_training_loss(
    hyperparameters: Hyperparameters, labels: Labels, task: Task = Task.MULTILABEL
) -> TrainingLoss | SoftmaxLoss:
    """Make the loss that `training_loss` and `class_weighting` name.

    Args:
        hyperparameters: the configuration.
        labels: those of train, 0 or 1, uint8, (n, L); the weights come from their counts.
        task: what is predicted.

    Raises:
        ValueError: the matrix has no entry, a value is neither 0 nor 1, or the loss is none of
            LOSSES_OF_ONE_CHOICE and there is one choice.
    """
    h = hyperparameters
    if task.is_multiclass:
        if h.training_loss not in LOSSES_OF_ONE_CHOICE:
            raise ValueError(f"{h.training_loss} is no loss for one choice")
        weights = choice_weights(labels, h.class_weighting, beta=h.effective_number_beta)
        return SoftmaxLoss(weights, h.focal_gamma if h.training_loss == "focal" else 0.0)
    if h.training_loss == "distribution_balanced":
        return make_distribution_balanced_loss(
            labels,
            midpoint=h.rebalancing_midpoint,
            tolerance=h.negative_tolerance,
            gamma=h.focal_gamma,
        )
    weights = positive_weights(labels, h.class_weighting, beta=h.effective_number_beta)
    match h.training_loss:
        case "focal":
            return make_focal_loss(weights, gamma=h.focal_gamma)
        case "asymmetric":
            return make_asymmetric_loss(
                weights,
                gamma_positive=h.asymmetric_gamma_positive,
                gamma_negative=h.asymmetric_gamma_negative,
                margin=h.asymmetric_margin,
            )
    return make_weighted_cross_entropy(weights)


def make_weighted_cross_entropy(weights: Floats) -> TrainingLoss:
    """Make the binary cross-entropy with a weight on each label's positive term, (L,).

    For a label that is positive with probability p, the minimum is at the logit
    ln(p / (1 - p)) + ln w, so the shift that a weight causes is exactly ln w. Keras's own
    `class_weight` weighs the complete text by its first positive label (Keras 3.15).
    """
    return TrainingLoss(
        _make_focused_positive(0.0), ops.softplus, _make_weighing(weights), np.log(weights)
    )


def make_focal_loss(weights: Floats, *, gamma: float) -> TrainingLoss:
    """Make the focal loss with a weight on each label's positive term, (L,).

    With q = sigmoid(z), a positive costs w · (1 - q)^gamma · -ln q and a negative
    q^gamma · -ln(1 - q): Lin et al. (2017), Focal Loss for Dense Object Detection, equation 5, with
    w for their alpha / (1 - alpha). At gamma = 0 it is the weighted cross-entropy.
    """
    positive, negative = _make_focused_positive(gamma), _make_focused_negative(gamma)
    return TrainingLoss(positive, negative, _make_weighing(weights), None)


def make_asymmetric_loss(
    weights: Floats, *, gamma_positive: float, gamma_negative: float, margin: float
) -> TrainingLoss:
    """Make the asymmetric loss with a weight on each label's positive term, (L,).

    With q = sigmoid(z) and r = max(q - margin, 0), a positive costs
    w · (1 - q)^gamma_positive · -ln q and a negative r^gamma_negative · -ln(1 - r): Ridnik et al.
    (2021), Asymmetric Loss For Multi-Label Classification, whose 0, 4 and margin 0.05 are the
    defaults. Without a margin and with equal gammas it is the focal loss. The gradient includes the
    focusing factors, as in the paper's analysis but not in the default of the authors' code
    (github.com/Alibaba-MIIL/ASL).
    """
    positive = _make_focused_positive(gamma_positive)
    negative = _make_shifted_negative(gamma_negative, margin)
    return TrainingLoss(positive, negative, _make_weighing(weights), None)


def make_distribution_balanced_loss(
    labels: Labels, *, midpoint: float, tolerance: float, gamma: float
) -> TrainingLoss:
    """Make the distribution-balanced loss, which weighs entries by how rare a text's labels are.

    Wu et al. (2020), Distribution-Balanced Loss for Multi-Label Classification in Long-Tailed
    Datasets; for text Huang et al. (2021), Balancing Methods for Multi-label Text Classification
    with Long-Tailed Class Distribution, whose mu = 0.9 (for the 90 labels of Reuters; for 18,211
    labels it is 0.05), lambda = 2 and gamma = 2 are the defaults. With n(k) texts of label k, N
    texts in all and u = z + kappa · ln(n(k) / (N - n(k))), an entry of label k

    - weighs alpha + sigmoid(beta · (r - mu)), where r is 1 / n(k) over the sum of 1 / n(i) for the
      labels i of the text;
    - costs (1 - sigmoid(u))^gamma · -ln sigmoid(u) if positive;
    - costs sigmoid(lambda·u)^gamma · -ln(1 - sigmoid(lambda·u)) / lambda if negative.

    0.5 is added to n(k) and to N - n(k), so that the values are finite for a label on no text. A
    text without labels has an infinite r and the weight alpha + 1, as in the authors' code
    (github.com/wutong16/DistributionBalancedLoss, github.com/Roche/BalancedLossNLP). Their constant
    factors of the loss are left out, and so is Wu's class-aware sampling, as in Huang.

    Args:
        labels: those of train, 0 or 1, uint8, (n, L).
        midpoint: mu, the r at which the sigmoid is one half, in [0, 1].
        tolerance: lambda, at least 1; a larger one stops lowering negatives earlier.
        gamma: focus on hard entries, at least 0; 0 for none.

    Raises:
        ValueError: the matrix has no entry, or a value is neither 0 nor 1.
    """
    bias = (BIAS_SHARE * log_odds(labels)).astype(np.float32)
    rarity = (1.0 / smooth_counts(check_labels(labels))[0]).astype(np.float32)
    focused, tolerated = _make_focused_positive(gamma), _make_focused_negative(gamma)

    def weigh(truth: Any) -> Any:
        total = ops.sum(truth * rarity, axis=1, keepdims=True)
        some = ops.greater(total, 0.0)
        share = rarity / ops.where(some, total, 1.0)
        smooth = ops.sigmoid(REBALANCING_SLOPE * (share - midpoint))
        return REBALANCING_FLOOR + ops.where(some, smooth, 1.0)

    return TrainingLoss(
        lambda logits: focused(logits + bias),
        lambda logits: tolerated(tolerance * (logits + bias)) / tolerance,
        weigh,
        None,
    )


def _make_weighing(weights: Floats) -> Callable[[Any], Any]:
    factors = weights.astype(np.float32)
    return lambda labels: labels * factors + (1.0 - labels)


def _make_focused_positive(gamma: float) -> Term:
    """-ln sigmoid(z) times (1 - sigmoid(z))^gamma, which is exp(-gamma · softplus(z))."""
    if not gamma:
        return lambda logits: ops.softplus(-logits)
    return lambda logits: ops.exp(-gamma * ops.softplus(logits)) * ops.softplus(-logits)


def _make_focused_negative(gamma: float) -> Term:
    """The same for the opposite logit: sigmoid(z)^gamma · -ln(1 - sigmoid(z))."""
    opposite = _make_focused_positive(gamma)
    return lambda logits: opposite(-logits)


def _make_shifted_negative(gamma: float, margin: float) -> Term:
    """r^gamma · -ln(1 - r) for r = max(sigmoid(z) - margin, 0)."""
    # Without a margin the general form takes the logarithm of 0 at extreme logits.
    if not margin:
        return _make_focused_negative(gamma)

    def cost(logits: Any) -> Any:
        missed = ops.sigmoid(logits) - margin
        # A power below 1 has an infinite slope at 0; this form has a slope of 0 there.
        focus = ops.exp(gamma * ops.log(ops.maximum(missed, _SMALLEST)))
        return focus * -ops.log(ops.minimum(ops.sigmoid(-logits) + margin, 1.0))

    return cost
