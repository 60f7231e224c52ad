"""A training, epoch by epoch. Owns which epoch counts; does not know Keras."""

from dataclasses import dataclass

from ..metrics.matrices import Singles
from ..trial.epoch import EpochReport
from ..trial.objective import Objective
from ..trial.state import StopReason
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
