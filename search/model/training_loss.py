"""The form of a training loss: the mean over entries of a weight times one of two terms.

Owns this form, and its value for a network that knows only how frequent labels are. The losses
themselves are in losses.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from ..metrics.losses import log_odds
from ..metrics.matrices import Floats, Labels

_GRID = 1_001
_ENTRIES_AT_ONCE = 1_000_000

Term = Callable[[Any], Any]
"""From logits, (n, L), to the cost of each entry, (n, L)."""


@dataclass(frozen=True, slots=True)
class TrainingLoss:
    """The mean over entries of weight · (y · positive(z) + (1 - y) · negative(z)).

    An entry belongs to one text and one label; y is 0 or 1, and z is a logit.
    """

    positive: Term
    """Cost of an entry whose label is 1."""
    negative: Term
    """Cost of an entry whose label is 0."""
    weigh: Callable[[Any], Any]
    """From labels, float32, (n, L), to the weight of each entry, (n, L)."""
    shift: Floats | None
    """What the loss adds to the logit of the true probability, (L,); None if not a constant.

    It is a constant for a likelihood. Subtracting it then gives calibrated logits.
    """

    def __call__(self, labels: Any, logits: Any) -> Any:
        """Compute the loss of labels, 0.0 or 1.0, and logits, float32, (n, L) each."""
        cost = labels * self.positive(logits) + (1.0 - labels) * self.negative(logits)
        return ops.mean(self.weigh(labels) * cost)

    def prior_logits(self, labels: Labels) -> Floats:
        """Find the logits, one a label, that minimise the loss of a network that ignores its input.

        For cross-entropy they are log odds + shift. The other losses have no closed form. For them
        the result is the best of 1,001 equal steps between the smoothed log odds of a label on no
        text and of a label on all texts; of equally good ones the lowest.

        Args:
            labels: those of train, from which the loss was made, 0 or 1, uint8, (n, L).

        Returns:
            float64, (L,); finite even for a label on no text.
        """
        if self.shift is not None:
            return log_odds(labels) + self.shift
        bound = np.log(2.0 * len(labels) + 1.0)
        grid = np.linspace(-bound, bound, _GRID)
        costs = self._prior_costs(np.tile(grid[:, None], labels.shape[1]), labels)
        best: Floats = grid[costs.argmin(axis=0)]
        return best

    def constant_loss(self, logits: Floats, labels: Labels) -> float:
        """Compute the loss of a network that predicts the same for each of these texts.

        Args:
            logits: its prediction, (L,).
            labels: those of train, from which the loss was made, 0 or 1, uint8, (n, L).
        """
        return float(self._prior_costs(logits[None], labels).mean())

    def _prior_costs(self, logits: Floats, labels: Labels) -> Floats:
        """Average each label's cost over all texts if all have the same logit: (k, L) to (k, L)."""
        positive, negative = self._mean_weights(labels)
        tensor = ops.convert_to_tensor(logits.astype(np.float32))
        costs: Floats = positive * ops.convert_to_numpy(self.positive(tensor))
        costs += negative * ops.convert_to_numpy(self.negative(tensor))
        return costs

    def _mean_weights(self, labels: Labels) -> tuple[Floats, Floats]:
        """Sum the weights of positives, and of negatives, over the number of texts: (L,) each."""
        n_rows = max(1, _ENTRIES_AT_ONCE // labels.shape[1])
        positive, negative = np.zeros((2, labels.shape[1]))
        for first in range(0, len(labels), n_rows):
            truth = labels[first : first + n_rows].astype(np.float32)
            weights = ops.convert_to_numpy(self.weigh(ops.convert_to_tensor(truth)))
            positive += (weights * truth).sum(axis=0, dtype=np.float64)
            negative += (weights * (1.0 - truth)).sum(axis=0, dtype=np.float64)
        n_texts = len(labels)
        return positive / n_texts, negative / n_texts
