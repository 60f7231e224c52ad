"""How much of a label another column explains. Owns the measure; knows no file and no corpus."""

import numpy as np
import numpy.typing as npt
from scipy.special import entr, gammaln

Floats = npt.NDArray[np.float64]

_SPREADS = 9.0
"""Standard deviations from the mean beyond which a count adds nothing to an expectation."""


def measure_explained_share(values: npt.NDArray[np.intp], labels: npt.NDArray[np.uint8]) -> Floats:
    """Answer the share of each label's entropy that a column explains, corrected for chance.

    (I - E) / (H - E), with H the entropy of the label, I its mutual information with the column
    and E what I is on average when the column's values are dealt to the rows at random: the exact
    expectation under the hypergeometric model, as in Vinh, Epps and Bailey (2010), "Information
    theoretic measures for clusterings comparison". So a column of keys explains nothing, although
    it identifies each row.

    Args:
        values: the number of each row's value, 0 or greater, (n,).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        At most 1, float64, (L,): 1 where the column determines the label of every row; around 0,
        also below it, where it predicts no better than chance; 0 where there is nothing to
        predict: the label is on all rows or on none, each value stands once, or n is 0.
    """
    n = values.size
    if n == 0:
        return np.zeros(labels.shape[1])
    _, members, sizes = np.unique(values, return_inverse=True, return_counts=True)
    positives = labels.sum(axis=0, dtype=np.int64)
    entropy = _entropy(positives, np.int64(n))
    counts = np.stack(
        [np.bincount(members, weights=column, minlength=sizes.size) for column in labels.T], axis=1
    )
    left_by_chance = np.zeros_like(entropy)
    left = (_entropy(counts, sizes[:, None]) * sizes[:, None]).sum(axis=0) / n
    for size, number in zip(*np.unique(sizes, return_counts=True), strict=True):
        left_by_chance += number * size / n * _expected_entropy(int(size), positives, n)
    can_tell = (left_by_chance > 1e-12) & (entropy > 0)
    share = np.zeros_like(entropy)
    np.divide(left_by_chance - left, left_by_chance, out=share, where=can_tell)
    return share


def _entropy(
    counts: npt.NDArray[np.int64] | Floats, sizes: npt.NDArray[np.int64] | np.int64
) -> Floats:
    """Answer the entropy in nats of a label on `counts` of `sizes` rows."""
    shares = np.asarray(counts / sizes, dtype=np.float64)
    return np.asarray(entr(shares) + entr(1 - shares))


def _expected_entropy(size: int, positives: npt.NDArray[np.int64], n: int) -> Floats:
    """Answer the mean entropy of labels among `size` of n rows drawn at random, (L,)."""
    rate = positives / n
    spread = np.sqrt(size * rate * (1 - rate))
    lowest = np.maximum(0, size - (n - positives))
    highest = np.minimum(size, positives)
    first = np.maximum(lowest, np.floor(size * rate - _SPREADS * spread - _SPREADS))
    last = np.minimum(highest, np.ceil(size * rate + _SPREADS * spread + _SPREADS))
    counts: Floats = first[:, None] + np.arange(int((last - first).max(initial=0)) + 1)
    possible = counts <= last[:, None]
    counts = np.where(possible, counts, first[:, None])
    on, off = positives[:, None].astype(np.float64), (n - positives)[:, None].astype(np.float64)
    chance = np.exp(
        _log_choose(on, counts)
        + _log_choose(off, size - counts)
        - _log_choose(np.float64(n), np.float64(size))
    )
    weighted = np.where(possible, chance, 0) * _entropy(counts, np.int64(size))
    return np.asarray(weighted.sum(axis=1))


def _log_choose(n: Floats | np.float64, k: Floats | np.float64) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
