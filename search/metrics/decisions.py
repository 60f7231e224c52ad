"""Scores of predicted labels, after thresholds have turned probabilities into yes or no.

Owns the counts, the F1s over entries, labels and texts, exact match and Hamming loss. The only
threshold it knows is 0.5, for accuracy. If 5 % of the entries are positive, a model that predicts
nothing has an accuracy of 95 % and a Hamming loss of 5 %; read both with that in mind.

scikit-learn has these scores too, and the tests compare with it. Its functions count again for
every score and average, and these are computed in every epoch: here one count serves all of them.
"""

from dataclasses import asdict, dataclass

import numpy as np

from .matrices import Bools, Counts, Floats, Labels, Probabilities, check_labels


@dataclass(frozen=True, slots=True)
class DecisionScores:
    """The scores of predicted labels, as in scikit-learn with `zero_division=0`.

    "macro" is the mean over the labels with at least one positive, or 0 if there is no such label.
    """

    f1_micro: float
    """Over all entries."""
    f1_macro: float
    """Mean over labels."""
    f1_weighted: float
    """Mean over labels, each weighted by its positives."""
    f1_samples: float | None
    """Mean over texts; a text without labels counts 0. None for a binary task."""
    precision_micro: float
    """Share of the predicted entries that are positive."""
    precision_macro: float
    """Mean over labels."""
    recall_micro: float
    """Share of the positive entries that are predicted."""
    recall_macro: float
    """Mean over labels."""
    exact_match: float
    """Share of the texts with every label predicted correctly."""
    hamming_loss: float
    """Share of the entries with a wrong prediction."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a share is outside [0, 1], or NaN.
        """
        check_shares(self, *asdict(self).values())


@dataclass(frozen=True, slots=True, eq=False)
class LabelDecisions:
    """Precision, recall and F1 of each label; 0 / 0 counts as 0."""

    precision: Floats
    """float64, (L,)."""
    recall: Floats
    """float64, (L,)."""
    f1: Floats
    """float64, (L,)."""
    support: Counts
    """Texts that have the label, int64, (L,)."""


def score_decisions(predictions: Bools, labels: Labels) -> DecisionScores:
    """Score predicted labels; fast enough for every epoch.

    Args:
        predictions: True where a label is predicted, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Raises:
        ValueError: the shapes differ, there is no entry, or a label is neither 0 nor 1.
    """
    truth = _check_shapes(predictions, labels)
    counts = _count_hits(predictions, truth, 0)
    each = _make_decisions(*counts)
    entries = _make_decisions(*(count.sum(keepdims=True) for count in counts))
    of_texts = _make_decisions(*_count_hits(predictions, truth, 1))
    has_positive = each.support > 0
    wrong = predictions != truth
    return DecisionScores(
        f1_micro=float(entries.f1[0]),
        f1_macro=_compute_mean(each.f1[has_positive]),
        f1_weighted=float(each.f1 @ each.support / max(1, each.support.sum())),
        f1_samples=float(of_texts.f1.mean()) if truth.shape[1] > 1 else None,
        precision_micro=float(entries.precision[0]),
        precision_macro=_compute_mean(each.precision[has_positive]),
        recall_micro=float(entries.recall[0]),
        recall_macro=_compute_mean(each.recall[has_positive]),
        exact_match=1.0 - float(wrong.any(axis=1).mean()),
        hamming_loss=float(wrong.mean()),
    )


def label_decisions(predictions: Bools, labels: Labels) -> LabelDecisions:
    """Score each label separately.

    Args:
        predictions: True where a label is predicted, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Raises:
        ValueError: the shapes differ, there is no entry, or a label is neither 0 nor 1.
    """
    return _make_decisions(*_count_hits(predictions, _check_shapes(predictions, labels), 0))


def accuracy_at_half(probabilities: Probabilities, labels: Labels) -> float:
    """Return the share of entries that a threshold of 0.5 predicts correctly, in [0, 1].

    Keras calls this binary accuracy; here a probability of exactly 0.5 predicts the label.

    Args:
        probabilities: (n, L).
        labels: 0 or 1, uint8, (n, L); at least one entry.
    """
    return float(((probabilities >= 0.5) == (labels == 1)).mean())


def check_shares(owner: object, *shares: float | None) -> None:
    """Check that shares are in [0, 1], or None.

    Raises:
        ValueError: a share is outside [0, 1], or NaN.
    """
    if not all(share is None or 0.0 <= share <= 1.0 for share in shares):
        raise ValueError(f"shares must be in [0, 1]: {owner}")


def _check_shapes(predictions: Bools, labels: Labels) -> Bools:
    truth = check_labels(labels)
    if predictions.shape != truth.shape:
        raise ValueError(f"predictions {predictions.shape} must have the shape of {truth.shape}")
    return truth


def _count_hits(predictions: Bools, truth: Bools, axis: int) -> tuple[Counts, Counts, Counts]:
    """Count true positives, predictions and positives along an axis, int64."""
    hits = (predictions & truth).sum(axis=axis, dtype=np.int64)
    return hits, predictions.sum(axis=axis, dtype=np.int64), truth.sum(axis=axis, dtype=np.int64)


def _make_decisions(hits: Counts, predicted: Counts, support: Counts) -> LabelDecisions:
    return LabelDecisions(
        precision=hits / np.maximum(predicted, 1),
        recall=hits / np.maximum(support, 1),
        f1=2 * hits / np.maximum(predicted + support, 1),
        support=support,
    )


def _compute_mean(values: Floats) -> float:
    return float(values.mean()) if values.size else 0.0
