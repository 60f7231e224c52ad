"""The model that knows how frequent each label is and reads no text. Owns its probabilities."""

import numpy as np
import numpy.typing as npt

from ..data.corpus import LabelMatrix
from ..metrics.losses import prior_rates
from ..metrics.task import Task


def prior_probabilities(
    train_labels: LabelMatrix, n_texts: int, task: Task = Task.MULTILABEL
) -> npt.NDArray[np.float32]:
    """Return what the label priors predict for every text: the same row each time.

    They are `metrics.losses.prior_rates`.

    Args:
        train_labels: 0 or 1, uint8, (n, L).
        n_texts: number of rows to return, 0 or more.
        task: what is predicted.

    Returns:
        float32, (n_texts, L).

    Raises:
        ValueError: the matrix has no entry, or a value is neither 0 nor 1.
    """
    return np.tile(prior_rates(train_labels, task).astype(np.float32), (n_texts, 1))
