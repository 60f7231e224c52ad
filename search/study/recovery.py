"""Ends in both stores what a dead process left open. Leaves what a living process runs."""

from ..store.trial_store import TrialStore
from ..tracking.mlflow_tracker import MlflowTracker
from ..tracking.record import RunStatus
from ..tracking.trainings import RUN_STATUS, tag_trial
from ..trial.control import Control
from ..trial.process import Process
from ..trial.state import TrialState
from ..trial.trial import Trial


def recover(trial_store: TrialStore, tracker: MlflowTracker, control: Control) -> None:
    """End in both stores what a process of this machine left open when it died.

    Its trials are enqueued again. The run of a trial ends as the trial did. Other runs, such as
    those of baselines and confirmations, end as failed if the process that opened them is dead.

    Args:
        trial_store: the trials of the study.
        tracker: its runs.
        control: gets a sentence for each trial.

    Raises:
        TrackingError: MLflow does not answer.
    """
    for trial in trial_store.recover():
        control.say(
            f"trial {trial.number} was interrupted when its process ended; it will be repeated"
        )
    trials = {trial.run_id: trial for trial in trial_store.trials()}
    for run_id, process in tracker.running().items():
        _end_run(tracker, run_id, process, trials.get(run_id))


def _end_run(
    tracker: MlflowTracker, run_id: str, process: Process | None, trial: Trial | None
) -> None:
    run = tracker.reopen(run_id)
    if trial is not None:
        if trial.state in RUN_STATUS:
            run.metrics(trial.metrics)
            run.tags(tag_trial(trial))
            run.end(RUN_STATUS[trial.state])
    elif process is None or process.is_dead():
        run.tags({"state": TrialState.FAIL.value})
        run.end(RunStatus.FAILED)
