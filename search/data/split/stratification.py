"""Deal out rows so that every label goes to each side in proportion.

Owns iterative stratification: Sechidis, Tsoumakas and Vlahavas, On the stratification of
multi-label data, 2011. Knows no corpus, and not which rows may be dealt out.

The counts of labels still to be dealt out are kept, not taken anew for each label, so the work
grows with the number of labels set and not with rows times labels times labels. The package
iterative-stratification does not replace this: it knows no groups, so repeated texts could not stay
on one side, and at 10,000 texts and 1,000 labels it takes 31 s where this takes 0.8 s
(benchmarks/LOG.md, "The split's cost").
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Counts = npt.NDArray[np.int64]


def stratify(
    counts: csr_array, weights: Counts, needs: npt.NDArray[np.float64], *, seed: int
) -> Counts:
    """Answer the side of each row.

    The label with the fewest rows left is dealt out first, each of its rows to the side that needs
    the label most, then to the one that needs texts most, then at random; rows of many texts go
    first, so that those of one even out what they leave. Rows without labels come last and make up
    the sizes.

    Args:
        counts: texts of each label in each row, no 0 stored, (n, n_labels).
        weights: texts of each row, 1 or more, (n,).
        needs: texts of each label that each side is to have and, in the last row, texts of any
            kind; (n_labels + 1, n_sides). A side may end with more or fewer.
        seed: 0 or more; orders the rows and the labels, and settles ties.
    """
    n_rows, n_labels = counts.shape
    random = np.random.default_rng(seed)
    order, left = random.permutation(n_rows), random.permutation(n_labels)
    order = order[np.argsort(-weights[order], kind="stable")]
    noise = random.random((n_rows, needs.shape[1])).tolist()
    sides = np.full(n_rows, -1, dtype=np.int64)
    needs = needs.copy()
    rows_with = [order[rows] for rows in rows_by_column(counts[order])]
    labels_in = np.split(counts.indices, counts.indptr[1:-1])
    texts_in = np.split(counts.data, counts.indptr[1:-1])
    n_left = np.bincount(counts.indices, minlength=n_labels)
    while (left := left[n_left[left] > 0]).size:
        label = left[n_left[left].argmin()]
        for row in rows_with[label][sides[rows_with[label]] < 0].tolist():
            side = _neediest(needs[label].tolist(), needs[-1].tolist(), noise[row])
            sides[row] = side
            needs[labels_in[row], side] -= texts_in[row]
            needs[-1, side] -= weights[row]
            n_left[labels_in[row]] -= 1
    for row in order[sides[order] < 0].tolist():
        sides[row] = side = _neediest(needs[-1].tolist(), noise[row])
        needs[-1, side] -= weights[row]
    return sides


def rows_by_column(matrix: csr_array) -> list[npt.NDArray[np.signedinteger]]:
    """Answer the rows that have a value in each column, ascending."""
    columns = matrix.tocsc()
    return np.split(columns.indices, columns.indptr[1:-1])


def _neediest(*needs: Sequence[float]) -> int:
    """Answer the side whose first need is highest; of equals, that with the highest second."""
    return max(range(len(needs[0])), key=lambda side: [need[side] for need in needs])
