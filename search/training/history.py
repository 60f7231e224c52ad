"""What is known of a training run, epoch by epoch. Owns these values; knows no Keras."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Objective(StrEnum):
    """What a search minimises or maximises, measured on validation."""

    VAL_LOSS = "val_loss"
    """Unweighted binary cross-entropy in nats, averaged over texts and labels; lower is better."""
    MACRO_F1 = "macro_f1"
    """Mean of the labels' F1 at thresholds tuned on the other half of validation; higher."""

    @property
    def is_minimized(self) -> bool:
        """Whether a lower value is better."""
        return self is Objective.VAL_LOSS

    @property
    def metric(self) -> str:
        """Name under which a trial's final value is recorded."""
        return "val_loss" if self is Objective.VAL_LOSS else "f1_macro"

    def is_better(self, value: float, than: float) -> bool:
        """Compare two values; nothing is better than an equal one."""
        return value < than if self.is_minimized else value > than


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What one epoch of training came to."""

    epoch: int
    """From 1."""
    fit_loss: float
    """What the optimizer minimised, averaged over the epoch: its own loss, with dropout."""
    train_loss: float
    """Cross-entropy on a fixed sample of train, measured as `val_loss` is, without dropout."""
    val_loss: float
    """Unweighted binary cross-entropy on validation."""
    train_accuracy: float
    """Share of the cells of that sample that are right at 0.5: near 1 where positives are rare."""
    val_accuracy: float
    """The same on validation."""
    f1_micro: float
    f1_macro: float
    seconds: float
    """Wall clock of training and evaluation together."""

    def value(self, objective: Objective) -> float:
        """Give the number that the objective is about."""
        return self.val_loss if objective is Objective.VAL_LOSS else self.f1_macro


class Taken(StrEnum):
    """Which epoch's weights a training run ends with."""

    BEST = "best"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class History:
    """The epochs of one training run, at least one, and the one that counts."""

    epochs: tuple[EpochReport, ...]
    objective: Objective
    takes: Taken = Taken.BEST

    @property
    def best(self) -> EpochReport:
        """The first epoch that no other beats."""
        best = self.epochs[0]
        for report in self.epochs[1:]:
            if self.objective.is_better(report.value(self.objective), best.value(self.objective)):
                best = report
        return best

    @property
    def taken(self) -> EpochReport:
        """The epoch whose weights the network has."""
        return self.best if self.takes is Taken.BEST else self.epochs[-1]

    @property
    def value(self) -> float:
        """The objective at the epoch that was taken."""
        return self.taken.value(self.objective)


class StopReason(StrEnum):
    """Why training ended."""

    EPOCHS = "epochs"
    """All epochs were trained."""
    EARLY = "early stop"
    """No better epoch for a while."""
    PRUNED = "pruned"
    """The engine gave the trial up."""
    TIMEOUT = "timeout"
    """The study's time was over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A training run from its first epoch to its end."""

    history: History
    stop_reason: StopReason
    probabilities: npt.NDArray[np.float32]
    """Of the validation texts at the epoch that was taken, (n_texts, n_labels)."""
    prior_fit_loss: float
    """What `fit_loss` would be on train for the best network that knows only the label priors."""
    start_fit_loss: float
    """What it would be for the output's bias alone, as training begins with it."""
