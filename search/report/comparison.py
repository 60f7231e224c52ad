"""Several configurations beside each other: what each came to, and how far its seeds lie apart.

Owns the rows of that table, the precision of its numbers, what is said below it, and its forms.
Knows no network and no store.
"""

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from ..training.diagnosis import Verdict
from ..training.history import Taken

MEASURES = (
    "seconds_per_epoch",
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "f1_micro",
    "f1_macro",
)
"""What is measured of every training, in the order of the table.

Seconds an epoch are the median over a training's epochs, evaluation included: TensorFlow traces
the network in the first one, which the median leaves out where there are three epochs or more.
Accuracies are shares of cells that are right at 0.5, F1s have tuned thresholds.
"""
CURVES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
"""Those of them that are kept of every epoch."""
COLUMNS: Mapping[str, str] = {
    "name": "name",
    "parameters": "parameters",
    "seconds_per_epoch": "s/epoch",
    "train_loss": "train loss",
    "val_loss": "val. loss",
    "train_accuracy": "train acc.",
    "val_accuracy": "val. acc.",
    "f1_micro": "F1 micro",
    "f1_macro": "F1 macro",
    "verdict": "verdict",
}
"""The columns of a table for a person, with their headings."""
SETTLED_EPOCHS = 3
"""Epochs from which their median leaves the first one out."""
_DIGITS = {"seconds_per_epoch": 2}
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Training:
    """One training of a configuration."""

    seed: int
    """As the user gave it."""
    verdict: Verdict
    onset: int | None
    """First epoch of overfitting."""
    metrics: Mapping[str, float]
    """Those of MEASURES, at the epoch that was taken; empty where there is no such epoch: the
    training diverged."""
    epochs: Mapping[str, Sequence[float]]
    """The CURVES, a number an epoch; empty likewise."""
    run_id: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One configuration with its trainings."""

    name: str
    parameters: int
    """Weights of the network on this corpus."""
    trainings: tuple[Training, ...]
    """Those that came to an end, at least one, in the order of their seeds."""

    @property
    def finished(self) -> tuple[Training, ...]:
        """Those that have measures; the others diverged."""
        return tuple(training for training in self.trainings if training.metrics)

    def mean(self, measure: str) -> float | None:
        """Average a measure over the seeds that have it; None without one."""
        values = [training.metrics[measure] for training in self.finished]
        return fmean(values) if values else None

    def spread(self, measure: str) -> float | None:
        """Give the standard deviation (n - 1) over the seeds; None with fewer than two."""
        values = [training.metrics[measure] for training in self.finished]
        return stdev(values) if len(values) > 1 else None

    @property
    def verdict(self) -> str:
        """The verdicts of the trainings: "overfit from epoch 3", or "2 fit, 1 diverged"."""
        counts = Counter(training.verdict for training in self.trainings)
        said = []
        for verdict, count in counts.most_common():
            onsets = {t.onset for t in self.trainings if t.verdict is verdict} - {None}
            said.append(f"{count} " * (len(counts) > 1) + verdict.value + _from_epochs(onsets))
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Configurations trained on one corpus and one split."""

    corpus: str
    rows: tuple[ComparedRow, ...]
    """In the order the user gave; one without a training that came to an end is left out."""
    seeds: tuple[int, ...]
    """Of the trainings, as planned; the first is that of the split too."""
    n_planned: int
    """Trainings, ended or not."""
    takes: Taken
    """Which epoch the numbers are of."""
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    trivial_accuracy: float
    """Accuracy on validation of predicting the same for every text."""
    trivial: str
    """What is predicted there: "no label at all", or the class that most of train has."""

    @property
    def n_ended(self) -> int:
        """Trainings that came to an end."""
        return sum(len(row.trainings) for row in self.rows)

    def sentences(self) -> list[str]:
        """Say what the numbers are and what they are to be held against."""
        if not self.rows:
            return [f"Interrupted before any of {self.n_planned} trainings had ended."]
        seeds = ", ".join(map(str, self.seeds))
        over = f" Mean ± standard deviation (n - 1) over the seeds {seeds}."
        said = [
            f"On {self.corpus}, losses in nats a cell, at the {self.takes.value} epoch; seconds an "
            f"epoch with its evaluation; all on the split of seed {self.seeds[0]}."
            + over
            * (len(self.seeds) > 1),
            f"Predicting {self.trivial} would have an accuracy of "
            f"{self.trivial_accuracy:.4f} on this validation part, and the label priors a loss of "
            f"{self.prior_loss:.4f}: a network near both has learned how frequent labels are and "
            "little more.",
        ]
        if any(
            len(t.epochs["val_loss"]) < SETTLED_EPOCHS for row in self.rows for t in row.finished
        ):
            said.append(
                f"With fewer than {SETTLED_EPOCHS} epochs, the seconds are also those in which "
                "TensorFlow traces the network."
            )
        if self.n_ended < self.n_planned:
            said.append(f"Interrupted: {self.n_ended} of {self.n_planned} trainings had ended.")
        return said


