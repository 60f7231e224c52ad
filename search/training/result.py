"""What a training came to: its epochs, which of them counts, and what is recorded of it.

Knows neither Keras nor a store.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..metrics.matrices import Singles
from ..trial.control import Control
from ..trial.epoch import EpochReport
from ..trial.objective import Objective
from ..trial.proposal import Proposal
from ..trial.state import StopReason
from ..trial.training import Training
from ..trial.weights import Weights


@dataclass(frozen=True, slots=True)
class History:
    """The epochs of one training, at least one, and which of them counts."""

    epochs: tuple[EpochReport, ...]
    objective: Objective
    weights: Weights = Weights.BEST

    @property
    def best(self) -> EpochReport:
        """The first epoch that no other beats."""
        objective = self.objective
        return min(self.epochs, key=lambda report: objective.cost(objective.read_epoch(report)))

    @property
    def used(self) -> EpochReport:
        """The epoch whose weights the network has."""
        return self.best if self.weights is Weights.BEST else self.epochs[-1]

    @property
    def value(self) -> float:
        """The objective at the epoch whose weights the network has."""
        return self.objective.read_epoch(self.used)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A training from its first epoch to its end."""

    history: History
    stop_reason: StopReason
    probabilities: Singles
    """Of the validation texts at the epoch whose weights are used, (n_texts, n_labels)."""
    prior_fit_loss: float
    """What `fit_loss` would be on train for the best network that knows only the label priors."""
    start_fit_loss: float
    """What `fit_loss` would be for the output's bias alone, with which training begins."""
    milliseconds_per_text: float = 0.0
    """Wall clock of predicting validation, in the fastest epoch."""


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The result of a training: its values, its artifacts, and how to save its network."""

    value: float
    """The first objective at the epoch whose weights are used."""
    training: Training
    """What the database keeps of it."""
    label_metrics: Mapping[str, float]
    """F1 of each label under a name that MLflow allows; empty above 200 labels."""
    files: Mapping[str, bytes]
    """Artifacts by path."""
    probabilities: Singles
    """Of the validation texts, float32, (n_validation, n_labels)."""
    save: Callable[[Path], None]
    """Writes the network into an existing folder."""
    save_checkpoint: Callable[[Path], None]
    """Writes the last epoch's weights, with the optimizer's state, into an existing folder."""


Train = Callable[[Proposal, Control, Callable[[EpochReport], bool]], TrainingResult | None]
"""Trains a proposal to its end, or until `Control` stops it.

The last argument is called with the report of each epoch and returns whether to continue. The
result is None if time ran out before the first epoch.
"""
