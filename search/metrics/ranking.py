"""How well probabilities rank, without a threshold.

Owns the places where a ranking can be cut, which also serve to tune thresholds, and the scores over
all cuts. A row is one ranking: the texts of a label, the labels of a text, or all entries.

scikit-learn has average precision too, and the tests compare with it. Its function ranks label by
label in Python and gives no cuts; here all labels are ranked at once, and the thresholds need the
cuts.
"""

from dataclasses import dataclass

import numpy as np

from .matrices import Bools, Counts, Floats

_ENTRIES_AT_ONCE = 1_000_000
"""Entries that are sorted together; keeps working memory below 100 MB for every matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """The cuts just below the score of a positive, one element a cut: by row, from low to high.

    No other cut has a higher precision at the same recall. A cut never separates tied scores.
    """

    row: Counts
    """Position of the row, int64, (c,)."""
    n_taken: Counts
    """Number of scores above the cut, int64, (c,)."""
    n_found: Counts
    """Number of positives among them, int64, (c,)."""
    n_gained: Counts
    """Positives that the next higher cut does not have, int64, (c,)."""
    upper: Floats
    """The lowest score above the cut, float64, (c,)."""
    lower: Floats
    """The highest score below the cut, 0 if there is none, float64, (c,)."""


def find_cuts(scores: Floats, truth: Bools) -> Cuts:
    """Rank each row and find its cuts.

    Args:
        scores: in [0, 1], float64, (m, k), at least one entry.
        truth: True at positives, bool, (m, k).

    Returns:
        For each row one cut for each different score of its positives; none without a positive.
    """
    n_rows = max(1, _ENTRIES_AT_ONCE // scores.shape[1])
    starts = range(0, len(scores), n_rows)
    parts = [_find_row_cuts(scores[s : s + n_rows], truth[s : s + n_rows], s) for s in starts]
    return Cuts(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _find_row_cuts(scores: Floats, truth: Bools, first_row: int) -> tuple[Counts | Floats, ...]:
    """Find the cuts of some rows, as arrays in the order of the fields of `Cuts`."""
    size = scores.shape[1]
    ranked, hits = _sort_rows(scores, truth)
    row, place = np.divmod(np.flatnonzero(hits), size)
    is_new = np.ones(scores.shape, np.bool_)
    np.not_equal(ranked[:, 1:], ranked[:, :-1], out=is_new[:, 1:])
    firsts = np.flatnonzero(is_new)
    tied = np.searchsorted(firsts, row * size + place, side="right") - 1
    cut, n_gained = np.unique(firsts[tied], return_counts=True)
    row, n_below = np.divmod(cut, size)
    support = hits.sum(axis=1, dtype=np.int64)
    n_before = np.cumsum(n_gained) - n_gained
    n_found = np.cumsum(support)[row] - n_before
    flat = ranked.ravel()
    lower = np.where(n_below > 0, flat[cut - 1], 0.0)
    return row + first_row, size - n_below, n_found, n_gained, flat[cut], lower


def _sort_rows(scores: Floats, truth: Bools) -> tuple[Floats, Bools]:
    """Sort the scores of each row from low to high, and the truth with them."""
    # Floats of at least 0 sort like the integers of their bits, and up to 1.0 the highest bit is
    # free, so there is room for the truth as the lowest bit. This takes a fifth of the time of an
    # argsort and two gathers. Adding 0 turns -0.0 into 0.0.
    keys = np.ascontiguousarray(scores + 0.0).view(np.int64) << 1 | truth
    keys.sort(axis=1)
    return (keys >> 1).view(np.float64), (keys & 1).astype(np.bool_)


def average_precisions(scores: Floats, truth: Bools) -> Floats:
    """Return each row's average precision, the sum of precision times the recall gained at it.

    Same as `sklearn.metrics.average_precision_score`: no interpolation; tied scores are one cut.

    Args:
        scores: in [0, 1], float64, (m, k), at least one entry.
        truth: True at positives, bool, (m, k).

    Returns:
        In (0, 1], NaN for a row without a positive, float64, (m,).
    """
    cuts = find_cuts(scores, truth)
    parts = cuts.n_gained * (cuts.n_found / cuts.n_taken)
    sums = np.bincount(cuts.row, weights=parts, minlength=len(scores))
    support = truth.sum(axis=1)
    means: Floats = np.full(len(scores), np.nan)
    np.divide(sums, support, out=means, where=support > 0)
    # Rounding may give a perfect ranking slightly more than 1.
    return np.minimum(means, 1.0)


def label_ranking_average_precision(scores: Floats, truth: Bools) -> float:
    """Return the mean over texts of the average precision of the ranking of a text's labels.

    Same as scikit-learn's function of this name (Schapire and Singer, 2000): a text without labels,
    or with all of them, cannot be ranked wrongly and counts 1.

    Args:
        scores: in [0, 1], float64, (n, L), at least one entry.
        truth: True where a text has the label, bool, (n, L).
    """
    return float(np.nan_to_num(average_precisions(scores, truth), nan=1.0).mean())


def precision_at(n_highest: int, scores: Floats, truth: Bools) -> float:
    """Return the mean share of true labels among a text's `n_highest` most probable ones.

    Labels tied at the border count in part: as in the mean of random draws among them (McSherry and
    Najork, 2008). A text with fewer labels than `n_highest` cannot reach 1.

    Args:
        n_highest: number of labels, from 1 to L.
        scores: in [0, 1], float64, (n, L), at least one entry.
        truth: True where a text has the label, bool, (n, L).

    Raises:
        ValueError: `n_highest` is outside 1 to L.
    """
    n_labels = scores.shape[1]
    if not 1 <= n_highest <= n_labels:
        raise ValueError(f"n_highest must be in 1 to {n_labels}, got {n_highest}")
    border = np.partition(scores, n_labels - n_highest, axis=1)[:, [n_labels - n_highest]]
    above, tied = scores > border, scores == border
    n_open = n_highest - above.sum(axis=1)
    drawn = n_open * (tied & truth).sum(axis=1) / tied.sum(axis=1)
    return float(((above & truth).sum(axis=1) + drawn).mean() / n_highest)
