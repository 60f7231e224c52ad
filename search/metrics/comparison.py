"""Two models on the same texts: whether one beats, ties or loses to the other.

Owns the loss of each text and the paired comparison over texts. Knows no model and no split, and
does not know who chose the models: one that was picked as the best of many on these very texts is
a little flattered.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .losses import CLIP
from .matrices import Bools, Floats, Labels, Probabilities, checked_labels, checked_pair

Singles = npt.NDArray[np.float32]

_CELLS_AT_ONCE = 4_000_000
"""Draws held in memory at a time: 32 MB of positions."""


class Standing(StrEnum):
    """How a model stands against its rival."""

    BEATS = "beats"
    TIES = "ties"
    LOSES = "loses"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean difference of two models' losses on the same texts, with its interval."""

    difference: float
    """Mean loss of the model less that of its rival, in nats; negative where the model is ahead."""
    low: float
    """Lower end of the interval of the difference."""
    high: float
    """Upper end of the interval of the difference."""
    level: float
    """Share of resamples that the interval holds, in (0, 1)."""

    @property
    def standing(self) -> Standing:
        """BEATS where the whole interval is below 0, LOSES where it is above, else TIES."""
        if self.high < 0.0:
            return Standing.BEATS
        return Standing.LOSES if self.low > 0.0 else Standing.TIES

    def as_dict(self) -> dict[str, float]:
        """Give the fields as JSON takes them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """Read what `as_dict` gave.

        Raises:
            TypeError: a field is missing or unknown.
        """
        return cls(**fields)


def text_losses(probabilities: Probabilities, labels: Labels) -> Floats:
    """Return each text's unweighted binary cross-entropy in nats, averaged over its labels.

    Clipped as `cross_entropy` clips, which is the mean of these.

    Args:
        probabilities: of label 1, in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        0 or greater, float64, (n,).

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = checked_pair(probabilities, labels)
    granted = np.clip(np.where(truth, scores, 1.0 - scores), CLIP, 1.0 - CLIP)
    return np.asarray(-np.log(granted).mean(axis=1), dtype=np.float64)


def compare(
    losses: Floats, rival_losses: Floats, *, seed: int, level: float = 0.9, n_resamples: int = 2000
) -> Comparison:
    """Compare two models text by text with the paired bootstrap.

    Texts are drawn with replacement and the mean difference is taken each time; the interval holds
    the middle `level` of these means (percentile method: Efron and Tibshirani 1993, chapter 13;
    for comparing systems on one test set Koehn 2004). Pairing takes out what makes a text hard
    for both. It says nothing of how another seed of training would have come out.

    Args:
        losses: of the model, float64, (n,), as `text_losses` gives them.
        rival_losses: of the rival on the same texts in the same order, float64, (n,).
        seed: of the draws, 0 or more.
        level: share of resamples in the interval, in (0, 1).
        n_resamples: number of resamples, 1 or more.

    Returns:
        The difference; equal losses give the interval from 0 to 0, which ties.

    Raises:
        ValueError: the lengths differ, there is no text, a loss is NaN or infinite, or `level` is
            not in (0, 1).
    """
    if losses.ndim != 1 or losses.shape != rival_losses.shape or not losses.size:
        raise ValueError(
            f"expected one loss a text from both models, got {losses.shape} and "
            f"{rival_losses.shape}"
        )
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be in (0, 1), got {level:g}")
    differences = losses - rival_losses
    if not np.isfinite(differences).all():
        raise ValueError("losses must be finite, got NaN or infinity")
    means = resampled_means(differences[None, :], seed=seed, n_resamples=n_resamples)[:, 0]
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Comparison(float(differences.mean()), float(low), float(high), level)


