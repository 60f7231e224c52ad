"""One trial: train, measure, diagnose, draw. Owns what a finished trial leaves behind.

Knows neither store: it gives a value, and a function that saves the network.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from ..engines.trials import Proposal
from ..metrics.comparison import Comparison
from ..metrics.matrices import Probabilities
from ..metrics.scores import Scores
from ..model.parameters import count_parameters
from ..plots.curves import learning_curves
from ..plots.figures import png
from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Encoding
from ..text.vocabulary import Vocabulary
from ..training.diagnosis import Diagnosis, diagnose
from ..training.examples import TrainingData
from ..training.fit import Classifier, Plan, Trainer
from ..training.history import EpochReport, History, Objective, Outcome, Taken
from .measures import compare_by, measure, records_csv
from .naming import proposal_name
from .result import TrialResult

_CURVES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "f1_macro")
"""What is kept of every epoch of a trial, beside its run's metrics."""


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
    rival: Probabilities | None
    """What the linear baseline predicts for validation, (n_validation, n_labels), if any."""
    save: Callable[[TrainedTrial, Path], None]
    """Writes a network into a folder that is there."""
    takes: Taken = Taken.BEST
    """Which epoch's weights a network ends with."""
    fetch_checkpoint: Callable[[int, Path], Path | None] = lambda _number, _directory: None
    """Copies a trial's checkpoint into a folder; gives where it lies, None where there is none."""

    def count_parameters(self, hyperparameters: Hyperparameters) -> int:
        """Count the weights that a network of these hyperparameters has on these data."""
        size = hyperparameters.n_embedding_rows(self.data.vocabulary.size)
        n_labels = len(self.label_names)
        return count_parameters(hyperparameters, vocabulary_size=size, n_labels=n_labels)

    def __call__(
        self,
        proposal: Proposal,
        is_over: Callable[[], bool],
        on_epoch: Callable[[EpochReport], bool],
    ) -> TrialResult | None:
        """Train a proposal and measure it; None where time was over before its first epoch.

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
        told = {}
        if proposal.resumes is not None:
            told["resumed"] = "yes" if self._resume(trainer, proposal.resumes) else "no"
        n_epochs = proposal.n_epochs or self.n_epochs
        outcome = trainer.fit(Plan(self.objective, n_epochs, is_over, self.takes), on_epoch)
        if outcome is None:
            return None
        result = self._result(proposal, trainer, outcome, time.monotonic() - started)
        return replace(result, facts={**result.facts, **told}, tags={**result.tags, **told})

    def _resume(self, trainer: Trainer, number: int) -> bool:
        """Go on from another trial's checkpoint; answer whether it was there."""
        with TemporaryDirectory() as directory:
            folder = self.fetch_checkpoint(number, Path(directory))
            return folder is not None and trainer.resume(folder)

    def _result(
        self, proposal: Proposal, trainer: Trainer, outcome: Outcome, seconds: float
    ) -> TrialResult:
        history, labels = outcome.history, self.data.validation.labels
        title = proposal_name(proposal)
        measured = measure(outcome.probabilities, labels, self.label_names, title=title)
        diagnosis = diagnose(
            history,
            prior_loss=self.prior_loss,
            prior_fit_loss=outcome.prior_fit_loss,
            start_fit_loss=outcome.start_fit_loss,
        )
        metrics = {
            **measured.metrics,
            "train_loss": history.taken.train_loss,
            "train_accuracy": history.taken.train_accuracy,
            "gap": diagnosis.gap,
            "slope": diagnosis.slope,
            "best_epoch": history.best.epoch,
            "epochs": len(history.epochs),
            "parameters": trainer.n_parameters,
            "seconds": seconds,
            "seconds_per_epoch": median(report.seconds for report in history.epochs),
        }

        def save(directory: Path) -> None:
            vocabulary = self.data.vocabulary.cut(trainer.encoding.vocabulary_size)
            classifier = trainer.classifier()
            parts = (trainer.encoding, vocabulary, measured.thresholds, measured.scores)
            self.save(TrainedTrial(proposal, classifier, *parts), directory)

        tags = {"verdict": diagnosis.verdict.value, "onset": str(diagnosis.onset or "none")}
        compared = self._compare(outcome.probabilities, seed=proposal.seed)
        against = {} if compared is None else {"against_baseline": compared.standing.value}
        return TrialResult(
            value=history.value,
            gap=diagnosis.gap,
            stop_reason=outcome.stop_reason,
            facts={
                "metrics": metrics,
                "stopped": outcome.stop_reason.value,
                "epochs": {
                    name: [getattr(report, name) for report in history.epochs] for name in _CURVES
                },
            }
            | ({} if compared is None else {"against_baseline": compared.as_dict()})
            | tags,
            metrics=metrics | measured.label_metrics,
            tags=tags | {"gap": f"{diagnosis.gap:.4f}"} | against,
            files={
                **measured.files,
                "history.csv": records_csv(EpochReport, history.epochs),
                "plots/learning_curves.png": self._curves(history, diagnosis, title),
                "model_summary.txt": trainer.summary.encode(),
            },
            save=save,
            save_checkpoint=trainer.save_checkpoint,
        )

    def _compare(self, probabilities: Probabilities, *, seed: int) -> Comparison | None:
        """Hold predictions for validation against those of the baseline, if there is one."""
        if self.rival is None:
            return None
        labels = self.data.validation.labels
        return compare_by(self.objective, probabilities, self.rival, labels, seed=seed)

    def _curves(self, history: History, diagnosis: Diagnosis, title: str) -> bytes:
        epochs = history.epochs
        figure = learning_curves(
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
        return png(figure)
