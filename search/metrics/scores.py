"""How good the predictions are on a complete split.

Owns the list of scores that a trial reports, and their names. The other modules compute them.
"""

from dataclasses import asdict, dataclass

import numpy as np

from .calibration import calibration_error
from .decisions import DecisionScores, check_shares, score_decisions
from .losses import cross_entropy
from .matrices import Bools, Floats, Labels, Probabilities, check_pair
from .predictions import choose_calibrated, predict_labels
from .ranking import average_precisions, label_ranking_average_precision, precision_at
from .task import Task
from .thresholds import UNTUNED

_NO_SHARES = ("loss", "n_labels_scored", "n_labels_left_out")


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a split. Means over labels are over those with at least one positive."""

    loss: float
    """Unweighted cross-entropy in nats, as `cross_entropy` averages it."""
    tuned: DecisionScores
    """At thresholds that were not tuned on the same texts; with one choice of the most probable
    label."""
    at_half: DecisionScores | None
    """At a threshold of 0.5; None with one choice."""
    accuracy: float
    """Share of the entries that 0.5 predicts correctly, near 1 if positives are rare; with one
    choice share of the texts whose most probable label is true."""
    top_3_accuracy: float | None
    """Share of the texts with the true label among the 3 most probable; None without one choice of
    more than 3 labels."""
    average_precision_micro: float | None
    """Area under the precision-recall curve over all entries; None without a positive."""
    average_precision_macro: float | None
    """Mean over labels of the area under the precision-recall curve; None without a positive."""
    label_ranking_average_precision: float | None
    """Mean over texts; a text without labels counts 1. None for a binary task."""
    precision_at_1: float | None
    """Share of the texts whose most probable label is true; None unless texts may have several."""
    precision_at_3: float | None
    """Mean share of true labels among the 3 most probable; likewise, and None with fewer labels."""
    precision_at_5: float | None
    """Mean share of true labels among the 5 most probable; likewise, and None with fewer labels."""
    calibration_error: float
    """Mean distance between predicted and observed rate, in 15 bins of equal numbers of entries."""
    n_labels_scored: int
    """Labels with at least one positive text."""
    n_labels_left_out: int
    """Labels without a positive text, left out of means over labels."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a loss or a count is below 0, or a share is outside [0, 1] or NaN.
        """
        if not (self.loss >= 0.0 and min(self.n_labels_scored, self.n_labels_left_out) >= 0):
            raise ValueError(f"loss and numbers of labels must be at least 0: {self}")
        measured = self.measured().items()
        check_shares(self, *(value for name, value in measured if name not in _NO_SHARES))

    def measured(self) -> dict[str, float]:
        """List the scores that are not None, by name.

        Names of `tuned` stay as they are, those of `at_half` get the suffix "_at_half": `f1_macro`,
        `f1_macro_at_half`.
        """
        rest = asdict(self)
        loss, tuned, at_half = rest.pop("loss"), rest.pop("tuned"), rest.pop("at_half")
        halves = {f"{name}_at_half": value for name, value in (at_half or {}).items()}
        measures = {"loss": loss} | tuned | halves | rest
        return {name: value for name, value in measures.items() if value is not None}


def score(
    probabilities: Probabilities,
    labels: Labels,
    task: Task = Task.MULTILABEL,
    predictions: Bools | None = None,
) -> Scores:
    """Score a split at thresholds that are tuned on one half of it and used on the other.

    With one choice the most probable label is predicted.

    Args:
        probabilities: in [0, 1], any float type, (n, L); L is 1 for a binary task.
        labels: 0 or 1, uint8, (n, L).
        task: what is predicted.
        predictions: True where a label is predicted, bool, (n, L), where that was decided
            elsewhere; None for these thresholds.

    Raises:
        ValueError: the shapes differ, there is no entry, a probability is NaN or outside [0, 1],
            or a label is neither 0 nor 1.
    """
    scores, truth = check_pair(probabilities, labels)
    predicted = predict_labels(scores, labels, task) if predictions is None else predictions
    return _score(scores, truth, labels, predicted, task)


def score_at(
    probabilities: Probabilities,
    labels: Labels,
    thresholds: Floats,
    task: Task = Task.MULTILABEL,
) -> Scores:
    """Score a split at thresholds that were tuned on another one.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        thresholds: in [0, 1], float64, (L,); with one choice none, (0,).
        task: what is predicted.

    Raises:
        ValueError: as `score` does, or there are not L thresholds.
    """
    scores, truth = check_pair(probabilities, labels)
    if task.is_multiclass:
        return score(probabilities, labels, task)
    if thresholds.shape != (truth.shape[1],):
        raise ValueError(f"{truth.shape[1]} labels need as many thresholds: {thresholds.shape}")
    return _score(scores, truth, labels, scores >= thresholds, task)


def _score(scores: Floats, truth: Bools, labels: Labels, predictions: Bools, task: Task) -> Scores:
    has_positive = truth.any(axis=0)
    n_labels, n_scored = has_positive.size, int(has_positive.sum())
    micro = macro = None
    if n_scored:
        micro = float(average_precisions(scores.reshape(1, -1), truth.reshape(1, -1))[0])
        macro = float(np.nanmean(average_precisions(scores.T, truth.T)))
    by_text = label_ranking_average_precision(scores, truth) if n_labels > 1 else None
    at = {k: precision_at(k, scores, truth) for k in (1, 3, 5) if 1 < n_labels >= k}
    tuned, at_half, top_3 = score_decisions(predictions, labels), None, None
    if task.is_multiclass:
        # Of one true label among three a precision counts a third.
        top_3 = 3.0 * at[3] if n_labels > 3 else None
        at = {}
    else:
        at_half = score_decisions(scores >= UNTUNED, labels)
    return Scores(
        loss=cross_entropy(scores, labels, task),
        tuned=tuned,
        at_half=at_half,
        accuracy=tuned.exact_match if at_half is None else 1.0 - at_half.hamming_loss,
        top_3_accuracy=top_3,
        average_precision_micro=micro,
        average_precision_macro=macro,
        label_ranking_average_precision=by_text,
        precision_at_1=at.get(1),
        precision_at_3=at.get(3),
        precision_at_5=at.get(5),
        calibration_error=calibration_error(*choose_calibrated(scores, labels, task)),
        n_labels_scored=n_scored,
        n_labels_left_out=n_labels - n_scored,
    )