def compare_macro_f1(
    predictions: Bools,
    rival_predictions: Bools,
    labels: Labels,
    *,
    seed: int,
    level: float = 0.9,
    n_resamples: int = 1000,
) -> Comparison:
    """Compare two models' macro F1 with the paired bootstrap, as `compare` does losses.

    The difference is of 1 - F1, so that it is negative where the model is ahead. The mean goes over
    the labels that have a positive in all of the texts; one that a resample leaves without counts
    0 there for both.

    Args:
        predictions: of the model, True where a label is predicted, bool, (n, L).
        rival_predictions: of the rival, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).
        seed: of the draws, 0 or more.
        level: share of resamples in the interval, in (0, 1).
        n_resamples: number of resamples, 1 or more.

    Raises:
        ValueError: the shapes differ, there is no cell, or `level` is not in (0, 1).
    """
    truth = checked_labels(labels)
    if predictions.shape != truth.shape or rival_predictions.shape != truth.shape:
        raise ValueError(
            f"expected predictions of the shape of labels {truth.shape}, got {predictions.shape} "
            f"and {rival_predictions.shape}"
        )
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be in (0, 1), got {level:g}")
    scored = truth.any(axis=0)
    if not scored.any():
        return Comparison(0.0, 0.0, 0.0, level)
    ours, theirs = (
        _Counted.of(model[:, scored], truth[:, scored])
        for model in (predictions, rival_predictions)
    )

    def lead(n_times: Singles) -> Floats:
        return theirs.macro_f1(n_times) - ours.macro_f1(n_times)

    (difference,) = lead(np.ones((1, len(truth)), np.float32))
    differences = np.concatenate(
        [lead(drawn) for drawn in _resampled_counts(len(truth), seed, n_resamples)]
    )
    low, high = np.quantile(differences, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Comparison(float(difference), float(low), float(high), level)


def _resampled_counts(n_texts: int, seed: int, n_resamples: int) -> Iterator[Singles]:
    """Draw how many times each text counts in each resample, in parts, float32, (., n_texts)."""
    generator = np.random.default_rng(seed)
    shares = np.full(n_texts, 1.0 / n_texts)
    # Held twice over at times: as drawn in 8 bytes, and in 4 of this part and of the one before.
    n_at_once = max(1, _CELLS_AT_ONCE // (2 * n_texts))
    for start in range(0, n_resamples, n_at_once):
        n_drawn = min(n_at_once, n_resamples - start)
        yield generator.multinomial(n_texts, shares, n_drawn).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """What a model's F1 is counted from."""

    found: Singles
    """1 where a predicted label is true, (n, L)."""
    both: Singles
    """Whether it is predicted plus whether it is true, (n, L)."""

    @classmethod
    def of(cls, predictions: Bools, truth: Bools) -> Self:
        return cls((predictions & truth).astype(np.float32), predictions.astype(np.float32) + truth)

    def macro_f1(self, n_times: Singles) -> Floats:
        """Give macro F1 for rows of how many times each text counts, float64, (m,)."""
        f1 = 2.0 * (n_times @ self.found) / np.maximum(n_times @ self.both, 1.0)
        return np.asarray(f1.mean(axis=1), dtype=np.float64)


def resampled_means(values: Floats, *, seed: int, n_resamples: int) -> Floats:
    """Return the means of rows over texts drawn with replacement, the same texts for every row.

    Args:
        values: a row a model, a column a text, float64, (m, n), n at least 1.
        seed: of the draws, 0 or more.
        n_resamples: number of resamples, 1 or more.

    Returns:
        float64, (n_resamples, m).
    """
    generator = np.random.default_rng(seed)
    n_texts = values.shape[1]
    n_at_once = max(1, _CELLS_AT_ONCE // n_texts)
    means = np.empty((n_resamples, len(values)))
    for start in range(0, n_resamples, n_at_once):
        n_drawn = min(n_at_once, n_resamples - start)
        drawn = generator.integers(0, n_texts, (n_drawn, n_texts))
        for row, of_model in enumerate(values):
            means[start : start + n_drawn, row] = of_model[drawn].mean(axis=1)
    return means
