"""Choose which texts leave train for the other sides, so that every label goes along in proportion.

Owns the stratification over groups of equal texts and the repair of what it leaves undone. Knows no
corpus: it sees group numbers and a label matrix.

The method is iterative stratification (Sechidis, Tsoumakas and Vlahavas, 2011), as the package
iterative-stratification has it. It draws from the random state it is given and from nothing else
(read in its version 0.1.9), and places rows without labels so that the sides have their sizes.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from ..errors import DataError

TRAIN = 0

Sides = npt.NDArray[np.int64]


def carve_sides(
    groups: npt.NDArray[np.int64],
    strata: npt.NDArray[np.uint8],
    *,
    missing: Sequence[int],
    share: float,
    seed: int,
) -> Sides:
    """Answer the side of each text: 0, or one of `missing`.

    A label with fewer groups than there are sides to fill stays in train with all its groups.
    Every other label stands on every side, unless groups that share labels make that impossible.

    Args:
        groups: the number of each text's group, (n,); a group is never divided.
        strata: 0 or 1, at least two columns, (n, n_labels); rows may be all 0.
        missing: the numbers of the sides to fill, in the order they are filled.
        share: what each of them gets of the groups, at least one group.
        seed: 0 or more.

    Raises:
        DataError: fewer groups can be moved than the sides need.
    """
    if not missing:
        return np.full(groups.size, TRAIN, dtype=np.int64)
    numbers, members = np.unique(groups, return_inverse=True)
    labels = np.zeros((numbers.size, strata.shape[1]), dtype=bool)
    np.logical_or.at(labels, members, strata.astype(bool))
    movable = _find_movable(labels, len(missing))
    size = max(1, round(share * numbers.size))
    _check_enough(int(movable.sum()), size * len(missing), numbers.size)
    sides = np.full(numbers.size, TRAIN, dtype=np.int64)
    for side, state in zip(missing, np.random.SeedSequence(seed).generate_state(2), strict=False):
        left = np.flatnonzero(movable & (sides == TRAIN))
        splitter = MultilabelStratifiedShuffleSplit(
            n_splits=1, test_size=size, random_state=int(state)
        )
        _, chosen = next(splitter.split(left, labels[left]))
        sides[left[chosen]] = side
    _repair(sides, labels, movable, (TRAIN, *missing))
    result: Sides = sides[members]
    return result


def _find_movable(labels: npt.NDArray[np.bool_], n_missing: int) -> npt.NDArray[np.bool_]:
    """Mark the groups that may leave train: those without a scarce label.

    A label is scarce if it has too few groups for train and the missing sides, or too few that
    may leave train; so one scarce label can make another.
    """
    movable: npt.NDArray[np.bool_] = np.ones(labels.shape[0], dtype=bool)
    while True:
        too_few = labels.sum(axis=0) < n_missing + 1
        scarce = too_few | (labels[movable].sum(axis=0) < n_missing)
        narrowed = np.logical_not(labels[:, scarce].any(axis=1))
        if narrowed.sum() == movable.sum():
            return movable
        movable = narrowed


def _check_enough(n_movable: int, n_needed: int, n_groups: int) -> None:
    if n_movable <= n_needed:
        raise DataError(
            f"expected more than {n_needed} different texts to choose validation and test from, "
            f"found {n_movable} of {n_groups}: the others have a label too rare to be divided",
            "Drop the rarest labels, or collect more texts that differ.",
        )


def _repair(
    sides: Sides,
    labels: npt.NDArray[np.bool_],
    movable: npt.NDArray[np.bool_],
    wanted: Sequence[int],
) -> None:
    """Move single groups in place, so that each label of the movable ones stands on every side.

    A group moves only if every label it has stays on the side it leaves. The one with the fewest
    labels moves, from train before the other sides, and the first of equals.
    """
    n_labels = labels.sum(axis=1)
    counts = {side: labels[sides == side].sum(axis=0) for side in wanted}
    divided = np.flatnonzero(labels[movable].any(axis=0))
    for label in divided[np.argsort(labels[:, divided].sum(axis=0), kind="stable")]:
        for side in wanted:
            if counts[side][label]:
                continue
            able = [
                group
                for group in np.flatnonzero(movable & labels[:, label])
                if (counts[int(sides[group])][labels[group]] > 1).all()
            ]
            if able:
                moved = min(able, key=lambda group: (sides[group], n_labels[group]))
                counts[int(sides[moved])] -= labels[moved]
                counts[side] += labels[moved]
                sides[moved] = side
