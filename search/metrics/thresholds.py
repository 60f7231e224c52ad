"""From probabilities to predicted labels: the threshold of each label.

Owns how thresholds are tuned and how an F1 is had from tuned thresholds without flattering it.
Knows no split: the caller says on which texts to tune, which are those of validation.
"""

import numpy as np

from .matrices import Bools, Floats, Labels, Probabilities, checked_pair

UNTUNED = 0.5
"""The threshold where nothing can be tuned."""
GOLDEN_RATIO = (5**0.5 - 1) / 2
"""The smaller one, 0.618: its multiples spread most evenly over [0, 1) when taken modulo 1."""


def best_thresholds(
    probabilities: Probabilities, labels: Labels, *, min_positives: int = 10
) -> Floats:
    """Find the threshold of each label that gives the greatest F1 on these texts.

    A label is predicted where its probability is at least the threshold; compare in float64, as
    a threshold between two neighbouring float32 numbers is neither of them. A threshold lies
    midway between two neighbouring probabilities (0 counts as the lowest one). Of thresholds
    with the same F1 the one nearest to 0.5 is taken, of two equally near the lower. Where no
    threshold above 0 gives an F1 above 0, as with no positive text, it is 0.5.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        min_positives: a label on fewer texts gets the common threshold instead, which maximises
            the micro F1 over all cells: few positives place a threshold by chance.

    Returns:
        Thresholds in (0, 1], float64, (L,).

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = checked_pair(probabilities, labels)
    rare = truth.sum(axis=0) < min_positives
    thresholds = np.empty(truth.shape[1])
    # For 10,000 texts and 1,000 labels 1.8 s and 100 MB; one argsort of the matrix: 3.1 s, 600 MB.
    for label in np.flatnonzero(~rare):
        thresholds[label] = _best_threshold(scores[:, label], truth[:, label])
    if rare.any():
        thresholds[rare] = _best_threshold(scores.ravel(), truth.ravel())
    return thresholds


def crossed_predictions(
    probabilities: Probabilities, labels: Labels, *, min_positives: int = 10
) -> Bools:
    """Predict each half of the texts with the thresholds that are best on the other half.

    An F1 from thresholds tuned on the very same texts is flattered; from these it is not. The
    halves depend on the number of texts alone, so all trials and epochs are measured alike.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        min_positives: as in `best_thresholds`, counted in a half.

    Returns:
        True where a label is predicted, bool, (n, L). A single text is predicted with 0.5.

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = checked_pair(probabilities, labels)
    if len(scores) == 1:
        return scores >= UNTUNED
    first = _first_half(len(scores))
    predictions = np.empty_like(truth)
    for tuned, predicted in ((first, ~first), (~first, first)):
        thresholds = best_thresholds(scores[tuned], labels[tuned], min_positives=min_positives)
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


def _best_threshold(scores: Floats, truth: Bools) -> float:
    """Find the best threshold of one label: float64 (n,) and bool (n,); see `best_thresholds`.

    Only thresholds just below the score of a positive are looked at: letting in negatives alone
    lowers F1.
    """
    positives = np.sort(scores[truth])
    uppers = np.unique(positives[positives > 0.0])
    if not uppers.size:
        return UNTUNED
    ranked = np.sort(scores)
    n_below = np.searchsorted(ranked, uppers)
    n_predicted = ranked.size - n_below
    n_found = positives.size - np.searchsorted(positives, uppers)
    f1 = 2.0 * n_found / (n_predicted + positives.size)
    lowers = np.where(n_below > 0, ranked[n_below - 1], 0.0)
    middles = (lowers + uppers) / 2.0
    # Between two neighbouring floats the middle rounds to one of them, maybe to the lower.
    middles = np.where(middles > lowers, middles, uppers)
    best = middles[f1 == f1.max()]
    return float(best[np.argmin(np.abs(best - UNTUNED))])
