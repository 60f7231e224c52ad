"""The result of a training, ready to be recorded. Knows no store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..trial.control import Control
from ..trial.epoch import EpochReport
from ..trial.proposal import Proposal
from ..trial.training import Training


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
    save: Callable[[Path], None]
    """Writes the network into a folder that is there."""
    save_checkpoint: Callable[[Path], None]
    """Writes the last epoch's weights, with the optimizer's state, into a folder that is there."""


Train = Callable[[Proposal, Control, Callable[[EpochReport], bool]], TrainingResult | None]
"""Trains a proposal to its end, or until `Control` stops it.

The last argument is called with the report of each epoch and answers whether to go on. Returns None
if time was over before the first epoch.
"""
