"""How good the predictions are for each label.

Owns the table of labels that is recorded with a trial. Knows no file and no plot of it.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from .decisions import check_shares, label_decisions
from .matrices import Bools, Floats, Labels, Probabilities, check_pair
from .predictions import predict_labels
from .ranking import average_precisions
from .task import Task
from .thresholds import UNTUNED


@dataclass(frozen=True, slots=True)
class LabelScore:
    """The scores of one label; 0 / 0 counts as 0."""

    name: str
    """As in the corpus."""
    support: int
    """Texts that have the label."""
    precision: float
    """Share of the texts predicted to have the label that do have it, at crossed thresholds; with
    one choice of the texts for which it is the most probable label."""
    recall: float
    """Share of the texts with the label that are predicted to have it, at crossed thresholds."""
    f1: float
    """Harmonic mean of precision and recall, at crossed thresholds."""
    precision_at_half: float | None
    """Precision at a threshold of 0.5; None with one choice."""
    recall_at_half: float | None
    """Recall at a threshold of 0.5; None with one choice."""
    f1_at_half: float | None
    """F1 at a threshold of 0.5; None with one choice."""
    average_precision: float | None
    """Area under the precision-recall curve, over all thresholds; None without a positive."""
    threshold: float | None
    """Tuned on all of these texts, for new ones: the label is predicted from here up. None with one
    choice."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: the support is below 0, or a share is outside [0, 1] or NaN.
        """
        _, support, *shares = astuple(self)
        if support < 0:
            raise ValueError(f"support must be at least 0: {self}")
        check_shares(self, *shares)


def score_labels(
    probabilities: Probabilities,
    labels: Labels,
    thresholds: Floats,
    label_names: Sequence[str],
    task: Task = Task.MULTILABEL,
    predictions: Bools | None = None,
) -> tuple[LabelScore, ...]:
    """Score each label separately.

    Precision, recall and F1 are those of `predict_labels`. Those of `thresholds` would be too
    good, because the thresholds were tuned on these same texts. The mean F1 is the macro F1 of
    `score`.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        thresholds: in [0, 1], float64, (L,), listed with the scores; with one choice none, (0,).
        label_names: one for each column.
        task: what is predicted.
        predictions: as of `score`.

    Returns:
        One score a label, most frequent label first; equally frequent ones in the order of columns.

    Raises:
        ValueError: the shapes do not fit, there is no entry, a probability or threshold is NaN or
            outside [0, 1], or a label is neither 0 nor 1.
    """
    scores, truth = check_pair(probabilities, labels)
    if task.is_multiclass:
        thresholds = np.full(truth.shape[1], np.nan)
    if thresholds.shape != (truth.shape[1],) or len(label_names) != truth.shape[1]:
        raise ValueError(
            f"{truth.shape[1]} labels need as many thresholds and names, "
            f"got {thresholds.shape} and {len(label_names)}"
        )
    predicted = predict_labels(scores, labels, task) if predictions is None else predictions
    tuned = label_decisions(predicted, labels)
    at_half = label_decisions(scores >= UNTUNED, labels)
    precisions = average_precisions(scores.T, truth.T)

    def at_threshold(values: Floats, label: int) -> float | None:
        return None if task.is_multiclass else float(values[label])

    return tuple(
        LabelScore(
            name=label_names[label],
            support=int(tuned.support[label]),
            precision=float(tuned.precision[label]),
            recall=float(tuned.recall[label]),
            f1=float(tuned.f1[label]),
            precision_at_half=at_threshold(at_half.precision, label),
            recall_at_half=at_threshold(at_half.recall, label),
            f1_at_half=at_threshold(at_half.f1, label),
            average_precision=float(precisions[label]) if tuned.support[label] else None,
            threshold=at_threshold(thresholds, label),
        )
        for label in np.argsort(-tuned.support, kind="stable")
    )
