"""Losses as numbers: the cross-entropy held against the target, and what label counts alone give.

Owns `val_loss`, the priors' loss beside it, and the output biases that follow from label counts.
Knows no network: what an optimizer minimises is another room's.
"""

import numpy as np

from .matrices import Floats, Labels, Probabilities, checked_labels, checked_pair
from .weights import smoothed_counts

CLIP = 1e-7
"""Smallest probability that an outcome is granted, as in Keras (`keras.config.epsilon()`)."""


def cross_entropy(probabilities: Probabilities, labels: Labels) -> float:
    """Return the unweighted binary cross-entropy in nats, averaged over every text and label.

    Probabilities are clipped to [1e-7, 1 - 1e-7], so that one sure mistake costs 16.1 nats and
    not infinity. Computed in float64 whatever the type of the probabilities.

    Args:
        probabilities: of label 1, in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        The mean over n times L cells, 0 or greater.

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = checked_pair(probabilities, labels)
    granted = np.where(truth, scores, 1.0 - scores)
    np.clip(granted, CLIP, 1.0 - CLIP, out=granted)
    np.log(granted, out=granted)
    return -float(granted.mean())


def prior_cross_entropy(train_labels: Labels, labels: Labels) -> float:
    """Return the cross-entropy of a model that knows only how frequent each label is in train.

    It predicts every text alike: for a label on k of n train texts (k + 0.5) / (n + 1), the
    estimate of Krichevsky and Trofimov (1981), which is never 0 or 1.

    Args:
        train_labels: 0 or 1, uint8, (n_train, L).
        labels: what is measured on, 0 or 1, uint8, (n, L).

    Returns:
        Nats, averaged over every text and label of `labels`.

    Raises:
        ValueError: the numbers of labels differ, a matrix has no cell, or a value is neither
            0 nor 1.
    """
    positives, negatives = smoothed_counts(checked_labels(train_labels))
    truth = checked_labels(labels)
    if truth.shape[1] != positives.size:
        raise ValueError(f"train has {positives.size} labels, the other split {truth.shape[1]}")
    rates = positives / (positives + negatives)
    return cross_entropy(np.broadcast_to(rates, truth.shape), labels)


def log_odds(labels: Labels) -> Floats:
    """Return each label's log odds, the output bias of a network that knows nothing else.

    Smoothed as in `prior_cross_entropy`: ln((k + 0.5) / (n - k + 0.5)), so a label on no text, or
    on all of them, stays finite.

    Args:
        labels: of train, 0 or 1, uint8, (n, L).

    Returns:
        Natural logarithms, float64, (L,); 0 where half of the texts have the label.

    Raises:
        ValueError: the matrix has no cell, or a value is neither 0 nor 1.
    """
    positives, negatives = smoothed_counts(checked_labels(labels))
    return np.log(positives / negatives)
