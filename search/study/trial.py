"""One trial: train, measure, diagnose, draw. Owns what a finished trial leaves behind.

Knows neither store: it gives a value, and a function that saves the network.
"""

import csv
import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engines.trials import Proposal
from ..metrics.scores import LabelScore, Scores, per_label, score
from ..metrics.thresholds import best_thresholds
from ..model.parameters import count_parameters
from ..plots.curves import learning_curves
from ..plots.figures import png
from ..plots.labels import per_label_chart
from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Encoding
from ..text.vocabulary import Vocabulary
from ..tracking.names import metric_names
from ..training.diagnosis import Diagnosis, diagnose
from ..training.examples import TrainingData
from ..training.fit import Classifier, Plan, Trainer
from ..training.history import EpochReport, History, Objective, Outcome
from .loop import TrialResult
from .naming import trial_name

_MAX_LABEL_METRICS = 200
"""Labels up to which each has metrics of its own; beyond, the table alone."""


@dataclass(frozen=True, slots=True)
class TrainedTrial:
    """A network with everything that it takes to use it."""

    proposal: Proposal
    classifier: Classifier
    """Token ids to probabilities."""
    encoding: Encoding
    vocabulary: Vocabulary
    """Cut to the network's size."""
    thresholds: npt.NDArray[np.float64]
    """One a label, tuned on validation."""
    scores: Scores
    """On validation."""


@dataclass(frozen=True, slots=True)
class TrialRunner:
    """Runs the trials of a study on its data."""

    data: TrainingData
    label_names: Sequence[str]
    objective: Objective
    n_epochs: int
    target: float | None
    """Drawn beside the learning curves; the study, not the trial, ends at it."""
    prior_loss: float
    """Cross-entropy of the label priors on validation."""
    floor: float | None
    """Irreducible cross-entropy where it is known."""
    save: Callable[[TrainedTrial, Path], None]
    """Writes a network into a folder that is there."""

    def count_parameters(self, hyperparameters: Hyperparameters) -> int:
        """Count the weights that a network of these hyperparameters has on these data."""
        size = min(hyperparameters.vocabulary_size, self.data.vocabulary.size)
        n_labels = len(self.label_names)
        return count_parameters(hyperparameters, vocabulary_size=size, n_labels=n_labels)

    def __call__(
        self,
        proposal: Proposal,
        is_over: Callable[[], bool],
        on_epoch: Callable[[EpochReport], bool],
    ) -> TrialResult | None:
        """Train a proposal and measure it at its best epoch; None where time was over before one.

        Raises:
            FloatingPointError: the loss became no number.
            ArithmeticError: Keras built another number of weights than was counted.
        """
        started = time.monotonic()
        hyperparameters = Hyperparameters.of(proposal.hyperparameters)
        trainer = Trainer(hyperparameters, self.data, seed=proposal.seed)
        counted = self.count_parameters(hyperparameters)
        if trainer.n_parameters != counted:
            raise ArithmeticError(f"counted {counted} weights, Keras has {trainer.n_parameters}")
        plan = Plan(self.objective, self.n_epochs, is_over)
        outcome = trainer.fit(plan, on_epoch)
        if outcome is None:
            return None
        return self._result(proposal, trainer, outcome, time.monotonic() - started)

    def _result(
        self, proposal: Proposal, trainer: Trainer, outcome: Outcome, seconds: float
    ) -> TrialResult:
        labels = self.data.validation.labels
        thresholds = best_thresholds(outcome.probabilities, labels)
        scores = score(outcome.probabilities, labels)
        table = per_label(outcome.probabilities, labels, thresholds, self.label_names)
        diagnosis = diagnose(outcome.history, prior_loss=self.prior_loss)
        metrics = _metrics(scores, diagnosis, outcome.history) | {
            "parameters": trainer.n_parameters,
            "seconds": seconds,
        }
        files = self._files(proposal, outcome.history, diagnosis, table)
        files["model_summary.txt"] = trainer.summary.encode()

        def save(directory: Path) -> None:
            vocabulary = self.data.vocabulary.cut(trainer.encoding.vocabulary_size)
            classifier = trainer.classifier()
            parts = (classifier, trainer.encoding, vocabulary, thresholds, scores)
            self.save(TrainedTrial(proposal, *parts), directory)

        tags = {"verdict": diagnosis.verdict.value, "onset": str(diagnosis.onset or "none")}
        return TrialResult(
            value=outcome.history.value,
            stop_reason=outcome.stop_reason,
            facts={"metrics": metrics, "stopped": outcome.stop_reason.value} | tags,
            metrics=metrics | self._label_metrics(table),
            tags=tags | {"gap": f"{diagnosis.gap:.4f}"},
            files=files,
            save=save,
        )

    def _label_metrics(self, table: Sequence[LabelScore]) -> dict[str, float]:
        if len(table) > _MAX_LABEL_METRICS:
            return {}
        names = metric_names("f1", self.label_names)
        return {names[row.name]: row.f1 for row in table if row.support}

    def _files(
        self,
        proposal: Proposal,
        history: History,
        diagnosis: Diagnosis,
        table: Sequence[LabelScore],
    ) -> dict[str, bytes]:
        title = trial_name(proposal.number, proposal.hyperparameters)
        epochs = history.epochs
        curves = learning_curves(
            [report.train_loss for report in epochs],
            [report.val_loss for report in epochs],
            [report.f1_micro for report in epochs],
            [report.f1_macro for report in epochs],
            best_epoch=history.best.epoch,
            target=self.target if self.objective is Objective.VAL_LOSS else None,
            floor=self.floor,
            prior=self.prior_loss,
            onset=diagnosis.onset,
            title=title,
        )
        thresholds = {row.name: row.threshold for row in table}
        return {
            "history.csv": _csv(EpochReport, epochs),
            "labels.csv": _csv(LabelScore, table),
            "thresholds.json": json.dumps(thresholds, ensure_ascii=False, indent=1).encode(),
            "metric_names.json": json.dumps(
                metric_names("f1", self.label_names), ensure_ascii=False, indent=1
            ).encode(),
            "plots/learning_curves.png": png(curves),
            "plots/f1_by_label.png": png(per_label_chart(table, title=title)),
        }


def _metrics(scores: Scores, diagnosis: Diagnosis, history: History) -> dict[str, float]:
    measured = asdict(scores)
    return (
        {"val_loss": measured.pop("loss")}
        | measured
        | {
            "train_loss": history.best.train_loss,
            "gap": diagnosis.gap,
            "best_epoch": history.best.epoch,
            "epochs": len(history.epochs),
        }
    )


def _csv(kind: type, rows: Sequence[Any]) -> bytes:
    names = [field.name for field in fields(kind)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return text.getvalue().encode()
