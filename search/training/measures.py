"""What predictions for validation are worth: measures, tables and pictures of a trial or baseline.

Owns what is recorded of predictions, whoever made them; knows no training.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..metrics.calibration import reliability
from ..metrics.comparison import text_losses
from ..metrics.label_scores import LabelScore, score_labels
from ..metrics.matrices import Bools, Floats, Labels, Probabilities
from ..metrics.predictions import choose_calibrated, count_confusions, predict_labels
from ..metrics.scores import Scores, score
from ..metrics.task import Task
from ..metrics.thresholds import best_thresholds
from ..plots.confusion import confusion_chart
from ..plots.figures import png
from ..plots.labels import per_label_chart
from ..plots.reliability import reliability_diagram
from ..tracking.names import metric_names

_MAX_LABEL_METRICS = 200
"""Labels up to which each has metrics of its own; beyond, the table alone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Predictions for validation, measured."""

    scores: Scores
    thresholds: Floats
    """One a label, tuned on all of validation; none with one choice."""
    metrics: dict[str, float]
    """The scores, the loss as `val_loss`."""
    label_metrics: dict[str, float]
    """F1 of each label under a name that MLflow allows; empty above 200 labels."""
    files: dict[str, bytes]
    """Artifacts by path."""


def measure(
    probabilities: Probabilities,
    labels: Labels,
    label_names: Sequence[str],
    task: Task,
    *,
    title: str,
    predictions: Bools | None = None,
) -> Measured:
    """Measure predictions for validation, and draw them.

    Args:
        probabilities: in [0, 1], any float type, (n, L).
        labels: 0 or 1, uint8, (n, L).
        label_names: one a column.
        task: what is predicted.
        title: of the pictures.
        predictions: as of `score`.

    Raises:
        ValueError: the shapes do not fit, or a probability is NaN or outside [0, 1].
    """
    scores = score(probabilities, labels, task, predictions)
    thresholds = np.empty(0) if task.is_multiclass else best_thresholds(probabilities, labels)
    table = score_labels(probabilities, labels, thresholds, label_names, task, predictions)
    names = metric_names("f1", label_names)
    measures = scores.measured()
    has_metrics = len(table) <= _MAX_LABEL_METRICS
    losses = text_losses(probabilities, labels, task)
    files = {
        "labels.csv": write_records(LabelScore, table),
        "text_losses.csv": write_table(("row", "loss"), enumerate(losses.tolist())),
        "metric_names.json": _json(names),
        "plots/f1_by_label.png": png(per_label_chart(table, title=title)),
        "plots/reliability.png": png(
            reliability_diagram(
                reliability(*choose_calibrated(probabilities, labels, task)), title=title
            )
        ),
    }
    if task.is_multiclass:
        files |= _draw_confusions(probabilities, labels, label_names, title=title)
    else:
        files["thresholds.json"] = _json({row.name: row.threshold for row in table})
    return Measured(
        scores=scores,
        thresholds=thresholds,
        metrics={"val_loss": measures.pop("loss")} | measures,
        label_metrics={names[row.name]: row.f1 for row in table if row.support and has_metrics},
        files=files,
    )


def _draw_confusions(
    probabilities: Probabilities, labels: Labels, label_names: Sequence[str], *, title: str
) -> dict[str, bytes]:
    """Write and draw how often each label was predicted for the texts of each."""
    task = Task.MULTICLASS
    counts = count_confusions(predict_labels(probabilities, labels, task), labels)
    rows = ([name, *row] for name, row in zip(label_names, counts.tolist(), strict=True))
    return {
        "confusion.csv": write_table(("true \\ predicted", *label_names), rows),
        "plots/confusion.png": png(confusion_chart(counts, label_names, title=title)),
    }


def write_records(kind: type, rows: Sequence[Any]) -> bytes:
    """Write dataclass values as CSV, a column a field."""
    names = [field.name for field in fields(kind)]
    return write_table(names, ([getattr(row, name) for name in names] for row in rows))


def write_table(names: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Write rows as CSV under their names."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode()
