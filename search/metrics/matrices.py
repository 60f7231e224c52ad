"""What the measures take: a matrix of probabilities and one of labels, a row a text.

Owns their types and the checks that every measure makes first; knows no measure, and not where
the numbers come from.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]


def checked_labels(labels: Labels) -> Bools:
    """Return the label matrix as booleans.

    Args:
        labels: 0 or 1, uint8 (bool is taken too), (n, L).

    Returns:
        True where the label is 1, bool, (n, L).

    Raises:
        ValueError: not two dimensions, no text or no label, or a value other than 0 and 1.
    """
    if labels.ndim != 2 or labels.size == 0:
        raise ValueError(f"labels must be (texts, labels) with one of each, got {labels.shape}")
    truth = labels.astype(np.bool_)
    if not np.array_equal(truth, labels):
        raise ValueError("labels must be 0 or 1")
    return truth


def checked_pair(probabilities: Probabilities, labels: Labels) -> tuple[Floats, Bools]:
    """Return probabilities in double precision and labels as booleans, one cell for one cell.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        The same values as float64 (n, L) and bool (n, L); the arguments stay as they are.

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    truth = checked_labels(labels)
    if probabilities.shape != truth.shape:
        raise ValueError(
            f"probabilities {probabilities.shape} must have the shape of labels {truth.shape}"
        )
    scores = np.asarray(probabilities, dtype=np.float64)
    low, high = scores.min(), scores.max()
    # NaN passes on through min and fails any comparison, so it ends here too.
    if not (low >= 0.0 and high <= 1.0):
        raise ValueError(f"probabilities must be in [0, 1] and not NaN, got {low:g} to {high:g}")
    return scores, truth
