"""Two models on the same texts: whether one beats, ties with or loses to the other.

Owns the loss of each text and the paired comparison over texts. Knows no model and no split. It
does not know how the models were chosen either: the best of many models on these same texts looks
a little better than it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import numpy as np

from .losses import CLIP
from .matrices import (
    Bools,
    Floats,
    Labels,
    Probabilities,
    Singles,
    check_choices,
    check_labels,
    check_pair,
)
from .task import Task

LEVEL = 0.9
"""Share of the resamples inside every interval."""
_ENTRIES_AT_ONCE = 4_000_000
"""Draws in memory at a time: 32 MB of positions."""


class ComparisonResult(StrEnum):
    """Whether a model is better than its rival."""

    BEATS = "beats"
    TIES = "ties"
    LOSES = "loses"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean difference of two models' losses on the same texts, with its interval."""

    difference: float
    """Mean loss of the model minus that of its rival, in nats; negative if the model is better."""
    low: float
    """Lower end of the interval of the difference."""
    high: float
    """Upper end of the interval of the difference."""
    level: float
    """Share of the resamples inside the interval, in (0, 1)."""

    @property
    def result(self) -> ComparisonResult:
        """BEATS if the complete interval is below 0, LOSES if it is above 0, otherwise TIES."""
        if self.high < 0.0:
            return ComparisonResult.BEATS
        return ComparisonResult.LOSES if self.low > 0.0 else ComparisonResult.TIES

    def reversed(self) -> "Comparison":
        """Compare the rival with the model."""
        return Comparison(-self.difference, -self.high, -self.low, self.level)


