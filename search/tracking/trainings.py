"""How trials and trainings are written into their runs. Owns the names of tags and metrics."""

from dataclasses import asdict

from ..trial.epoch import EpochReport
from ..trial.proposal import Proposal
from ..trial.state import TrialState
from ..trial.training import Training
from ..trial.trial import Trial
from .record import Record, RunStatus

MODEL_PATH = "model"
"""Artifact folder of a run in which its network is kept."""
CHECKPOINT_PATH = "checkpoint"
"""Artifact folder of a run in which its last epoch is kept, for another trial to go on from."""
RUN_STATUS = {
    TrialState.COMPLETE: RunStatus.FINISHED,
    TrialState.PRUNED: RunStatus.KILLED,
    TrialState.FAIL: RunStatus.FAILED,
}
"""How a trial's run ends, by the state in which the trial ended; an interrupted one is KILLED."""


def write_proposal(record: Record, proposal: Proposal) -> None:
    """Write what is going to be trained."""
    tags = {
        "seed": proposal.seed,
        "start": proposal.start or None,
        "up_to_epoch": proposal.n_epochs,
        "resumes_trial": proposal.resumes,
    }
    record.params(proposal.hyperparameters)
    record.tags({key: value for key, value in tags.items() if value is not None})


def write_epoch(record: Record, report: EpochReport) -> None:
    """Write the measures of an epoch.

    Their names begin with `epoch/`, which groups the charts of the MLflow UI, so that `val_loss`
    alone is that of the finished trial.
    """
    measures = asdict(report)
    step = measures.pop("epoch")
    record.metrics({f"epoch/{name}": value for name, value in measures.items()}, step=step)


def tag_training(training: Training) -> dict[str, str]:
    """Make the tags that describe a training."""
    diagnosis = training.diagnosis
    tags = {
        "stopped": training.stop_reason.value,
        "verdict": diagnosis.verdict.value,
        "onset": str(diagnosis.onset or "none"),
        "gap": f"{diagnosis.gap:.4f}",
    }
    if training.comparison is not None:
        tags["against_baseline"] = training.comparison.result.value
    if training.is_resumed is not None:
        tags["resumed"] = "yes" if training.is_resumed else "no"
    return tags


def tag_trial(trial: Trial) -> dict[str, str]:
    """Make the tags that say how a trial ended."""
    tags = {"state": trial.state.value}
    if trial.verdict is not None:
        tags["verdict"] = trial.verdict.value
    if trial.failure:
        tags["failure"] = trial.failure
    return tags | ({} if trial.training is None else tag_training(trial.training))
