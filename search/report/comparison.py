"""The table of several configurations that were trained on the same texts.

Owns the precision of its numbers, the sentences below it, and its forms. Knows no network and no
store.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..trial.weights import Weights
from . import tables
from .configurations import MEASURES, ComparedRow

COLUMNS: Mapping[str, str] = {
    "name": "name",
    "parameters": "parameters",
    **MEASURES,
    "verdict": "verdict",
}
"""The columns of a table for a person, with their headings."""
SETTLED_EPOCHS = 3
"""Epochs from which their median leaves the first one out."""
_TEXTS = {"name", "verdict"}


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Configurations trained on one corpus and one split."""

    corpus: str
    rows: tuple[ComparedRow, ...]
    """In the order the user gave; a configuration of which no training ended is left out."""
    seeds: tuple[int, ...]
    """Of the trainings, as planned; the first is that of the split too."""
    n_planned: int
    """Trainings, ended or not."""
    weights: Weights
    """Whose epoch the numbers are of."""
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    trivial_accuracy: float
    """Accuracy on validation of predicting the same for every text."""
    trivial: str
    """What is predicted there: "no label at all", or the class that most of train has."""

    @property
    def n_ended(self) -> int:
        """Trainings that ended."""
        return sum(len(row.trainings) for row in self.rows)

    def sentences(self) -> list[str]:
        """Say what the numbers are and what to compare them with."""
        if not self.rows:
            return [f"Interrupted before the first of {self.n_planned} trainings ended."]
        said = [
            f"Corpus {self.corpus}, split of seed {self.seeds[0]}. Losses are in nats, at the "
            f"{self.weights.value} epoch; seconds per epoch include the evaluation.",
            f"Predicting {self.trivial} has an accuracy of {self.trivial_accuracy:.4f} on this "
            f"validation split, and the label priors have a loss of {self.prior_loss:.4f}: a "
            "network near both has learned little more than how frequent the labels are.",
        ]
        if len(self.seeds) > 1:
            seeds = ", ".join(map(str, self.seeds))
            said[0] += f" Mean ± standard deviation (n - 1) over the seeds {seeds}."
        finished = (training for row in self.rows for training in row.finished)
        if any(training.curves.n_epochs < SETTLED_EPOCHS for training in finished):
            said.append(
                f"With fewer than {SETTLED_EPOCHS} epochs, the seconds include the time in which "
                "TensorFlow traces the network."
            )
        if self.n_ended < self.n_planned:
            said.append(f"Interrupted: {self.n_ended} of {self.n_planned} trainings ended.")
        return said

    def as_dict(self) -> dict[str, Any]:
        """Give the table as JSON has it."""
        return {
            "corpus": self.corpus,
            "seeds": self.seeds,
            "split_seed": self.seeds[0],
            "trainings_planned": self.n_planned,
            "trainings_ended": self.n_ended,
            "weights": self.weights.value,
            "prior_loss": self.prior_loss,
            "trivial": self.trivial,
            "trivial_accuracy": self.trivial_accuracy,
            "rows": [row.as_dict() for row in self.rows],
        }


def format_cell(row: ComparedRow, column: str) -> str:
    """Write a cell of the table for a person; nothing where every training diverged.

    A mean has as many digits as show two digits of its spread, and at most four (seconds two).
    Without a spread, or with one of 0, it has that many.
    """
    if column in _TEXTS:
        return str(getattr(row, column))
    if column == "parameters":
        return f"{row.parameters:,}"
    mean, spread = row.mean(column), row.spread(column)
    digits = 2 if column == "seconds_per_epoch" else 4
    if mean is None:
        return ""
    if spread:
        digits = min(digits, max(0, 1 - math.floor(math.log10(spread))))
    return f"{mean:.{digits}f}" + ("" if spread is None else f" ± {spread:.{digits}f}")


def format_markdown(table: ComparisonTable) -> str:
    """Write the table, and the sentences below it."""
    cells = ([format_cell(row, column) for column in COLUMNS] for row in table.rows)
    written = tables.format_markdown(COLUMNS, cells, numbers=COLUMNS.keys() - _TEXTS)
    return "\n".join([written, "", *table.sentences()])


def format_csv(table: ComparisonTable) -> str:
    """Write a line a configuration: every measure with its spread, empty where it is undefined."""
    spreads = [name for measure in MEASURES for name in (measure, f"{measure}_spread")]
    columns = ["name", "parameters", *spreads, "verdict", "trainings", "diverged"]
    return tables.format_csv([_list_spreads(row) for row in table.rows], columns)


def format_json(table: ComparisonTable) -> str:
    """Write everything: the rows with mean and spread, and each of their trainings with curves."""
    return tables.format_json(table.as_dict())


def _list_spreads(row: ComparedRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "parameters": row.parameters,
        **{measure: row.mean(measure) for measure in MEASURES},
        **{f"{measure}_spread": row.spread(measure) for measure in MEASURES},
        "verdict": row.verdict,
        "trainings": len(row.trainings),
        "diverged": len(row.trainings) - len(row.finished),
    }
