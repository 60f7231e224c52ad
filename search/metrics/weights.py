"""Class weights: how much a positive counts beside a negative, from label counts alone.

Owns the formulae behind the hyperparameter `class_weighting`. Knows no network; how a loss uses
the weights, and what becomes of the shift they cause, is for the model and training rooms.
"""

import numpy as np

from .matrices import Bools, Floats, Labels, checked_labels

LARGEST_WEIGHT = 20.0
"""No weight lies above this, or below one over it.

It is the inverse weight of a label on one of 21 texts. Beyond it a label's few positives, met in
one batch of many, move the shared layers more than all other cells of the batch together: at a
label on 16 of 7,000 texts the plain ratio is 437.
"""


def positive_weights(labels: Labels, weighting: str, *, beta: float = 0.999) -> Floats:
    """Return the factor on the positive term of the training loss, for each label.

    With p positives and n negatives, 0.5 added to each so that a label on no text has a weight:

    - none: 1;
    - sqrt: √(n / p);
    - inverse: n / p, at which positives and negatives of a label weigh the same in all;
    - effective_number: (1 - βⁿ) / (1 - βᵖ). Cui et al. (2019), Class-Balanced Loss Based on
      Effective Number of Samples, weigh a class of m samples by (1 - β) / (1 - βᵐ); this is the
      weight of the label's positives over that of its negatives. It goes from 1 at β = 0 toward
      n / p as β nears 1, and treats classes of more than a few times 1 / (1 - β) rows alike.

    All are then held within [1/20, 20] (`LARGEST_WEIGHT`).

    Args:
        labels: of train, 0 or 1, uint8, (n_texts, L).
        weighting: the hyperparameter `class_weighting`, one of the four names above.
        beta: the hyperparameter `effective_number_beta`, in [0, 1); looked at by effective_number
            only.

    Returns:
        In [1/20, 20], below 1 for a label on more than half of the texts, float64, (L,).

    Raises:
        ValueError: another `weighting`, a beta outside [0, 1), the matrix has no cell, or a value
            is neither 0 nor 1.
    """
    positives, negatives = smoothed_counts(checked_labels(labels))
    match weighting:
        case "none":
            weights = np.ones_like(positives)
        case "sqrt":
            weights = np.sqrt(negatives / positives)
        case "inverse":
            weights = negatives / positives
        case "effective_number":
            weights = _effective_number(negatives, beta) / _effective_number(positives, beta)
        case _:
            known = "none, sqrt, inverse or effective_number"
            raise ValueError(f"weighting must be {known}, got {weighting!r}")
    return np.clip(weights, 1.0 / LARGEST_WEIGHT, LARGEST_WEIGHT)


def smoothed_counts(truth: Bools) -> tuple[Floats, Floats]:
    """Return positives + 0.5 and negatives + 0.5 of each label, float64, (L,) each.

    Args:
        truth: True where the label is 1, (n, L).
    """
    positives = truth.sum(axis=0, dtype=np.float64)
    return positives + 0.5, truth.shape[0] - positives + 0.5


def _effective_number(counts: Floats, beta: float) -> Floats:
    """Return (1 - βᵐ) / (1 - β) for each count m."""
    if not 0.0 <= beta < 1.0:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return (1.0 - beta**counts) / (1.0 - beta)
