"""What a trial's training comes to, and how that is written into its run. Knows no store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..engines.trials import Proposal, TrialState
from ..tracking.record import Record, RunStatus
from ..training.history import EpochReport, StopReason

MODEL_PATH = "model"
"""Artifact folder of a trial run in which its network is kept."""
CHECKPOINT_PATH = "checkpoint"
"""Artifact folder in which the last epoch is kept of a trial that another may go on from."""
RUN_STATUS = {
    TrialState.COMPLETE: RunStatus.FINISHED,
    TrialState.PRUNED: RunStatus.KILLED,
    TrialState.FAIL: RunStatus.FAILED,
}
"""How the run of a trial ends that ended in one of these states; a cut-off one is KILLED."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial's training came to, ready to be recorded."""

    value: float
    """The first objective at the best epoch."""
    gap: float
    """Validation minus train loss at the best epoch."""
    stop_reason: StopReason
    facts: Mapping[str, Any]
    """Kept in the store of studies; JSON."""
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    files: Mapping[str, bytes]
    """Artifacts by path."""
    save: Callable[[Path], None]
    """Writes the network into a folder that is there."""
    save_checkpoint: Callable[[Path], None]
    """Writes the last epoch's weights, with the optimizer's state, into a folder that is there."""


RunTrial = Callable[
    [Proposal, Callable[[], bool], Callable[[EpochReport], bool]], TrialResult | None
]
"""Trains a proposal, asking before each batch whether time is over, and reporting each epoch; gives
None where time was over before the first."""


def keep_network(record: Record, result: TrialResult) -> None:
    """Keep the network of a training in its run."""
    _keep(record, MODEL_PATH, result.save)


def keep_checkpoint(record: Record, result: TrialResult) -> None:
    """Keep what another trial needs to go on from a training in its run."""
    _keep(record, CHECKPOINT_PATH, result.save_checkpoint)


def _keep(record: Record, path: str, save: Callable[[Path], None]) -> None:
    with TemporaryDirectory() as directory:
        save(Path(directory))
        record.folder(path, Path(directory))


def write_proposal(record: Record, proposal: Proposal) -> None:
    """Write what is going to be trained into its run."""
    told = {
        "seed": proposal.seed,
        "start": proposal.start or None,
        "up_to_epoch": proposal.n_epochs,
        "resumes_trial": proposal.resumes,
    }
    record.params(proposal.hyperparameters)
    record.tags({key: value for key, value in told.items() if value is not None})


def write_result(record: Record, result: TrialResult, tags: Mapping[str, str]) -> None:
    """Write what a training came to into its run, with further tags; leave the run open."""
    record.metrics(result.metrics)
    record.tags({"stopped": result.stop_reason.value, **tags, **result.tags})
    for path, content in result.files.items():
        record.file(path, content)


def epoch_metrics(report: EpochReport) -> dict[str, float]:
    """Name the numbers of an epoch as they are recorded.

    Apart from those of the finished trial: `val_loss` is that of its best epoch, and what is
    before the slash groups the charts of the MLflow UI.
    """
    return {
        "epoch/train_loss": report.train_loss,
        "epoch/val_loss": report.val_loss,
        "epoch/fit_loss": report.fit_loss,
        "epoch/train_accuracy": report.train_accuracy,
        "epoch/val_accuracy": report.val_accuracy,
        "epoch/f1_micro": report.f1_micro,
        "epoch/f1_macro": report.f1_macro,
        "epoch/seconds": report.seconds,
    }
