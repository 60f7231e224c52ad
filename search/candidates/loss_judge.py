"""Mixtures of models judged by the cross-entropy on validation texts."""

from dataclasses import dataclass

import numpy as np

from ..metrics.losses import CLIP
from ..metrics.matrices import Bools, Counts, Floats, Labels, Probabilities, Singles, check_choices
from ..metrics.task import Task


@dataclass(frozen=True, slots=True, eq=False)
class LossCriterion:
    """Judges mixtures by the loss on some texts."""

    hits: Singles
    """Probability that each model gives to what is true, float32, (m, n_entries)."""
    shares: Floats
    """Weight of each entry in the loss, sum 1, float64, (n_entries,)."""

    def costs(self, counts: Counts, allowed: Bools) -> Floats:
        """Compute the loss of each mixture in nats; see `Criterion`."""
        total = counts[counts > 0].astype(np.float32) @ self.hits[counts > 0]
        costs = np.full(len(self.hits), np.inf)
        # Summed up in double precision: a million single ones would be wrong by more than models
        # differ.
        mixed, logs = np.empty_like(total), np.empty(total.shape)
        for model in np.flatnonzero(allowed):
            np.add(total, self.hits[model], out=mixed)
            np.log(mixed, out=logs)
            costs[model] = np.log(counts.sum() + 1) - float(logs @ self.shares)
        return costs


def compute_hits(probabilities: Probabilities, labels: Labels, task: Task) -> Singles:
    """Compute the probability that a model gives to what is true of each text.

    That is the probability of its class where it has exactly one, and else, label by label, of
    having the label or not.

    Args:
        probabilities: in [0, 1], (n, L).
        labels: 0 or 1, uint8, (n, L).
        task: what is predicted.

    Returns:
        Clipped as in `cross_entropy`, float32, (n, L), or (n, 1) with one choice.
    """
    if task.is_multiclass:
        hits = probabilities[check_choices(labels)][:, None]
    else:
        hits = np.where(labels == 1, probabilities, 1.0 - probabilities)
    return np.clip(hits, CLIP, 1.0 - CLIP).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class LossJudge:
    """Models judged by the loss of each text. What is judged is a model's losses, (n,)."""

    hits: Singles
    """Of the members, float32, (m, n, k); k is the number of labels, or 1 with one choice."""

    def mix(self, weights: Floats) -> Floats:
        """Compute each text's loss of a mixture of the members, float64, (n,)."""
        is_in = weights > 0
        mixed = np.tensordot(weights[is_in].astype(np.float32), self.hits[is_in], axes=1)
        return np.asarray(-np.log(mixed).mean(axis=1), np.float64)

    def criterion(self, n_times: Counts) -> LossCriterion:
        """Make the criterion for texts of which each counts so many times, int64, (n,)."""
        rows = np.flatnonzero(n_times)
        n_models, _, n_labels = self.hits.shape
        shares = np.repeat(n_times[rows] / (n_times.sum() * n_labels), n_labels)
        hits = self.hits[:, rows].reshape(n_models, len(shares))
        return LossCriterion(hits, shares)

    def cost(self, outcome: Floats, tuned_on: Counts, n_times: Counts) -> float:
        """Compute the mean loss over texts of which each counts so many times.

        Args:
            outcome: loss of each text, (n,).
            tuned_on: not needed: a loss has no thresholds.
            n_times: how often each text counts, int64, (n,).
        """
        return float(outcome @ n_times / n_times.sum())