def text_losses(
    probabilities: Probabilities, labels: Labels, task: Task = Task.MULTILABEL
) -> Floats:
    """Return each text's unweighted cross-entropy in nats, as in `cross_entropy`.

    That is the mean of these losses. The binary one is averaged over a text's labels.

    Args:
        probabilities: of label 1, in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        task: what is predicted.

    Returns:
        0 or greater, float64, (n,).

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = check_pair(probabilities, labels)
    if task.is_multiclass:
        return np.asarray(-np.log(np.clip(scores[check_choices(labels)], CLIP, 1.0 - CLIP)))
    probability = np.clip(np.where(truth, scores, 1.0 - scores), CLIP, 1.0 - CLIP)
    return np.asarray(-np.log(probability).mean(axis=1), dtype=np.float64)


def compare(
    losses: Floats, rival_losses: Floats, *, seed: int, n_resamples: int = 2000
) -> Comparison:
    """Compare two models text by text with the paired bootstrap.

    Each resample draws texts with replacement and takes the mean difference. The interval holds the
    middle 90 % of these means (percentile method: Efron and Tibshirani 1993, chapter 13; Koehn
    2004 compares systems on one test set this way). Pairing removes what makes a text hard for both
    models. The interval does not cover how another training seed would change the result.

    Args:
        losses: those of the model, float64, (n,), from `text_losses`.
        rival_losses: those of the rival, on the same texts in the same order, float64, (n,).
        seed: seed of the draws, at least 0.
        n_resamples: number of resamples, at least 1.

    Returns:
        The difference. Equal losses give the interval from 0 to 0, which is a tie.

    Raises:
        ValueError: the lengths differ, there is no text, or a loss is NaN or infinite.
    """
    if losses.ndim != 1 or losses.shape != rival_losses.shape or not losses.size:
        raise ValueError(
            f"expected one loss a text from both models, got {losses.shape} and "
            f"{rival_losses.shape}"
        )
    differences = losses - rival_losses
    if not np.isfinite(differences).all():
        raise ValueError("losses must be finite, got NaN or infinity")
    means = resample_means(differences[None, :], seed=seed, n_resamples=n_resamples)[:, 0]
    return _make_comparison(differences.mean(), means)


def compare_macro_f1(
    predictions: Bools,
    rival_predictions: Bools,
    labels: Labels,
    *,
    seed: int,
    n_resamples: int = 1000,
) -> Comparison:
    """Compare the macro F1 of two models with the paired bootstrap, as `compare` does with losses.

    The difference is that of 1 - F1, so it is negative if the model is better. Macro F1 is the mean
    over the labels with a positive among all texts. A label without a positive in a resample counts
    0 there for both models.

    Args:
        predictions: those of the model, True where a label is predicted, bool, (n, L).
        rival_predictions: those of the rival, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).
        seed: seed of the draws, at least 0.
        n_resamples: number of resamples, at least 1.

    Raises:
        ValueError: the shapes differ, or there is no entry.
    """
    truth = check_labels(labels)
    if predictions.shape != truth.shape or rival_predictions.shape != truth.shape:
        raise ValueError(
            f"expected predictions of the shape of labels {truth.shape}, got {predictions.shape} "
            f"and {rival_predictions.shape}"
        )
    scored = truth.any(axis=0)
    if not scored.any():
        return Comparison(0.0, 0.0, 0.0, LEVEL)
    ours, theirs = (
        _make_macro_f1(model[:, scored], truth[:, scored])
        for model in (predictions, rival_predictions)
    )
    once = np.ones((1, len(truth)), np.float32)
    counts = chain([once], _draw_counts(len(truth), seed, n_resamples))
    differences = np.concatenate([theirs(drawn) - ours(drawn) for drawn in counts])
    return _make_comparison(differences[0], differences[1:])


def _make_comparison(difference: float, resampled: Floats) -> Comparison:
    low, high = np.quantile(resampled, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return Comparison(float(difference), float(low), float(high), LEVEL)


def _draw_counts(n_texts: int, seed: int, n_resamples: int) -> Iterator[Singles]:
    """Draw how often each text counts in each resample, in chunks, float32, (., n_texts)."""
    generator = np.random.default_rng(seed)
    shares = np.full(n_texts, 1.0 / n_texts)
    # Two copies are in memory at times: 8-byte draws, and 4-byte ones of this and the last chunk.
    n_at_once = max(1, _ENTRIES_AT_ONCE // (2 * n_texts))
    for start in range(0, n_resamples, n_at_once):
        n_drawn = min(n_at_once, n_resamples - start)
        yield generator.multinomial(n_texts, shares, n_drawn).astype(np.float32)


def _make_macro_f1(predictions: Bools, truth: Bools) -> Callable[[Singles], Floats]:
    """Make the function that computes macro F1, float64, (m,), from (m, n) counts of each text."""
    hits = (predictions & truth).astype(np.float32)
    predicted_plus_true = predictions.astype(np.float32) + truth

    def macro_f1(n_times: Singles) -> Floats:
        totals = np.maximum(n_times @ predicted_plus_true, 1.0)
        f1 = 2.0 * (n_times @ hits) / totals
        return np.asarray(f1.mean(axis=1), dtype=np.float64)

    return macro_f1


def resample_means(values: Floats, *, seed: int, n_resamples: int) -> Floats:
    """Average each row over texts drawn with replacement, the same texts for every row.

    Args:
        values: one row a model, one column a text, float64, (m, n), n at least 1.
        seed: seed of the draws, at least 0.
        n_resamples: number of resamples, at least 1.

    Returns:
        float64, (n_resamples, m).
    """
    generator = np.random.default_rng(seed)
    n_texts = values.shape[1]
    n_at_once = max(1, _ENTRIES_AT_ONCE // n_texts)
    means = np.empty((n_resamples, len(values)))
    for start in range(0, n_resamples, n_at_once):
        n_drawn = min(n_at_once, n_resamples - start)
        drawn = generator.integers(0, n_texts, (n_drawn, n_texts))
        for row, model_values in enumerate(values):
            means[start : start + n_drawn, row] = model_values[drawn].mean(axis=1)
    return means
