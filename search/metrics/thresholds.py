"""From probabilities to predicted labels: the threshold of each label.

Owns how thresholds are tuned, and how the F1 of tuned thresholds is measured without bias. Knows no
split: the caller passes the texts to tune on, which are those of validation.

scikit-learn's `TunedThresholdClassifierCV` tunes one threshold of a binary classifier by trying a
grid. It has neither one threshold a label nor the shrinkage, which benchmarks/LOG.md measures: on
Netflix titles macro and micro F1 are 0.302 and 0.456, against 0.323 and 0.379 without it.
"""

import numpy as np
from scipy.special import expit, logit

from .losses import CLIP
from .matrices import Bools, Counts, Floats, Labels, Probabilities, check_pair
from .ranking import find_cuts

UNTUNED = 0.5
"""The threshold if there is nothing to tune on."""
SHRINKAGE = 3.0
"""Number of positives at which a label's own threshold and the common one have equal weight.

It was chosen on validation probabilities of linear models, see benchmarks/LOG.md: 0 lowers micro
F1; 10 and more lower macro F1. Shrinking probabilities instead of logits costs more macro F1 than
it gains in micro F1.
"""
GOLDEN_RATIO = (5**0.5 - 1) / 2
"""The smaller one, 0.618: its multiples modulo 1 are spread most evenly over [0, 1)."""


def best_thresholds(
    probabilities: Probabilities, labels: Labels, *, shrinkage: float = SHRINKAGE
) -> Floats:
    """Find the threshold of each label with the highest expected F1 on similar texts.

    With few positives a label's own best threshold depends on chance. So it is shrunk, on the scale
    of logits, toward the common threshold, which maximises the micro F1 over all entries. With n
    positives the label's own threshold has the weight n / (n + `shrinkage`).

    A label is predicted if its probability is at least the threshold. Compare in float64: a
    threshold between two neighbouring float32 numbers is neither of them. Before shrinking, a
    threshold is midway between two neighbouring probabilities (0 counts as the lowest one). Of
    thresholds with the same F1 the one nearest to 0.5 is taken, and of two equally near ones the
    lower. If no threshold above 0 gives an F1 above 0, it is 0.5. A label on no text gets the
    common threshold.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        shrinkage: a number of positives, at least 0; with 0 each label keeps its own threshold.

    Returns:
        Thresholds in (0, 1], float64, (L,).

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            a label is neither 0 nor 1, or `shrinkage` is below 0 or NaN.
    """
    scores, truth = check_pair(probabilities, labels)
    if not shrinkage >= 0.0:
        raise ValueError(f"shrinkage must be at least 0, got {shrinkage}")
    support = truth.sum(axis=0)
    own = _find_row_thresholds(scores.T, truth.T, support)
    if shrinkage == 0.0 or own.size == 1:
        return own
    common = _find_common_threshold(scores.ravel(), truth.ravel())
    weight = support / (support + shrinkage)
    shrunk: Floats = expit(weight * _compute_logit(own) + (1.0 - weight) * _compute_logit(common))
    return shrunk


def crossed_predictions(
    probabilities: Probabilities, labels: Labels, *, shrinkage: float = SHRINKAGE
) -> Bools:
    """Predict each half of the texts with thresholds tuned on the other half.

    Thresholds tuned on the same texts would give an F1 that is too high; these do not. The halves
    depend only on the number of texts, so all trials and epochs are scored in the same way.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        shrinkage: as in `best_thresholds`; the positives are those of one half.

    Returns:
        True where a label is predicted, bool, (n, L). For a single text the threshold is 0.5.

    Raises:
        ValueError: as `best_thresholds` does.
    """
    scores, truth = check_pair(probabilities, labels)
    if len(scores) == 1:
        return scores >= UNTUNED
    first = mark_first_half(len(scores))
    predictions = np.empty_like(truth)
    for tuned, predicted in ((first, ~first), (~first, first)):
        thresholds = best_thresholds(scores[tuned], labels[tuned], shrinkage=shrinkage)
        predictions[predicted] = scores[predicted] >= thresholds
    return predictions


def mark_first_half(n_texts: int) -> Bools:
    """Mark the rows of the first half, bool, (n_texts,); with 2 texts or more no half is empty.

    The file may be sorted by label, or its classes may alternate. So front and back, or even and
    odd rows, would be bad halves. Multiples of the golden ratio modulo 1 divide any run of rows in
    half, and every second or third row as well (Weyl's equidistribution theorem).
    """
    return (np.arange(n_texts) * GOLDEN_RATIO) % 1.0 < 0.5


def _find_row_thresholds(scores: Floats, truth: Bools, support: Counts) -> Floats:
    """Find the best threshold of each row, float64 (m,), from float64 and bool (m, k).

    `support` is the number of positives of each row, int64 (m,), including positives that were left
    out because their scores are too low. Only thresholds just below the score of a positive are
    tried: adding only negatives lowers F1.
    """
    cuts = find_cuts(scores, truth)
    f1 = 2.0 * cuts.n_found / (cuts.n_taken + support[cuts.row])
    f1[cuts.upper == 0.0] = 0.0
    best = np.zeros(len(scores))
    np.maximum.at(best, cuts.row, f1)
    is_best = (f1 == best[cuts.row]) & (f1 > 0.0)
    row, lower, upper = cuts.row[is_best], cuts.lower[is_best], cuts.upper[is_best]
    middles = (lower + upper) / 2.0
    # Between two neighbouring floats the middle is rounded to one of them, maybe to the lower.
    middles = np.where(middles > lower, middles, upper)
    order = np.lexsort((middles, np.abs(middles - UNTUNED), row))
    rows, firsts = np.unique(row[order], return_index=True)
    thresholds = np.full(len(scores), UNTUNED)
    thresholds[rows] = middles[order][firsts]
    return thresholds


def _find_common_threshold(scores: Floats, truth: Bools) -> float:
    """Find the best threshold over all entries, float64 and bool (c,).

    Sorting all entries would take most of the time of tuning, and most entries are too low to
    matter. With P positives F1 is at most 2 P / (taken + P). So a cut that takes more than
    P (2 / F1 - 1) entries is worse than a cut with this F1; the cut after P entries gives one.
    """
    n_positive = int(truth.sum())
    if n_positive:
        taken = scores >= np.partition(scores, -n_positive)[-n_positive]
        f1 = 2.0 * int(truth[taken].sum()) / (int(taken.sum()) + n_positive)
        # One more, so that the lowest cut that matters keeps its lower neighbour, and one more for
        # rounding.
        n_kept = 2 + n_positive * (2.0 / f1 - 1.0) if f1 else np.inf
        if n_kept < scores.size:
            kept = scores >= np.partition(scores, -int(n_kept))[-int(n_kept)]
            scores, truth = scores[kept], truth[kept]
    (threshold,) = _find_row_thresholds(scores[None, :], truth[None, :], np.array([n_positive]))
    return float(threshold)


def _compute_logit(thresholds: Floats | float) -> Floats:
    """Return log odds that are also finite for 0 and 1."""
    return np.asarray(logit(np.clip(thresholds, CLIP, 1.0 - CLIP)))