def shown_cell(row: ComparedRow, column: str) -> str:
    """Write a cell of the table for a person; nothing where every training diverged.

    A mean has as many digits as show its spread with two, and four at most (seconds two), which it
    also has without a spread or with one of 0.
    """
    if column in ("name", "verdict"):
        return str(getattr(row, column))
    if column == "parameters":
        return f"{row.parameters:,}"
    mean, spread = row.mean(column), row.spread(column)
    digits = _DIGITS.get(column, _MOST_DIGITS)
    if mean is None:
        return ""
    if not spread:
        return f"{mean:.{digits}f}" + (f" ± {spread:.{digits}f}" if spread is not None else "")
    digits = min(digits, max(0, 1 - math.floor(math.log10(spread))))
    return f"{mean:.{digits}f} ± {spread:.{digits}f}"


def as_markdown(comparison: Comparison) -> str:
    """Write the table, and the sentences below it."""
    lines = ["| " + " | ".join(COLUMNS.values()) + " |"]
    is_text = (column in ("name", "verdict") for column in COLUMNS)
    lines.append("| " + " | ".join("---" if text else "---:" for text in is_text) + " |")
    for row in comparison.rows:
        cells = (shown_cell(row, column).replace("|", "\\|") for column in COLUMNS)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *comparison.sentences()])


def as_csv(comparison: Comparison) -> str:
    """Write a line a configuration: every measure with its spread, empty where it is undefined."""
    spreads = [name for measure in MEASURES for name in (measure, f"{measure}_spread")]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name", "parameters", *spreads, "verdict", "trainings", "diverged"])
    for row in comparison.rows:
        n_diverged = len(row.trainings) - len(row.finished)
        numbers = [number for m in MEASURES for number in (row.mean(m), row.spread(m))]
        counts = (len(row.trainings), n_diverged)
        writer.writerow([row.name, row.parameters, *numbers, row.verdict, *counts])
    return text.getvalue()


def as_json(comparison: Comparison) -> str:
    """Write everything: the rows with mean and spread, and each of their trainings with curves."""
    facts: dict[str, Any] = {
        "corpus": comparison.corpus,
        "seeds": comparison.seeds,
        "split_seed": comparison.seeds[0],
        "trainings_planned": comparison.n_planned,
        "trainings_ended": comparison.n_ended,
        "weights": comparison.takes.value,
        "prior_loss": comparison.prior_loss,
        "trivial": comparison.trivial,
        "trivial_accuracy": comparison.trivial_accuracy,
        "rows": [_row_dict(row) for row in comparison.rows],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def _row_dict(row: ComparedRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "parameters": row.parameters,
        **{m: {"mean": row.mean(m), "spread": row.spread(m)} for m in MEASURES},
        "verdict": row.verdict,
        "trainings": [
            {
                "seed": training.seed,
                "verdict": training.verdict.value,
                "onset": training.onset,
                **{measure: training.metrics.get(measure) for measure in MEASURES},
                "epochs": {name: list(values) for name, values in training.epochs.items()},
                "run_id": training.run_id,
            }
            for training in row.trainings
        ],
    }


def _from_epochs(onsets: Iterable[int | None]) -> str:
    """Say where overfitting began: " from epoch 3", " from epoch 3 to 5"; empty for none."""
    known = sorted(onset for onset in onsets if onset is not None)
    if not known:
        return ""
    return f" from epoch {known[0]}" + (f" to {known[-1]}" if known[-1] > known[0] else "")
