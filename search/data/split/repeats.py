"""Find the texts of a corpus that repeat others, word for word or nearly.

Owns what counts as equal and as nearly equal, and what conflicting labels of equal texts cost.
Knows no split and no audit; both read the groups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...metrics.task import Task
from ...text.tokens import Tokens, TokenSequences, tokenize
from .minhash import compare_alike

LEAST_RESEMBLANCE = 0.55
"""Texts whose sets of shingles share this much of their union are nearly equal. Of real texts of 20
words and more, over 90 % keep it with a tenth of their words replaced or three inserted, while
leads of different films that follow one template mostly stay below."""
LEAST_CONTAINMENT = 0.9
"""A text of which another one has this share of shingles is nearly equal to it."""
SHORT_TEXT_WORDS = 16
"""Texts of fewer words, often one phrase of a kind, are not looked for in others and need more."""
LEAST_RESEMBLANCE_SHORT = 0.7
"""What LEAST_RESEMBLANCE is where the shorter of two texts is short."""

Int64Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """Which texts of a corpus repeat each other; groups are numbered in order of appearance."""

    exact: Int64Array
    """Each text's group of texts equal without regard to case and white space, int64, (n,)."""
    near: Int64Array
    """Each text's group of equal or nearly equal texts, int64, (n,); coarser than `exact`."""


def find_repeats(texts: Sequence[str], tokens: Tokens | None = None) -> Repeats:
    """Group the texts that are equal, and those that are nearly equal.

    Args:
        texts: n of them; none give empty groups.
        tokens: their words; None splits the texts.
    """
    exact = _number(" ".join(text.casefold().split()) for text in texts)
    _, firsts = np.unique(exact, return_index=True)
    different = (tokens or tokenize(texts)).sequences.select(firsts)
    near = _number(_connect(firsts.size, _pair_nearly_equal(different)))
    return Repeats(exact, near[exact])


def compute_forced_loss(
    groups: Int64Array, labels: npt.NDArray[np.uint8], task: Task = Task.MULTILABEL
) -> float:
    """Answer the cross-entropy that conflicting labels of equal texts force on any model.

    A model gives equal texts equal probabilities; the best it can give is the mean of their labels,
    and costs the entropy of that mean.

    Args:
        groups: the number of each text's group of equal texts, (n,).
        labels: 0 or 1, (n, L).
        task: what is predicted; with one choice the cost is the entropy over the labels.

    Returns:
        Nats, averaged as in `metrics.losses.cross_entropy`; 0 without conflicts or entries.
    """
    if not labels.size:
        return 0.0
    _, members, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    repeated = np.flatnonzero(sizes[members] > 1)
    repeated = repeated[np.argsort(members[repeated], kind="stable")]
    starts = np.flatnonzero(np.diff(members[repeated], prepend=-1))
    counts = np.add.reduceat(labels[repeated], starts, axis=0, dtype=np.int64)
    sizes = sizes[sizes > 1][:, None]
    mixed = (counts > 0) & (counts < sizes)
    share = (counts / sizes)[mixed]
    entropy = -share * np.log(share)
    if not task.is_multiclass:
        entropy -= (1 - share) * np.log1p(-share)
    total = float((np.broadcast_to(sizes, counts.shape)[mixed] * entropy).sum())
    return total / (len(labels) if task.is_multiclass else labels.size)


def _pair_nearly_equal(texts: TokenSequences) -> Int64Array:
    """Pair the texts that are nearly equal: positions, (n_pairs, 2)."""
    pairs, resemblance, containment = compare_alike(texts)
    is_short = texts.lengths[pairs].min(axis=1) < SHORT_TEXT_WORDS
    least = np.where(is_short, LEAST_RESEMBLANCE_SHORT, LEAST_RESEMBLANCE)
    is_part = (containment >= LEAST_CONTAINMENT) & ~is_short
    return np.asarray(pairs[(resemblance >= least) | is_part])


def _number(keys: Iterable[object]) -> Int64Array:
    """Number the different keys in order of appearance."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _connect(n_texts: int, pairs: Int64Array) -> Iterable[int]:
    """Give the texts that pairs connect the same number."""
    matrix = coo_array((np.ones(len(pairs)), pairs.T), shape=(n_texts, n_texts))
    _, group_of_text = connected_components(matrix, directed=False)
    return map(int, group_of_text)
