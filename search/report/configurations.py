"""Configurations that are compared: their trainings, and how the measures vary over seeds.

Owns these values; knows no table and no network.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from statistics import fmean, stdev
from typing import Any

from ..trial.diagnosis import Verdict
from ..trial.training import Training

MEASURES: Mapping[str, str] = {
    "seconds_per_epoch": "s/epoch",
    "train_loss": "train loss",
    "val_loss": "val. loss",
    "train_accuracy": "train acc.",
    "val_accuracy": "val. acc.",
    "f1_micro": "F1 micro",
    "f1_macro": "F1 macro",
}
"""The measures of every training with their headings, in the order of the table.

Seconds per epoch are the median over a training's epochs, evaluation included: TensorFlow traces
the network in the first epoch, which the median leaves out where there are three epochs or more.
Accuracies are shares of the entries of the label matrix that are right at 0.5, or of the texts
where each has one class; F1s have tuned thresholds, or the most probable class.
"""


@dataclass(frozen=True, slots=True)
class ComparedTraining:
    """One training of a configuration."""

    seed: int
    """As the user gave it."""
    run_id: str
    """Of its run in MLflow."""
    training: Training | None
    """None where it diverged."""

    @property
    def verdict(self) -> Verdict:
        """The diagnosis in a word."""
        return Verdict.DIVERGED if self.training is None else self.training.diagnosis.verdict

    @property
    def onset(self) -> int | None:
        """First epoch of overfitting."""
        return None if self.training is None else self.training.diagnosis.onset

    @property
    def measures(self) -> Mapping[str, float]:
        """Those of MEASURES, at the epoch whose weights are used; empty where it diverged."""
        if self.training is None:
            return {}
        # A training records its accuracy on validation without a prefix.
        metrics = {**self.training.metrics, "val_accuracy": self.training.metrics["accuracy"]}
        return {measure: metrics[measure] for measure in MEASURES}

    def as_dict(self) -> dict[str, Any]:
        """Give the training as JSON has it."""
        return {
            "seed": self.seed,
            "verdict": self.verdict.value,
            "onset": self.onset,
            **dict.fromkeys(MEASURES),
            **self.measures,
            "epochs": {} if self.training is None else asdict(self.training.curves),
            "run_id": self.run_id,
        }


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One configuration with its trainings."""

    name: str
    parameters: int
    """Weights of the network on this corpus."""
    trainings: tuple[ComparedTraining, ...]
    """Those that ended, at least one, in the order of their seeds."""

    @property
    def finished(self) -> tuple[Training, ...]:
        """The trainings that did not diverge."""
        return tuple(entry.training for entry in self.trainings if entry.training is not None)

    def mean(self, measure: str) -> float | None:
        """Average a measure over the seeds that have it; None without one."""
        values = self._values(measure)
        return fmean(values) if values else None

    def spread(self, measure: str) -> float | None:
        """Calculate the standard deviation (n - 1) over the seeds; None with fewer than two."""
        values = self._values(measure)
        return stdev(values) if len(values) > 1 else None

    @property
    def verdict(self) -> str:
        """The verdicts of the trainings: "overfit from epoch 3", or "2 fit, 1 diverged"."""
        counts = Counter(training.verdict for training in self.trainings)
        said = []
        for verdict, count in counts.most_common():
            onsets = [t.onset for t in self.trainings if t.verdict is verdict and t.onset]
            said.append(f"{count} " * (len(counts) > 1) + verdict.value + _from_epochs(onsets))
        return ", ".join(said)

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON has it, each training with its curves."""
        return {
            "name": self.name,
            "parameters": self.parameters,
            **{m: {"mean": self.mean(m), "spread": self.spread(m)} for m in MEASURES},
            "verdict": self.verdict,
            "trainings": [training.as_dict() for training in self.trainings],
        }

    def _values(self, measure: str) -> list[float]:
        return [e.measures[measure] for e in self.trainings if e.training is not None]


def _from_epochs(onsets: Collection[int]) -> str:
    """Say where overfitting began: " from epoch 3", " from epoch 3 to 5"; empty for none."""
    ends = sorted({min(onsets), max(onsets)}) if onsets else []
    return f" from epoch {' to '.join(map(str, ends))}" if ends else ""
