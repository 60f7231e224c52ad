"""Losses as numbers: the cross-entropy compared with the target, and the loss of the label priors.

Owns `val_loss`, the loss of the priors, and the output biases that follow from label counts. Knows
no network; the model room owns what the optimizer minimises.
"""

import numpy as np

from .matrices import Floats, Labels, Probabilities, check_choices, check_labels, check_pair
from .task import Task
from .weights import smooth_counts

CLIP = 1e-7
"""Smallest probability that counts for an outcome, as in Keras (`keras.config.epsilon()`)."""


def cross_entropy(
    probabilities: Probabilities, labels: Labels, task: Task = Task.MULTILABEL
) -> float:
    """Return the unweighted cross-entropy in nats.

    It is the binary one, averaged over every text and label. With one choice it is the mean over
    texts of -ln p, with p the probability of the true label.

    Probabilities are clipped to [1e-7, 1 - 1e-7], so a completely wrong one costs 16.1 nats and not
    infinity. The computation is in float64 for every type of probabilities.

    Args:
        probabilities: of label 1, in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L); with one choice one 1 a row.
        task: what is predicted.

    Returns:
        The mean over n times L entries, or over n texts, at least 0.

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            a label is neither 0 nor 1, or with one choice a text has not exactly one.
    """
    scores, truth = check_pair(probabilities, labels)
    if task.is_multiclass:
        probability = scores[check_choices(labels)]
    else:
        probability = np.where(truth, scores, 1.0 - scores)
    np.clip(probability, CLIP, 1.0 - CLIP, out=probability)
    np.log(probability, out=probability)
    return -float(probability.mean())


def prior_cross_entropy(
    train_labels: Labels, labels: Labels, task: Task = Task.MULTILABEL
) -> float:
    """Return the cross-entropy of a model that knows only how frequent each label is in train.

    Its prediction is the same for every text: `prior_rates`.

    Args:
        train_labels: 0 or 1, uint8, (n_train, L).
        labels: those of the scored texts, 0 or 1, uint8, (n, L).
        task: what is predicted.

    Returns:
        Nats, averaged as in `cross_entropy`.

    Raises:
        ValueError: the numbers of labels differ, a matrix has no entry, or a value is neither
            0 nor 1.
    """
    rates, truth = prior_rates(train_labels, task), check_labels(labels)
    if truth.shape[1] != rates.size:
        raise ValueError(f"train has {rates.size} labels, the other split {truth.shape[1]}")
    return cross_entropy(np.broadcast_to(rates, truth.shape), labels, task)


def prior_rates(labels: Labels, task: Task = Task.MULTILABEL) -> Floats:
    """Return how frequent each label is, by the estimate of Krichevsky and Trofimov (1981).

    For a label on k of n texts it is (k + 0.5) / (n + 1), and with one choice of L labels
    (k + 0.5) / (n + L / 2): never 0 or 1.

    Args:
        labels: 0 or 1, uint8, (n, L).
        task: what is predicted.

    Returns:
        In (0, 1), float64, (L,); with one choice they sum to 1.

    Raises:
        ValueError: the matrix has no entry, or a value is neither 0 nor 1.
    """
    positives, negatives = smooth_counts(check_labels(labels))
    total = positives.sum() if task.is_multiclass else positives + negatives
    rates: Floats = positives / total
    return rates


def log_odds(labels: Labels) -> Floats:
    """Return each label's log odds, the output bias of a network that knows only label counts.

    They are smoothed as in `prior_cross_entropy`: ln((k + 0.5) / (n - k + 0.5)). So they are finite
    for a label on no text or on all texts.

    Args:
        labels: those of train, 0 or 1, uint8, (n, L).

    Returns:
        Natural logarithms, float64, (L,); 0 if half of the texts have the label.

    Raises:
        ValueError: the matrix has no entry, or a value is neither 0 nor 1.
    """
    positives, negatives = smooth_counts(check_labels(labels))
    return np.log(positives / negatives)
