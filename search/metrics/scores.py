"""How good predictions are: one value for a whole split, and one for each label.

Owns which measures a trial is reported with and over which labels a mean goes. Accuracy is left
out: where 5 % of the cells are positive, predicting nothing has an accuracy of 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from .losses import cross_entropy
from .matrices import Bools, Floats, Labels, Probabilities, checked_labels, checked_pair
from .thresholds import UNTUNED, crossed_predictions

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of a split. Means over labels go over those with at least one positive."""

    loss: float
    """Unweighted binary cross-entropy in nats, averaged over every text and label."""
    f1_micro: float
    """Over all cells, with thresholds that were not tuned on the same texts."""
    f1_macro: float
    """Mean over the scored labels, with the same thresholds."""
    f1_micro_at_half: float
    """Over all cells, with a threshold of 0.5."""
    f1_macro_at_half: float
    """Mean over the scored labels, with a threshold of 0.5."""
    average_precision: float
    """Mean over the scored labels of the area under precision against recall; 0 with none."""
    n_labels_scored: int
    """Labels with at least one positive text."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a loss or a count below 0, a share outside [0, 1], or NaN.
        """
        if not (self.loss >= 0.0 and self.n_labels_scored >= 0):
            raise ValueError(f"loss and n_labels_scored must be at least 0: {self}")
        _check_shares(self, self.f1_micro, self.f1_macro, self.average_precision)
        _check_shares(self, self.f1_micro_at_half, self.f1_macro_at_half)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """The measures of one label at one threshold; a share that would be 0 / 0 is 0."""

    name: str
    """As in the corpus."""
    support: int
    """Texts that have the label."""
    precision: float
    """Share of the texts predicted to have the label that have it."""
    recall: float
    """Share of the texts that have the label that are predicted to."""
    f1: float
    """Harmonic mean of precision and recall."""
    average_precision: float | None
    """Area under precision against recall, whatever the threshold; None without a positive."""
    threshold: float
    """The label is predicted where its probability is at least this."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a support below 0, a share outside [0, 1], or NaN.
        """
        if self.support < 0:
            raise ValueError(f"support must be at least 0: {self}")
        _check_shares(self, self.precision, self.recall, self.f1, self.threshold)
        _check_shares(self, self.average_precision or 0.0)


def score(probabilities: Probabilities, labels: Labels) -> Scores:
    """Measure a split.

    Args:
        probabilities: in [0, 1], any float type, (n, L); L is 1 for a binary task.
        labels: 0 or 1, uint8, (n, L).

    Returns:
        The measures. Without a positive every measure but the loss is 0.

    Raises:
        ValueError: the shapes differ, there is no cell, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, _ = checked_pair(probabilities, labels)
    return _measured(scores, labels, crossed_predictions(scores, labels))


def score_at(probabilities: Probabilities, labels: Labels, thresholds: Floats) -> Scores:
    """Measure a split with thresholds that were settled on another: `f1_micro` and `f1_macro`.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        thresholds: in [0, 1], float64, (L,).

    Raises:
        ValueError: as `score` does, or there are not L thresholds.
    """
    scores, truth = checked_pair(probabilities, labels)
    if thresholds.shape != (truth.shape[1],):
        raise ValueError(f"{truth.shape[1]} labels need as many thresholds: {thresholds.shape}")
    return _measured(scores, labels, scores >= thresholds)


def _measured(scores: Floats, labels: Labels, predictions: Bools) -> Scores:
    f1_micro, f1_macro = f1_scores(predictions, labels)
    f1_micro_at_half, f1_macro_at_half = f1_scores(scores >= UNTUNED, labels)
    precisions = [p for p in _average_precisions(scores, labels == 1) if p is not None]
    return Scores(
        loss=cross_entropy(scores, labels),
        f1_micro=f1_micro,
        f1_macro=f1_macro,
        f1_micro_at_half=f1_micro_at_half,
        f1_macro_at_half=f1_macro_at_half,
        average_precision=float(np.mean(precisions)) if precisions else 0.0,
        n_labels_scored=len(precisions),
    )


def f1_scores(predictions: Bools, labels: Labels) -> tuple[float, float]:
    """Return micro and macro F1; cheap enough for every epoch.

    Args:
        predictions: True where a label is predicted, bool, (n, L).
        labels: 0 or 1, uint8, (n, L).

    Returns:
        Micro F1 over all cells, and macro F1: the mean over labels with at least one positive.
        Each is scikit-learn's with `zero_division=0`, and 0 without a positive.

    Raises:
        ValueError: the shapes differ, there is no cell, or a label is neither 0 nor 1.
    """
    truth = checked_labels(labels)
    if predictions.shape != truth.shape:
        raise ValueError(f"predictions {predictions.shape} must have the shape of {truth.shape}")
    found, predicted, support = _counts(predictions, truth)
    f1 = _share(2 * found, predicted + support)[support > 0]
    micro = _share(2 * found.sum(keepdims=True), (predicted + support).sum(keepdims=True))
    return float(micro[0]), float(f1.mean()) if f1.size else 0.0


def per_label(
    probabilities: Probabilities, labels: Labels, thresholds: Floats, label_names: Sequence[str]
) -> tuple[LabelScore, ...]:
    """Measure each label by itself.

    Precision, recall and F1 are flattered where the thresholds were tuned on these same texts.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        thresholds: in [0, 1], float64, (L,).
        label_names: one a column.

    Returns:
        One value a label, most frequent first; equally frequent ones in the order of the columns.

    Raises:
        ValueError: the shapes do not fit, there is no cell, a probability or threshold is NaN or
            outside [0, 1], or a label is neither 0 nor 1.
    """
    scores, truth = checked_pair(probabilities, labels)
    if thresholds.shape != (truth.shape[1],) or len(label_names) != truth.shape[1]:
        raise ValueError(
            f"{truth.shape[1]} labels need as many thresholds and names, "
            f"got {thresholds.shape} and {len(label_names)}"
        )
    found, predicted, support = _counts(scores >= thresholds, truth)
    average_precisions = _average_precisions(scores, truth)
    precision, recall = _share(found, predicted), _share(found, support)
    f1 = _share(2 * found, predicted + support)
    return tuple(
        LabelScore(
            name=label_names[label],
            support=int(support[label]),
            precision=float(precision[label]),
            recall=float(recall[label]),
            f1=float(f1[label]),
            average_precision=average_precisions[label],
            threshold=float(thresholds[label]),
        )
        for label in np.argsort(-support, kind="stable")
    )


def _check_shares(owner: object, *shares: float) -> None:
    if not all(0.0 <= share <= 1.0 for share in shares):
        raise ValueError(f"shares must be in [0, 1]: {owner}")


def _counts(predictions: Bools, truth: Bools) -> tuple[Counts, Counts, Counts]:
    """Count for each label true positives, predictions and positives, int64, (L,) each."""
    found = (predictions & truth).sum(axis=0, dtype=np.int64)
    return found, predictions.sum(axis=0, dtype=np.int64), truth.sum(axis=0, dtype=np.int64)


def _share(part: Counts, whole: Counts) -> Floats:
    """Divide, with 0 for 0 / 0."""
    return part / np.maximum(whole, 1)


def _average_precisions(scores: Floats, truth: Bools) -> list[float | None]:
    """Return each label's average precision, None for one without a positive."""
    columns = ((truth[:, label], scores[:, label]) for label in range(truth.shape[1]))
    return [
        float(average_precision_score(positive, column)) if positive.any() else None
        for positive, column in columns
    ]
