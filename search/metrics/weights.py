"""Class weights: how much a positive counts compared with a negative, from label counts alone.

Owns the formulae behind the hyperparameter `class_weighting`. Knows no network; the model and
training rooms own how a loss uses the weights and how the shift that they cause is removed.
"""

import numpy as np

from .matrices import Bools, Floats, Labels, check_labels

LARGEST_WEIGHT = 20.0
"""No weight is above this or below its inverse.

It is the inverse weight of a label on one of 21 texts. With larger weights a rare positive changes
the shared layers more than all other entries of its batch together: for a label on 16 of 7,000
texts the plain ratio is 437.
"""


def positive_weights(labels: Labels, weighting: str, *, beta: float = 0.999) -> Floats:
    """Return the factor on the positive term of the training loss, for each label.

    With p positives and n negatives, where 0.5 is added to both for labels on no text:

    - none: 1;
    - sqrt: √(n / p);
    - inverse: n / p, so that positives and negatives of a label have the same total weight;
    - effective_number: (1 - βⁿ) / (1 - βᵖ). Cui et al. (2019), Class-Balanced Loss Based on
      Effective Number of Samples, weigh a class of m samples by (1 - β) / (1 - βᵐ); this is the
      weight of the label's positives divided by that of its negatives. It is 1 at β = 0 and goes to
      n / p as β goes to 1. Classes of more than a few times 1 / (1 - β) texts get the same weight.

    All are then clipped to [1/20, 20] (`LARGEST_WEIGHT`).

    Args:
        labels: those of train, 0 or 1, uint8, (n_texts, L).
        weighting: the hyperparameter `class_weighting`, one of the four names above.
        beta: the hyperparameter `effective_number_beta`, in [0, 1); used only by effective_number.

    Returns:
        In [1/20, 20]; below 1 for a label on more than half of the texts; float64, (L,).

    Raises:
        ValueError: `weighting` is unknown, beta is outside [0, 1), the matrix has no entry, or a
            value is neither 0 nor 1.
    """
    positives, negatives = smooth_counts(check_labels(labels))
    match weighting:
        case "none":
            weights = np.ones_like(positives)
        case "sqrt":
            weights = np.sqrt(negatives / positives)
        case "inverse":
            weights = negatives / positives
        case "effective_number":
            rare, common = (_compute_effective_number(n, beta) for n in (positives, negatives))
            weights = common / rare
        case _:
            raise _make_unknown(weighting)
    return np.clip(weights, 1.0 / LARGEST_WEIGHT, LARGEST_WEIGHT)


def choice_weights(labels: Labels, weighting: str, *, beta: float = 0.999) -> Floats:
    """Return the factor on the loss of a label's texts, where each text has exactly one label.

    For m texts of a label it is proportional to 1, 1 / √m, 1 / m or (1 - β) / (1 - βᵐ), for none,
    sqrt, inverse and effective_number; the mean over texts is 1. 0.5 is added to m for labels on no
    text. With inverse it is n / (L · m), scikit-learn's "balanced". All are then clipped to
    [1/20, 20] (`LARGEST_WEIGHT`).

    Args:
        labels: those of train, 0 or 1, uint8, (n, L).
        weighting: the hyperparameter `class_weighting`, one of the four names above.
        beta: the hyperparameter `effective_number_beta`, in [0, 1); used only by effective_number.

    Returns:
        In [1/20, 20], float64, (L,).

    Raises:
        ValueError: as `positive_weights`.
    """
    counts, _ = smooth_counts(check_labels(labels))
    match weighting:
        case "none":
            weights = np.ones_like(counts)
        case "sqrt":
            weights = 1.0 / np.sqrt(counts)
        case "inverse":
            weights = 1.0 / counts
        case "effective_number":
            weights = 1.0 / _compute_effective_number(counts, beta)
        case _:
            raise _make_unknown(weighting)
    weights = weights * counts.sum() / (counts @ weights)
    clipped: Floats = np.clip(weights, 1.0 / LARGEST_WEIGHT, LARGEST_WEIGHT)
    return clipped


def _make_unknown(weighting: str) -> ValueError:
    known = "none, sqrt, inverse or effective_number"
    return ValueError(f"weighting must be {known}, got {weighting!r}")


def smooth_counts(truth: Bools) -> tuple[Floats, Floats]:
    """Return positives + 0.5 and negatives + 0.5 of each label, float64, (L,) each.

    Args:
        truth: True where the label is 1, (n, L).
    """
    positives = truth.sum(axis=0, dtype=np.float64)
    return positives + 0.5, truth.shape[0] - positives + 0.5


def _compute_effective_number(counts: Floats, beta: float) -> Floats:
    """Return (1 - βᵐ) / (1 - β) for each count m."""
    if not 0.0 <= beta < 1.0:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return (1.0 - beta**counts) / (1.0 - beta)
