"""Choose which texts leave train for the other sides, so that every label goes along in proportion.

Owns which groups of texts may leave train, and the repair of what the stratification leaves undone.
Knows no corpus: it sees group numbers and a label matrix. `stratification.py` deals the groups out.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ...errors import DataError
from .stratification import rows_by_column, stratify

TRAIN = 0
MAX_SHARE_OF_SIDE = 0.25
"""A group of more than two texts leaves train only if it is at most this share of a side."""

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def carve_sides(
    groups: Integers,
    strata: npt.NDArray[np.uint8],
    *,
    missing: Sequence[int],
    share: float,
    seed: int,
) -> Integers:
    """Answer the side of each text: 0, or one of `missing`.

    A label with fewer groups than there are sides to fill stays in train with all its groups, and
    so does a group that would be a large part of a side. Every other label stands on every side,
    unless groups that share labels make that impossible.

    Args:
        groups: the number of each text's group, (n,); a group is never divided.
        strata: 0 or 1, at least two columns, (n, n_labels); rows may be all 0.
        missing: the numbers of the sides to fill.
        share: what each of them gets of the texts, at least one text.
        seed: 0 or more.

    Raises:
        DataError: fewer groups can be moved than the sides need.
    """
    if not missing:
        return np.full(groups.size, TRAIN, dtype=np.int64)
    numbers, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    one = np.ones(groups.size, dtype=np.int64)
    joined = csr_array((one, (members, np.arange(groups.size))), (numbers.size, groups.size))
    counts = joined @ csr_array(strata)
    wanted = max(1, round(share * groups.size))
    small = sizes <= max(2, MAX_SHARE_OF_SIDE * wanted)
    movable = _find_movable(counts, small, len(missing))
    n_needed = max(1, round(share * numbers.size)) * len(missing)
    _check_enough(int(movable.sum()), n_needed, numbers.size)
    sides = np.full(numbers.size, TRAIN, dtype=np.int64)
    needs = _compute_needs(counts, sizes, movable, [wanted / groups.size] * len(missing))
    dealt = stratify(counts[movable], sizes[movable], needs, seed=seed)
    sides[movable] = np.array([TRAIN, *missing])[dealt]
    _repair(sides, counts, movable, (TRAIN, *missing))
    return np.asarray(sides[members])


def _compute_needs(
    counts: csr_array, sizes: Integers, movable: Mask, shares: Sequence[float]
) -> npt.NDArray[np.float64]:
    """Answer how many texts each side needs, train first: (n_labels + 1, 1 + number of shares).

    Train has the groups that may not move already. A rare label needs one text on each side, which
    is more than its share; the last row, texts of any label, keeps the sizes.
    """
    totals = np.append(counts.sum(axis=0), sizes.sum())
    held_out = np.maximum(1.0, np.outer(totals, shares))
    to_deal = np.append(counts[movable].sum(axis=0), sizes[movable].sum())
    return np.column_stack([to_deal - held_out.sum(axis=1), held_out])


def _find_movable(counts: csr_array, small: Mask, n_missing: int) -> Mask:
    """Mark the groups that may leave train: the small ones without a scarce label.

    A label is scarce if it has too few groups for train and the missing sides, or too few that
    may leave train; so one scarce label can make another.
    """
    n_labels = counts.shape[1]
    too_few = np.bincount(counts.indices, minlength=n_labels) < n_missing + 1
    movable = small
    while True:
        scarce = too_few | (np.bincount(counts[movable].indices, minlength=n_labels) < n_missing)
        narrowed = small & (counts @ scarce.astype(np.int64) == 0)
        if narrowed.sum() == movable.sum():
            return movable
        movable = narrowed


def _check_enough(n_movable: int, n_needed: int, n_groups: int) -> None:
    if n_movable <= n_needed:
        raise DataError(
            f"expected more than {n_needed} different texts to choose validation and test from, "
            f"found {n_movable} of {n_groups}: the others have a label too rare to be divided, or "
            "too many texts repeat them",
            "Drop the rarest labels, or collect more texts that differ.",
        )


def _repair(sides: Integers, counts: csr_array, movable: Mask, wanted: Sequence[int]) -> None:
    """Move single groups in place, so that each label of the movable ones stands on every side.

    A group moves only if every label it has stays on the side it leaves. The one with the fewest
    labels moves, from train before the other sides, and the first of equals.
    """
    n_labels, labels_in = np.diff(counts.indptr), np.split(counts.indices, counts.indptr[1:-1])
    rows_with = rows_by_column(counts)
    n_groups = {
        side: np.bincount(counts[sides == side].indices, minlength=counts.shape[1])
        for side in wanted
    }
    divided = np.unique(counts[movable].indices)
    n_rows = np.array([rows_with[label].size for label in divided])
    for label in divided[np.argsort(n_rows, kind="stable")].tolist():
        for side in wanted:
            if n_groups[side][label]:
                continue
            able = [
                group
                for group in rows_with[label][movable[rows_with[label]]].tolist()
                if (n_groups[int(sides[group])][labels_in[group]] > 1).all()
            ]
            if able:
                moved = min(able, key=lambda group: (sides[group], n_labels[group]))
                n_groups[int(sides[moved])][labels_in[moved]] -= 1
                n_groups[side][labels_in[moved]] += 1
                sides[moved] = side
