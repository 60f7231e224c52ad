"""How good predictions are for each label by itself.

Owns the table that a trial leaves behind. Knows no file and no picture of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .decisions import check_shares, label_decisions
from .matrices import Floats, Labels, Probabilities, checked_pair
from .ranking import average_precisions
from .thresholds import UNTUNED, crossed_predictions


@dataclass(frozen=True, slots=True)
class LabelScore:
    """The measures of one label; a share that would be 0 / 0 is 0."""

    name: str
    """As in the corpus."""
    support: int
    """Texts that have the label."""
    precision: float
    """Share of the texts predicted to have the label that have it, at crossed thresholds."""
    recall: float
    """Share of the texts that have the label that are predicted to, at crossed thresholds."""
    f1: float
    """Harmonic mean of precision and recall, at crossed thresholds."""
    precision_at_half: float
    """Precision with a threshold of 0.5."""
    recall_at_half: float
    """Recall with a threshold of 0.5."""
    f1_at_half: float
    """F1 with a threshold of 0.5."""
    average_precision: float | None
    """Area under precision against recall, whatever the threshold; None without a positive."""
    threshold: float
    """From all of these texts, for new ones: predicted where the probability is at least this."""

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: a support below 0, a share outside [0, 1], or NaN.
        """
        if self.support < 0:
            raise ValueError(f"support must be at least 0: {self}")
        check_shares(self, self.precision, self.recall, self.f1, self.threshold)
        check_shares(self, self.precision_at_half, self.recall_at_half, self.f1_at_half)
        check_shares(self, self.average_precision or 0.0)


def per_label(
    probabilities: Probabilities, labels: Labels, thresholds: Floats, label_names: Sequence[str]
) -> tuple[LabelScore, ...]:
    """Measure each label by itself.

    Precision, recall and F1 are those of `crossed_predictions`, not of `thresholds`, which were
    tuned on these same texts and would flatter them; so the mean F1 is the macro F1 of `score`.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        thresholds: in [0, 1], float64, (L,), listed beside the measures.
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
    tuned = label_decisions(crossed_predictions(scores, labels), labels)
    at_half = label_decisions(scores >= UNTUNED, labels)
    precisions = average_precisions(scores.T, truth.T)
    return tuple(
        LabelScore(
            name=label_names[label],
            support=int(tuned.support[label]),
            precision=float(tuned.precision[label]),
            recall=float(tuned.recall[label]),
            f1=float(tuned.f1[label]),
            precision_at_half=float(at_half.precision[label]),
            recall_at_half=float(at_half.recall[label]),
            f1_at_half=float(at_half.f1[label]),
            average_precision=float(precisions[label]) if tuned.support[label] else None,
            threshold=float(thresholds[label]),
        )
        for label in np.argsort(-tuned.support, kind="stable")
    )
