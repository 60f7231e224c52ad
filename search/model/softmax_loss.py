"""The training loss where each text has exactly one label: cross-entropy over a softmax.

Owns its weighted and its focal form, and their values for a network that knows only how frequent
labels are. The losses of independent labels are in losses.py.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops
from scipy.optimize import minimize
from scipy.special import log_softmax

from ..metrics.losses import prior_rates
from ..metrics.matrices import Floats, Labels
from ..metrics.task import Task

_SMALLEST = 1e-7


@dataclass(frozen=True, slots=True)
class SoftmaxLoss:
    """The mean over texts of w · (1 - p)^gamma · -ln p, with p the probability of the true label.

    With gamma = 0 it is the weighted cross-entropy, else the focal loss of Lin et al. (2017),
    Focal Loss for Dense Object Detection, over a softmax.
    """

    weights: Floats
    """w of each label, above 0, float64, (L,)."""
    gamma: float = 0.0
    """Focus on hard texts, at least 0."""

    def __call__(self, labels: Any, logits: Any) -> Any:
        """Compute the loss of labels, one 1.0 a row, and logits, float32, (n, L) each."""
        logarithm = ops.sum(labels * ops.log_softmax(logits, axis=-1), axis=-1)
        cost = -logarithm * ops.sum(labels * self.weights.astype(np.float32), axis=-1)
        if self.gamma:
            # A power below 1 has an infinite slope at 0; this form has a slope of 0 there.
            missed = ops.maximum(1.0 - ops.exp(logarithm), _SMALLEST)
            cost = cost * ops.exp(self.gamma * ops.log(missed))
        return ops.mean(cost)

    @property
    def shift(self) -> Floats | None:
        """What the loss adds to the logits, (L,); None with a focus, where it is not a constant.

        Texts of label k that count w(k) times have, at the minimum, probabilities proportional to
        w(k) · p(k); subtracting ln w(k) from the logits gives the calibrated ones.
        """
        return None if self.gamma else np.log(self.weights)

    def prior_logits(self, labels: Labels) -> Floats:
        """Find the logits that minimise the loss of a network that ignores its input.

        Args:
            labels: those of train, one 1 a row, uint8, (n, L).

        Returns:
            float64, (L,); finite even for a label on no text.
        """
        rates = prior_rates(labels, Task.MULTICLASS)
        start: Floats = np.log(rates) + np.log(self.weights)
        if not self.gamma:
            return start
        found = minimize(self._measure, start, args=(rates,), jac=True, method="L-BFGS-B")
        return np.asarray(found.x, dtype=np.float64)

    def constant_loss(self, logits: Floats, labels: Labels) -> float:
        """Compute the loss of a network that predicts the same for each of these texts.

        Args:
            logits: its prediction, (L,).
            labels: those of train, one 1 a row, uint8, (n, L).
        """
        return self._measure(logits, labels.mean(axis=0, dtype=np.float64))[0]

    def _measure(self, logits: Floats, rates: Floats) -> tuple[float, Floats]:
        """Compute the loss of constant logits, and its gradient, (L,)."""
        logarithms = log_softmax(logits)
        p = np.exp(logarithms)
        missed = np.maximum(1.0 - p, _SMALLEST)
        focus = rates * self.weights * missed**self.gamma
        # Of each label's cost, the derivative by p times p.
        slopes = focus * (self.gamma * p * logarithms / missed - 1.0)
        return float(-(focus * logarithms).sum()), slopes - p * slopes.sum()
