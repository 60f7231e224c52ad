"""Ends in both stores what a dead process left open. Leaves what a living process runs."""

from ..store.trial_store import TrialStore
from ..tracking.mlflow_tracker import MlflowTracker
from ..tracking.record import Record, RunStatus
from ..tracking.trainings import RUN_STATUS, tag_trial
from ..trial.control import Control
from ..trial.process import Process
from ..trial.state import TrialState
from ..trial.trial import Trial


def recover(
    trial_store: TrialStore, tracker: MlflowTracker, control: Control, *, is_alone: bool = False
) -> None:
    """End in both stores what a process of this machine left open when it died.

    Its trials are enqueued again. The run of a trial ends as the trial did. Other runs, such as
    those of baselines and confirmations, end as failed. What a living process runs is left to it.

    Args:
        trial_store: the trials of the study.
        tracker: its runs.
        control: gets a sentence for each trial.
        is_alone: whether this process has the study open only once: what it seems to run is then
            left over from a session that an interrupt ended between two writes.

    Raises:
        TrackingError: MLflow does not answer.
    """
    for trial in trial_store.recover(is_alone=is_alone):
        control.say(f"trial {trial.number} was interrupted; it will be repeated")
    trials = {trial.run_id: trial for trial in trial_store.trials()}
    for run_id, process in tracker.running().items():
        is_own = is_alone and process == Process.current()
        if process is None or is_own or process.is_dead():
            _end_run(tracker.reopen(run_id), trials.get(run_id))


def _end_run(run: Record, trial: Trial | None) -> None:
    if trial is None:
        run.tags({"state": TrialState.FAIL.value})
        run.end(RunStatus.FAILED)
    elif trial.state in RUN_STATUS:
        run.metrics(trial.metrics)
        run.tags(tag_trial(trial))
        run.end(RUN_STATUS[trial.state])
