"""How good predicted labels are, once thresholds have turned probabilities into yes or no.

Owns the counts, the F1s over cells, labels and texts, exact match and Hamming loss. Knows no
threshold but 0.5, and that for accuracy alone: where 5 % of the cells are positive, predicting
nothing has an accuracy of 95 %, which is what Hamming loss is to be read with, too.
"""

from dataclasses import asdict, dataclass

import numpy as np

from .matrices import Bools, Counts, Floats, Labels, Probabilities, checked_labels


@dataclass(frozen=True, slots=True)
class DecisionScores:
    """The measures of predicted labels, each scikit-learn's with `zero_division=0`.

    "macro" is the mean over the labels with at least one positive, 0 where there is none.
    """

    f1_micro: float
    """Over all cells."""
    f1_macro: float
    """Mean over labels."""
    f1_weighted: float
    """Mean over labels, each weighted by its positives."""
    f1_samples: float | None
    """Mean over texts; one without a label counts 0. None for a binary task."""
    precision_micro: float
    """Share of the predicted cells that are positive."""
    precision_macro: float
    """Mean over labels."""
    recall_micro: float
    """Share of the positive cells that are predicted."""
    recall_macro: float
    """Mean over labels."""
    exact_match: float
    """Share of the texts with every label as predicted."""
    hamming_loss: float
    """Share of the cells that are predicted wrongly."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a share outside [0, 1], or NaN.
        """
        check_shares(self, *(share for share in asdict(self).values() if share is not None))


@dataclass(frozen=True, slots=True, eq=False)
class LabelDecisions:
    """Precision, recall and F1 of each label; a share that would be 0 / 0 is 0."""

    precision: Floats
    """float64, (L,)."""
    recall: Floats
    """float64, (L,)."""
    f1: Floats
    """float64, (L,)."""
    support: Counts
    """Texts that have the label, int64, (L,)."""


def score_decisions(predictions: Bools, labels: Labels) -> DecisionScores:
    """Measure predicted labels; cheap enough for every epoch.

    Args:
        predictions: True where a label is predicted, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Raises:
        ValueError: the shapes differ, there is no cell, or a label is neither 0 nor 1.
    """
    truth = _checked(predictions, labels)
    each = label_decisions(predictions, labels)
    cells = _decisions(*(counts.sum(keepdims=True) for counts in _counts(predictions, truth, 0)))
    samples = _decisions(*_counts(predictions, truth, 1)).f1.mean() if truth.shape[1] > 1 else None
    has_positive = each.support > 0
    wrong = predictions != truth
    return DecisionScores(
        f1_micro=float(cells.f1[0]),
        f1_macro=_mean(each.f1[has_positive]),
        f1_weighted=float(each.f1 @ each.support / max(1, each.support.sum())),
        f1_samples=None if samples is None else float(samples),
        precision_micro=float(cells.precision[0]),
        precision_macro=_mean(each.precision[has_positive]),
        recall_micro=float(cells.recall[0]),
        recall_macro=_mean(each.recall[has_positive]),
        exact_match=1.0 - float(wrong.any(axis=1).mean()),
        hamming_loss=float(wrong.mean()),
    )


def label_decisions(predictions: Bools, labels: Labels) -> LabelDecisions:
    """Measure each label by itself.

    Args:
        predictions: True where a label is predicted, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Raises:
        ValueError: the shapes differ, there is no cell, or a label is neither 0 nor 1.
    """
    return _decisions(*_counts(predictions, _checked(predictions, labels), 0))


def accuracy_at_half(probabilities: Probabilities, labels: Labels) -> float:
    """Answer the share of cells that a threshold of 0.5 predicts rightly, in [0, 1].

    Keras calls it binary accuracy; a probability of exactly 0.5 predicts the label here.

    Args:
        probabilities: (n, L).
        labels: 0 or 1, uint8, (n, L); at least one cell.
    """
    return float(((probabilities >= 0.5) == (labels == 1)).mean())


def check_shares(owner: object, *shares: float) -> None:
    """Refuse shares that are none.

    Raises:
        ValueError: a share is outside [0, 1], or NaN.
    """
    if not all(0.0 <= share <= 1.0 for share in shares):
        raise ValueError(f"shares must be in [0, 1]: {owner}")


def _checked(predictions: Bools, labels: Labels) -> Bools:
    truth = checked_labels(labels)
    if predictions.shape != truth.shape:
        raise ValueError(f"predictions {predictions.shape} must have the shape of {truth.shape}")
    return truth


def _counts(predictions: Bools, truth: Bools, axis: int) -> tuple[Counts, Counts, Counts]:
    """Count true positives, predictions and positives along an axis, int64."""
    found = (predictions & truth).sum(axis=axis, dtype=np.int64)
    return found, predictions.sum(axis=axis, dtype=np.int64), truth.sum(axis=axis, dtype=np.int64)


def _decisions(found: Counts, predicted: Counts, support: Counts) -> LabelDecisions:
    return LabelDecisions(
        precision=found / np.maximum(predicted, 1),
        recall=found / np.maximum(support, 1),
        f1=2 * found / np.maximum(predicted + support, 1),
        support=support,
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else 0.0
