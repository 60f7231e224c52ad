"""What a training loss is: a mean over cells of a weight times one of two terms.

Owns that value, and what it comes to for a network that knows only how frequent labels are. Which
losses there are is written in losses.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from ..metrics.losses import log_odds
from ..metrics.matrices import Floats, Labels

_GRID = 1_001
_CELLS_AT_ONCE = 1_000_000

Term = Callable[[Any], Any]
"""Logits, (n, L), to what a cell costs, (n, L)."""


@dataclass(frozen=True, slots=True)
class TrainingLoss:
    """The mean over cells of weight · (y · positive(z) + (1 - y) · negative(z)).

    A cell is a text and a label; y is 0 or 1 and z a logit.
    """

    positive: Term
    """Cost of a cell whose label is 1."""
    negative: Term
    """Cost of a cell whose label is 0."""
    weigh: Callable[[Any], Any]
    """Labels, float32, (n, L), to the weight of each cell, (n, L)."""
    shift: Floats | None
    """What it adds to the logit of the true probability, (L,); None where that has no such form.

    A likelihood has it, and subtracting it gives calibrated logits.
    """

    def __call__(self, labels: Any, logits: Any) -> Any:
        """Compute the loss of labels, 0.0 or 1.0, and logits, float32, (n, L) each."""
        cost = labels * self.positive(logits) + (1.0 - labels) * self.negative(logits)
        return ops.mean(self.weigh(labels) * cost)

    def prior_logits(self, labels: Labels) -> Floats:
        """Find the logits, one a label, that minimise the loss for a network without its input.

        For cross-entropy log odds + shift. The others have no closed form: the best of 1,001 even
        steps between the smoothed log odds of a label on no text and of one on all, the lowest of
        equal ones.

        Args:
            labels: those of train, from which the loss was made, 0 or 1, uint8, (n, L).

        Returns:
            Finite also for a label on no text, float64, (L,).
        """
        if self.shift is not None:
            return log_odds(labels) + self.shift
        bound = np.log(2.0 * len(labels) + 1.0)
        grid = np.linspace(-bound, bound, _GRID)
        costs = self._prior_costs(np.tile(grid[:, None], labels.shape[1]), labels)
        best: Floats = grid[costs.argmin(axis=0)]
        return best

    def constant_loss(self, logits: Floats, labels: Labels) -> float:
        """Compute the loss over these texts of a network that says the same of each.

        Args:
            logits: what it says, (L,).
            labels: those of train, from which the loss was made, 0 or 1, uint8, (n, L).
        """
        return float(self._prior_costs(logits[None], labels).mean())

    def _prior_costs(self, logits: Floats, labels: Labels) -> Floats:
        """Average each label's cost over all texts when all have one logit: (k, L) to (k, L)."""
        positive, negative = self._mean_weights(labels)
        given = ops.convert_to_tensor(logits.astype(np.float32))
        costs: Floats = positive * ops.convert_to_numpy(self.positive(given))
        costs += negative * ops.convert_to_numpy(self.negative(given))
        return costs

    def _mean_weights(self, labels: Labels) -> tuple[Floats, Floats]:
        """Sum the weights of positives, and of negatives, over the number of texts: (L,) each."""
        n_rows = max(1, _CELLS_AT_ONCE // labels.shape[1])
        positive, negative = np.zeros((2, labels.shape[1]))
        for first in range(0, len(labels), n_rows):
            truth = labels[first : first + n_rows].astype(np.float32)
            weights = ops.convert_to_numpy(self.weigh(ops.convert_to_tensor(truth)))
            positive += (weights * truth).sum(axis=0, dtype=np.float64)
            negative += (weights * (1.0 - truth)).sum(axis=0, dtype=np.float64)
        n_texts = len(labels)
        return positive / n_texts, negative / n_texts
