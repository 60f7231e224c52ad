"""One training of a proposal: train, measure, diagnose, draw.

Owns what a finished training leaves behind. Knows neither store: it returns a value, and a
function that saves the network.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ..data.division import DividedCorpus
from ..metrics.matrices import Probabilities
from ..plots.curves import learning_curves
from ..plots.figures import png
from ..space.hyperparameters import Hyperparameters
from ..trial.control import Control
from ..trial.diagnosis import Diagnosis
from ..trial.epoch import Curves, EpochReport
from ..trial.objective import Objective
from ..trial.proposal import Proposal
from ..trial.training import Training
from ..trial.weights import Weights
from .diagnosis import diagnose
from .examples import TrainingData
from .fit import Plan, Trainer
from .measures import Measured, measure, write_records
from .result import Outcome, TrainingResult


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """A network with everything that is needed to use it."""

    proposal: Proposal
    trainer: Trainer
    measured: Measured


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network that was trained, not yet measured."""

    trainer: Trainer
    outcome: Outcome
    is_resumed: bool | None
    """Whether it continued from another trial's weights; None if it was not asked to."""
    seconds: float
    """Wall clock of building and training it."""


@dataclass(frozen=True, slots=True)
class TrainingRunner:
    """Trains proposals on the same data."""

    data: TrainingData
    divided: DividedCorpus
    """The corpus that the data are of."""
    objective: Objective
    n_epochs: int
    save: Callable[[TrainedNetwork, Path], None]
    """Writes a network into an existing folder."""
    target: float | None = None
    """Drawn beside the learning curves; the study, not the trial, ends at it."""
    rival: Probabilities | None = None
    """What the linear baseline predicts for validation, (n_validation, n_labels), if any."""
    weights: Weights = Weights.BEST
    """Which epoch's weights a network ends with."""
    fetch_checkpoint: Callable[[int, Path], Path | None] = lambda _number, _directory: None
    """Copies a trial's checkpoint into a folder; returns its path, or None if there is none."""

    def __call__(
        self, proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> TrainingResult | None:
        """Train a proposal and measure it; None if time ran out before its first epoch.

        Raises:
            FloatingPointError: the loss became NaN or infinite.
            ArithmeticError: Keras built another number of weights than was counted.
        """
        fitted = self.fit(proposal, control, on_epoch)
        return None if fitted is None else self._make_result(proposal, fitted)

    def fit(
        self, proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> Fitted | None:
        """Train a proposal without measuring it; otherwise as calling this object."""
        started = time.monotonic()
        hyperparameters = Hyperparameters.from_values(proposal.hyperparameters)
        trainer = Trainer(hyperparameters, self.data, seed=proposal.seed)
        counted = self.data.count_parameters(hyperparameters)
        if trainer.n_parameters != counted:
            raise ArithmeticError(f"counted {counted} weights, Keras has {trainer.n_parameters}")
        is_resumed = None if proposal.resumes is None else self._resume(trainer, proposal.resumes)
        n_epochs = proposal.n_epochs or self.n_epochs
        outcome = trainer.fit(Plan(self.objective, n_epochs, control, self.weights), on_epoch)
        if outcome is None:
            return None
        return Fitted(trainer, outcome, is_resumed, time.monotonic() - started)

    def _resume(self, trainer: Trainer, number: int) -> bool:
        """Continue from another trial's checkpoint; return whether it was there."""
        with TemporaryDirectory() as directory:
            folder = self.fetch_checkpoint(number, Path(directory))
            return folder is not None and trainer.resume(folder)

    def _make_result(self, proposal: Proposal, fitted: Fitted) -> TrainingResult:
        outcome, title = fitted.outcome, proposal.name
        corpus, labels = self.divided.corpus, self.data.validation.labels
        measured = measure(
            outcome.probabilities, labels, corpus.label_names, corpus.task, title=title
        )
        diagnosis = diagnose(outcome, prior_loss=self.divided.prior_loss)
        comparison = None
        if self.rival is not None:
            models = (outcome.probabilities, self.rival)
            comparison = self.objective.compare(*models, labels, corpus.task, seed=proposal.seed)
        training = Training(
            metrics=measured.metrics | _list_metrics(fitted, diagnosis),
            curves=Curves.from_reports(outcome.history.epochs),
            diagnosis=diagnosis,
            stop_reason=outcome.stop_reason,
            comparison=comparison,
            is_resumed=fitted.is_resumed,
        )
        return TrainingResult(
            value=outcome.history.value,
            training=training,
            label_metrics=measured.label_metrics,
            files=measured.files | self._make_files(fitted, diagnosis, title),
            probabilities=outcome.probabilities,
            save=partial(self.save, TrainedNetwork(proposal, fitted.trainer, measured)),
            save_checkpoint=fitted.trainer.save_checkpoint,
        )

    def _make_files(self, fitted: Fitted, diagnosis: Diagnosis, title: str) -> dict[str, bytes]:
        history = fitted.outcome.history
        figure = learning_curves(
            history.epochs,
            best=history.best,
            target=self.target if self.objective.is_loss else None,
            floor=self.divided.corpus.floor,
            prior=self.divided.prior_loss,
            onset=diagnosis.onset,
            title=title,
        )
        return {
            "history.csv": write_records(EpochReport, history.epochs),
            "plots/learning_curves.png": png(figure),
            "model_summary.txt": fitted.trainer.summary.encode(),
        }


def _list_metrics(fitted: Fitted, diagnosis: Diagnosis) -> dict[str, float]:
    history = fitted.outcome.history
    return {
        "train_loss": history.used.train_loss,
        "train_accuracy": history.used.train_accuracy,
        "gap": diagnosis.gap,
        "slope": diagnosis.slope,
        "best_epoch": history.best.epoch,
        "epochs": len(history.epochs),
        "parameters": fitted.trainer.n_parameters,
        "seconds": fitted.seconds,
        "milliseconds_per_text": fitted.outcome.milliseconds_per_text,
        "seconds_per_epoch": median(report.seconds for report in history.epochs),
    }
