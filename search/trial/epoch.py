"""The measures of an epoch, and what is kept of them for a whole training."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class EpochReport:
    """The measures of one epoch of training."""

    epoch: int
    """From 1."""
    fit_loss: float
    """What the optimizer minimised, averaged over the epoch: its own loss, with dropout."""
    train_loss: float
    """Cross-entropy on a fixed sample of train, measured as `val_loss` is, without dropout."""
    val_loss: float
    """Unweighted binary cross-entropy on validation."""
    train_accuracy: float
    """Share of the entries of that sample's label matrix that are right at 0.5."""
    val_accuracy: float
    """The same on validation."""
    f1_micro: float
    f1_macro: float
    seconds: float
    """Wall clock of training and evaluation together."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The measures of a training that are kept of every epoch, one number an epoch each."""

    train_loss: Sequence[float] = ()
    val_loss: Sequence[float] = ()
    train_accuracy: Sequence[float] = ()
    val_accuracy: Sequence[float] = ()
    f1_macro: Sequence[float] = ()

    @property
    def n_epochs(self) -> int:
        """Number of epochs."""
        return len(self.val_loss)

    @classmethod
    def from_reports(cls, reports: Sequence[EpochReport]) -> Self:
        """Collect the curves of a training from the reports of its epochs."""
        return cls(**{f.name: [getattr(r, f.name) for r in reports] for f in fields(cls)})
