"""What the optimizer minimises. Owns training losses on logits; scores are the metrics room's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from keras import ops


def weighted_cross_entropy(
    positive_weights: npt.NDArray[np.float64],
) -> Callable[[Any, Any], Any]:
    """Make the binary cross-entropy on logits with a weight on each label's positive term.

    loss = w·y·softplus(-z) + (1 - y)·softplus(z), averaged over texts and labels. Its minimum for
    a label that is positive with probability p lies at the logit log(p / (1 - p)) + ln w: so the
    shift that a weight causes is exactly ln w, and is taken back at evaluation.
    Keras's own `class_weight` weighs the whole text by its first positive label (Keras 3.15).
    """
    weights = positive_weights.astype(np.float32)

    def loss(labels: Any, logits: Any) -> Any:
        positive = labels * weights * ops.softplus(-logits)
        return ops.mean(positive + (1.0 - labels) * ops.softplus(logits))

    return loss
