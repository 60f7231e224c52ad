"""The model that knows how frequent each label is and reads no text. Owns its probabilities."""

import numpy as np
import numpy.typing as npt

from ..data.corpus import LabelMatrix
from ..metrics.losses import log_odds


def prior_probabilities(train_labels: LabelMatrix, n_texts: int) -> npt.NDArray[np.float32]:
    """Return what the label priors predict for every text: the same row each time.

    For a label on k of n train texts (k + 0.5) / (n + 1), the estimate of Krichevsky and Trofimov
    (1981), as in `metrics.losses.prior_cross_entropy`; never 0 or 1.

    Args:
        train_labels: 0 or 1, uint8, (n, L).
        n_texts: number of rows to return, 0 or more.

    Returns:
        float32, (n_texts, L).

    Raises:
        ValueError: the matrix has no entry, or a value is neither 0 nor 1.
    """
    rates = 1.0 / (1.0 + np.exp(-log_odds(train_labels)))
    return np.tile(rates.astype(np.float32), (n_texts, 1))
