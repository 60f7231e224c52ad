"""Mixtures of models judged by the macro F1 on validation texts.

Owns the fast F1 by which thousands of mixtures are compared: thresholds are tuned as in
`metrics.thresholds`, but on bins of probabilities. What is reported of a mixture is measured by
the metrics room.
"""

from dataclasses import dataclass

import numpy as np

from ..metrics.matrices import Bools, Counts, Floats, Labels, Singles
from ..metrics.task import Task
from ..metrics.thresholds import SHRINKAGE, mark_first_half

N_BINS = 128
_LARGEST = 9.0
"""Logits from -9 to 9, which are probabilities of 0.0001 to 0.9999, are put into bins."""
_SMALLEST = 1.3e-4


@dataclass(frozen=True, slots=True, eq=False)
class F1Criterion:
    """Judges mixtures by the macro F1 on some texts, each half by the other's thresholds."""

    judge: "F1Judge"
    n_times: Counts
    """How often each text counts, int64, (n,)."""

    def costs(self, counts: Counts, allowed: Bools) -> Floats:
        """Compute 1 - F1 of each mixture; see `Criterion`."""
        probabilities = self.judge.probabilities
        total = np.tensordot(counts.astype(np.float32), probabilities, axes=1)
        costs = np.full(len(counts), np.inf)
        for model in np.flatnonzero(allowed):
            mixed = (total + probabilities[model]) / np.float32(counts.sum() + 1)
            costs[model] = self._cost(mixed)
        return costs

    def _cost(self, mixed: Singles) -> float:
        # Of the texts that count, so that texts that do not count change nothing.
        first, used = np.zeros(len(self.n_times), np.bool_), np.flatnonzero(self.n_times)
        first[used] = mark_first_half(len(used))
        halves = self.n_times * first, self.n_times * ~first
        if self.judge.task.is_multiclass or not all(half.any() for half in halves):
            return self.judge.cost(mixed, self.n_times, self.n_times)
        tables = [self.judge.count(mixed, half) for half in halves]
        crossed = [_cut(tables[1 - side], _tune(tables[side])) for side in (0, 1)]
        return 1.0 - _measure_f1(crossed[0] + crossed[1])


@dataclass(frozen=True, slots=True, eq=False)
class F1Judge:
    """Models judged by their macro F1. What is judged is a model's probabilities, (n, L)."""

    probabilities: Singles
    """Of the members, float32, (m, n, L)."""
    labels: Labels
    """0 or 1, uint8, (n, L)."""
    task: Task

    def mix(self, weights: Floats) -> Singles:
        """Average the members' probabilities, float32, (n, L)."""
        mixed: Singles = np.tensordot(weights.astype(np.float32), self.probabilities, axes=1)
        return mixed

    def criterion(self, n_times: Counts) -> F1Criterion:
        """Make the criterion for texts of which each counts so many times, int64, (n,)."""
        return F1Criterion(self, n_times)

    def cost(self, outcome: Singles, tuned_on: Counts, n_times: Counts) -> float:
        """Compute 1 - F1 over texts of which each counts so many times.

        Args:
            outcome: probabilities, (n, L).
            tuned_on: how often each text counts in the tuning of thresholds, int64, (n,).
            n_times: how often each text counts in the F1, int64, (n,).
        """
        if self.task.is_multiclass:
            return 1.0 - _measure_f1(self._count_choices(outcome, n_times))
        thresholds = _tune(self.count(outcome, tuned_on))
        return 1.0 - _measure_f1(_cut(self.count(outcome, n_times), thresholds))

    def count(self, mixed: Singles, n_times: Counts) -> Floats:
        """Count what each bin as a threshold would predict.

        Returns:
            True positives and predictions by label, at each bin from the lowest on, float64,
            (2, L, bins).
        """
        rows, n_labels = np.flatnonzero(n_times), mixed.shape[1]
        clipped = np.clip(mixed[rows], _SMALLEST, 1.0 - _SMALLEST)
        logits = np.log(clipped / (1.0 - clipped))
        bins = ((logits + _LARGEST) * (N_BINS / (2 * _LARGEST))).astype(np.int64)
        places = (bins + np.arange(n_labels) * N_BINS).ravel()
        weights = np.repeat(n_times[rows].astype(np.float64), n_labels)
        has_label = self.labels[rows].ravel() == 1
        size = n_labels * N_BINS
        counts = [
            np.bincount(places[has_label], weights[has_label], minlength=size),
            np.bincount(places, weights, minlength=size),
        ]
        table = np.stack(counts).reshape(2, n_labels, N_BINS)
        return table[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]

    def _count_choices(self, mixed: Singles, n_times: Counts) -> Floats:
        """Count true positives, predictions and positives of each label, (3, L)."""
        n_labels = mixed.shape[1]
        chosen, true = mixed.argmax(axis=1), self.labels.argmax(axis=1)
        is_right = chosen == true
        return np.stack(
            [
                np.bincount(true[is_right], n_times[is_right], minlength=n_labels),
                np.bincount(chosen, n_times, minlength=n_labels),
                np.bincount(true, n_times, minlength=n_labels),
            ]
        )


def _tune(table: Floats) -> Counts:
    """Choose the bin of each label's threshold, int64, (L,), shrunk as in `best_thresholds`."""
    hits, predicted = table
    support = hits[:, 0]
    own = _find_best(2.0 * hits / np.maximum(predicted + support[:, None], 1.0))
    of_all = 2.0 * hits.sum(axis=0) / np.maximum(predicted.sum(axis=0) + support.sum(), 1.0)
    common = _find_best(of_all[None, :])
    weight = support / (support + SHRINKAGE)
    shrunk: Counts = np.rint(weight * own + (1.0 - weight) * common).astype(np.int64)
    return shrunk


def _find_best(f1: Floats) -> Counts:
    """Find the middle of the highest bins with the best F1 of each row, int64, (rows,)."""
    is_best = f1 == f1.max(axis=1, keepdims=True)
    last = f1.shape[1] - 1 - is_best[:, ::-1].argmax(axis=1)
    below = np.maximum.accumulate(np.where(is_best, -1, np.arange(f1.shape[1])), axis=1)
    middles: Counts = (below[np.arange(len(f1)), last] + 1 + last) // 2
    return middles


def _cut(table: Floats, bins: Counts) -> Floats:
    """Take true positives, predictions and positives of each label at its threshold, (3, L)."""
    at_bins = table[:, np.arange(len(bins)), bins]
    return np.concatenate([at_bins, table[:1, :, 0]])


def _measure_f1(counts: Floats) -> float:
    hits, predicted, support = counts[:, counts[2] > 0]
    return float((2.0 * hits / (predicted + support)).mean()) if support.size else 0.0
