"""Whether a probability of 0.3 comes true three times in ten.

Owns the expected calibration error and the bins of a reliability diagram, both over all entries of
the label matrix. Knows no threshold, and draws nothing.
"""

from dataclasses import dataclass

import numpy as np

from .matrices import Labels, Probabilities, check_pair

N_BINS = 15
"""Bins of the calibration error, as in Guo (2017)."""
READABLE_EDGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, *(i / 10 for i in range(1, 10)))
"""Inner edges of a diagram's bins: fine where most probabilities of rare labels are."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The entries whose probabilities lie in one interval."""

    mean_predicted: float
    """Mean of their probabilities, in [0, 1]."""
    observed_rate: float
    """Share of them that are positive, in [0, 1]."""
    count: int
    """Entries, at least 1."""


def reliability(
    probabilities: Probabilities, labels: Labels, edges: tuple[float, ...] = READABLE_EDGES
) -> tuple[ReliabilityBin, ...]:
    """Compare predicted probabilities with observed rates, interval by interval.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        edges: borders between intervals, ascending, in [0, 1]; an edge belongs to the interval
            below it, as in `sklearn.calibration.calibration_curve`.

    Returns:
        The intervals that hold an entry, from low to high.

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = check_pair(probabilities, labels)
    interval = np.searchsorted(np.asarray(edges), scores.ravel())
    counts = np.bincount(interval)
    predicted = np.bincount(interval, weights=scores.ravel())
    positive = np.bincount(interval, weights=truth.ravel())
    filled = np.flatnonzero(counts)
    return tuple(
        ReliabilityBin(float(predicted[i] / n), float(positive[i] / n), int(n))
        for i, n in zip(filled, counts[filled], strict=True)
    )


def calibration_error(probabilities: Probabilities, labels: Labels) -> float:
    """Return the expected calibration error over all entries.

    The mean over entries of the distance between mean prediction and observed rate in the entry's
    bin (Naeini 2015). The 15 bins hold equal numbers of entries: with bins of equal width nearly
    all entries of rare labels would be in the lowest bin, where their errors cancel out (Nixon
    2019). Tied probabilities stay in one bin, so many ties mean fewer bins. A model that predicts
    the base rate of all entries everywhere has an error of 0: it is calibrated, but useless.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        In [0, 1]. With few entries it is above 0 by chance.

    Raises:
        ValueError: as `reliability` does.
    """
    scores, _ = check_pair(probabilities, labels)
    edges = np.quantile(scores, np.arange(1, N_BINS) / N_BINS)
    bins = reliability(scores, labels, tuple(edges.tolist()))
    gaps = sum(b.count * abs(b.mean_predicted - b.observed_rate) for b in bins)
    return gaps / sum(b.count for b in bins)
