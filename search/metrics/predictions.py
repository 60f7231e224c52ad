"""From probabilities to predicted labels, by the task, and what is confused with what."""

import numpy as np

from .decisions import accuracy_at_half
from .matrices import Bools, Counts, Floats, Labels, Probabilities, check_choices, check_pair
from .task import Task
from .thresholds import crossed_predictions


def predict_labels(probabilities: Probabilities, labels: Labels, task: Task) -> Bools:
    """Predict labels: the most probable one, or those above thresholds that were tuned elsewhere.

    Thresholds are tuned on the other half of the texts (`crossed_predictions`). Of equally probable
    choices the first is taken.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L); of one choice only their shape counts.
        task: what is predicted.

    Returns:
        True where a label is predicted, bool, (n, L).

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    if not task.is_multiclass:
        return crossed_predictions(probabilities, labels)
    scores, _ = check_pair(probabilities, labels)
    return choose(scores)


def measure_accuracy(probabilities: Probabilities, labels: Labels, task: Task) -> float:
    """Return the share of entries that 0.5 predicts correctly, or of texts with one choice.

    Args:
        probabilities: (n, L).
        labels: 0 or 1, uint8, (n, L); at least one entry.
        task: what is predicted.
    """
    if not task.is_multiclass:
        return accuracy_at_half(probabilities, labels)
    chosen = probabilities.argmax(axis=1)
    return float(labels[np.arange(len(labels)), chosen].mean())


def choose(scores: Floats) -> Bools:
    """Mark the highest score of each row, the first of equal ones, bool, (n, L)."""
    chosen = np.zeros(scores.shape, np.bool_)
    chosen[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return chosen


def choose_calibrated(
    probabilities: Probabilities, labels: Labels, task: Task
) -> tuple[Probabilities, Labels]:
    """Choose the entries whose calibration is measured: all, or the most probable of each text.

    With one choice most entries are near 0 and right; whether the predicted label is as probable as
    it says is what a user reads (Guo et al. 2017, On Calibration of Modern Neural Networks).

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        task: what is predicted.

    Returns:
        Both matrices, (n, L) or (n, 1).
    """
    if not task.is_multiclass:
        return probabilities, labels
    best = probabilities.argmax(axis=1)[:, None]
    return np.take_along_axis(probabilities, best, axis=1), np.take_along_axis(labels, best, axis=1)


def count_confusions(predictions: Bools, labels: Labels) -> Counts:
    """Count how often each label was predicted for the texts of each.

    Args:
        predictions: True where a label is predicted, bool, (n, L), one a row.
        labels: 0 or 1, uint8, (n, L), one a row.

    Returns:
        Texts of label i for which label j was predicted, int64, (L, L).

    Raises:
        ValueError: a text has none or several labels.
    """
    counts: Counts = check_choices(labels).T.astype(np.int64) @ predictions.astype(np.int64)
    return counts
