"""From probabilities to predicted labels: the threshold of each label.

Owns how thresholds are tuned and how an F1 is had from tuned thresholds without flattering it.
Knows no split: the caller says on which texts to tune, which are those of validation.
"""

import numpy as np
from scipy.special import expit, logit

from .losses import CLIP
from .matrices import Bools, Counts, Floats, Labels, Probabilities, checked_pair
from .ranking import cuts_of

UNTUNED = 0.5
"""The threshold where nothing can be tuned."""
SHRINKAGE = 3.0
"""Positives at which a label's own threshold and the common one weigh alike.

Chosen on validation probabilities of linear models, see benchmarks/LOG.md: 0 costs micro F1, and
10 and more macro F1. Drawn on the scale of probabilities and not of logits, macro F1 is lower by
more than micro F1 is higher.
"""
GOLDEN_RATIO = (5**0.5 - 1) / 2
"""The smaller one, 0.618: its multiples spread most evenly over [0, 1) when taken modulo 1."""


def best_thresholds(
    probabilities: Probabilities, labels: Labels, *, shrinkage: float = SHRINKAGE
) -> Floats:
    """Find the threshold of each label that promises the greatest F1 on texts like these.

    A label's own best threshold is drawn toward the common one, which maximises the micro F1 over
    all cells, because few positives place a threshold by chance: with n positives the own one
    weighs n / (n + `shrinkage`), as against a prior worth that many, on the scale of logits.

    A label is predicted where its probability is at least the threshold; compare in float64, as
    a threshold between two neighbouring float32 numbers is neither of them. An own or common
    threshold lies midway between two neighbouring probabilities (0 counts as the lowest one). Of
    thresholds with the same F1 the one nearest to 0.5 is taken, of two equally near the lower.
    Where no threshold above 0 gives an F1 above 0 it is 0.5; a label on no text gets the common
    one.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        shrinkage: in positives, at least 0; 0 leaves each label its own threshold.

    Returns:
        Thresholds in (0, 1], float64, (L,).

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            a label is neither 0 nor 1, or `shrinkage` is below 0 or NaN.
    """
    scores, truth = checked_pair(probabilities, labels)
    if not shrinkage >= 0.0:
        raise ValueError(f"shrinkage must be at least 0, got {shrinkage}")
    support = truth.sum(axis=0)
    own = _thresholds_of_rows(scores.T, truth.T, support)
    if shrinkage == 0.0 or own.size == 1:
        return own
    common = _common_threshold(scores.ravel(), truth.ravel())
    weight = support / (support + shrinkage)
    shrunk: Floats = expit(weight * _logit(own) + (1.0 - weight) * _logit(common))
    return shrunk


def crossed_predictions(
    probabilities: Probabilities, labels: Labels, *, shrinkage: float = SHRINKAGE
) -> Bools:
    """Predict each half of the texts with the thresholds that are best on the other half.

    An F1 from thresholds tuned on the very same texts is flattered; from these it is not. The
    halves depend on the number of texts alone, so all trials and epochs are measured alike.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        shrinkage: as in `best_thresholds`; positives are counted in a half.

    Returns:
        True where a label is predicted, bool, (n, L). A single text is predicted with 0.5.

    Raises:
        ValueError: as `best_thresholds` does.
    """
    scores, truth = checked_pair(probabilities, labels)
    if len(scores) == 1:
        return scores >= UNTUNED
    first = _first_half(len(scores))
    predictions = np.empty_like(truth)
    for tuned, predicted in ((first, ~first), (~first, first)):
        thresholds = best_thresholds(scores[tuned], labels[tuned], shrinkage=shrinkage)
        predictions[predicted] = scores[predicted] >= thresholds
    return predictions


def _first_half(n_texts: int) -> Bools:
    """Mark the rows of the first half, bool, (n_texts,); both have a row from 2 texts on.

    Texts come in the order of their file, which may be sorted by label or alternate between the
    classes. Multiples of the golden ratio modulo 1 halve any stretch of rows, and every second
    or third row as well (Weyl's equidistribution theorem), where front and back, or even and
    odd rows, would not.
    """
    return (np.arange(n_texts) * GOLDEN_RATIO) % 1.0 < 0.5


def _thresholds_of_rows(scores: Floats, truth: Bools, support: Counts) -> Floats:
    """Find the best threshold of each row, float64 (m,), of float64 and bool (m, k).

    `support` counts the positives of a row, int64 (m,), with those that are too low to be given.
    Only thresholds just below the score of a positive are looked at: letting in negatives alone
    lowers F1.
    """
    cuts = cuts_of(scores, truth)
    f1 = 2.0 * cuts.n_found / (cuts.n_taken + support[cuts.row])
    f1[cuts.upper == 0.0] = 0.0
    best = np.zeros(len(scores))
    np.maximum.at(best, cuts.row, f1)
    is_best = (f1 == best[cuts.row]) & (f1 > 0.0)
    row, lower, upper = cuts.row[is_best], cuts.lower[is_best], cuts.upper[is_best]
    middles = (lower + upper) / 2.0
    # Between two neighbouring floats the middle rounds to one of them, maybe to the lower.
    middles = np.where(middles > lower, middles, upper)
    order = np.lexsort((middles, np.abs(middles - UNTUNED), row))
    rows, firsts = np.unique(row[order], return_index=True)
    thresholds = np.full(len(scores), UNTUNED)
    thresholds[rows] = middles[order][firsts]
    return thresholds


def _common_threshold(scores: Floats, truth: Bools) -> float:
    """Find the best threshold over all cells, float64 and bool (c,).

    Sorting them all takes most of the time that tuning takes, and most are too low to matter: F1
    is at most 2 P / (taken + P) for P positives, so a cut that takes more than P (2 / F1 - 1)
    cells is worse than one of a known F1, for which the cut after P cells serves.
    """
    n_positive = int(truth.sum())
    if n_positive:
        taken = scores >= np.partition(scores, -n_positive)[-n_positive]
        f1 = 2.0 * int(truth[taken].sum()) / (int(taken.sum()) + n_positive)
        # One more than that, so that the lowest cut that matters has its lower neighbour; the
        # other one is for rounding.
        n_kept = 2 + n_positive * (2.0 / f1 - 1.0) if f1 else np.inf
        if n_kept < scores.size:
            kept = scores >= np.partition(scores, -int(n_kept))[-int(n_kept)]
            scores, truth = scores[kept], truth[kept]
    (threshold,) = _thresholds_of_rows(scores[None, :], truth[None, :], np.array([n_positive]))
    return float(threshold)


def _logit(thresholds: Floats | float) -> Floats:
    """Return log odds that are finite for 0 and 1 too."""
    odds: Floats = logit(np.clip(thresholds, CLIP, 1.0 - CLIP))
    return odds
