"""The input of every score: a matrix of probabilities and one of labels, with one row a text.

An element of such a matrix, one text and one label, is called an entry. Owns the types, and the
checks that every score makes first. Knows no score, and does not know where the numbers come from.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]


def check_labels(labels: Labels) -> Bools:
    """Check the label matrix and return it as booleans.

    Args:
        labels: 0 or 1, uint8 or bool, (n, L).

    Returns:
        True where the label is 1, bool, (n, L).

    Raises:
        ValueError: it has not two dimensions, no text or no label, or a value is neither 0 nor 1.
    """
    if labels.ndim != 2 or labels.size == 0:
        raise ValueError(
            f"labels must be (texts, labels), at least one of each, got {labels.shape}"
        )
    truth = labels.astype(np.bool_)
    if not np.array_equal(truth, labels):
        raise ValueError("labels must be 0 or 1")
    return truth


def check_choices(labels: Labels) -> Bools:
    """Check that each text has exactly one label.

    Args:
        labels: 0 or 1, uint8, (n, L).

    Returns:
        True where the label is 1, bool, (n, L).

    Raises:
        ValueError: a text has none or several, there is no entry, or a value is neither 0 nor 1.
    """
    truth = check_labels(labels)
    if not (truth.sum(axis=1) == 1).all():
        raise ValueError("with one choice a text must have exactly one label")
    return truth


def check_pair(probabilities: Probabilities, labels: Labels) -> tuple[Floats, Bools]:
    """Check both matrices and return probabilities in double precision and labels as booleans.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        The same values as float64 (n, L) and bool (n, L); the arguments are not changed.

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    truth = check_labels(labels)
    if probabilities.shape != truth.shape:
        raise ValueError(
            f"probabilities {probabilities.shape} must have the shape of labels {truth.shape}"
        )
    scores = np.asarray(probabilities, dtype=np.float64)
    low, high = scores.min(), scores.max()
    # NaN makes min and max NaN, which fails every comparison, so it is refused here too.
    if not (low >= 0.0 and high <= 1.0):
        raise ValueError(f"probabilities must be in [0, 1] and not NaN, got {low:g} to {high:g}")
    return scores, truth
