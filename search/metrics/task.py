"""What is predicted for a text. Owns the three tasks, and how their outputs become probabilities.

With one choice the label matrix has exactly one 1 in each row.
"""

from enum import StrEnum

import numpy as np
from scipy.special import expit, softmax

from .matrices import Singles


class Task(StrEnum):
    """What is predicted for a text."""

    MULTILABEL = "multilabel"
    """Any number of the labels, one output each."""
    BINARY = "binary"
    """One of two classes, one output: the probability of the positive one."""
    MULTICLASS = "multiclass"
    """Exactly one of the labels, one output each; their probabilities sum to 1."""

    @property
    def is_multiclass(self) -> bool:
        """Whether the labels exclude each other, so that their probabilities sum to 1."""
        return self is Task.MULTICLASS

    @property
    def activation(self) -> str:
        """The function, by Keras's name, that makes probabilities of logits."""
        return "softmax" if self.is_multiclass else "sigmoid"

    def compute_probabilities(self, logits: Singles) -> Singles:
        """Compute probabilities from logits, float32, (n, L) each."""
        return np.asarray(softmax(logits, axis=1) if self.is_multiclass else expit(logits))
