import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import optuna
import psutil
import pytest
from mlflow.entities import Run

from search.store.codec import OWNER
from search.store.trial_store import TrialStore
from search.study.recovery import recover
from search.study.running_trial import RunningTrial
from search.tracking.mlflow_tracker import MlflowServer, MlflowTracker
from search.tracking.record import Record
from search.trial.control import Control
from search.trial.objective import Objectives
from search.trial.process import Process
from search.trial.state import TrialState
from tests.mlflow_stores import EXPERIMENT, make_server
from tests.trials import make_training

from .scripted import SPACE, ScriptedProposer


@pytest.fixture(scope="module")
def server(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> MlflowServer:
    return make_server(tmp_path_factory.mktemp("record"), mlflow_database)


@pytest.fixture(scope="module")
def dead() -> Process:
    """A process of this machine that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        born = psutil.Process(process.pid).create_time()
    return replace(Process.current(), pid=process.pid, born=born)


class Stores:
    """Both stores of a study."""

    def __init__(self, server: MlflowServer, folder: Path) -> None:
        self.server = server
        self.tracker = MlflowTracker(server.client, server.open_run(EXPERIMENT, "films"), "films")
        self.study = optuna.create_study(storage=f"sqlite:///{folder / 'studies.db'}")
        self.trial_store = self.open()
        self.sentences: list[str] = []

    def open(self) -> TrialStore:
        """Open the trials as another process does."""
        return TrialStore(self.study, SPACE, ScriptedProposer(), seed=7)

    def start_trial(self) -> RunningTrial:
        """Begin a trial with its run."""
        running = RunningTrial(self.trial_store.ask(), self.trial_store, self.tracker, Objectives())
        running.open()
        return running

    def give_trial_to(self, running: RunningTrial, process: Process) -> None:
        """Make another process the owner of a trial."""
        key = self.study.get_trials()[running.trial.number]._trial_id
        self.study._storage.set_trial_user_attr(key, OWNER, process.as_dict())
        self.server.record(running.trial.run_id).tags({"process": str(process)})

    def open_beside(self, kind: str, process: Process) -> Record:
        """Open the run of a baseline or confirmation, as another process does."""
        record = self.tracker.beside(kind, kind)
        record.tags({"process": str(process)})
        return record

    def recover(self, *, is_alone: bool = False) -> None:
        control = Control(say=self.sentences.append)
        recover(self.open(), self.tracker, control, is_alone=is_alone)

    def read(self, run_id: str) -> Run:
        return self.server.client.get_run(run_id)

    def status(self, run: Record) -> str:
        status: str = self.read(run.run_id).info.status
        return status


@pytest.fixture
def stores(server: MlflowServer, tmp_path: Path) -> Stores:
    return Stores(server, tmp_path)


@pytest.mark.parametrize("kind", ["baseline", "confirmation", "reused"])
def test_a_run_of_a_process_that_lives_is_left(stores: Stores, kind: str) -> None:
    run = stores.tracker.beside(kind, kind)
    stores.recover()
    assert stores.status(run) == "RUNNING"
    assert stores.sentences == []


def test_a_run_of_a_process_of_another_machine_is_left(stores: Stores, dead: Process) -> None:
    run = stores.open_beside("baseline", replace(dead, host="elsewhere"))
    stores.recover()
    assert stores.status(run) == "RUNNING"


@pytest.mark.parametrize("kind", ["baseline", "confirmation", "reused"])
def test_a_run_of_a_process_that_is_dead_has_failed(
    stores: Stores, kind: str, dead: Process
) -> None:
    run = stores.open_beside(kind, dead)
    stores.recover()
    assert stores.status(run) == "FAILED"
    assert stores.read(run.run_id).data.tags["state"] == "FAIL"


def test_a_run_of_an_unknown_process_has_failed(stores: Stores) -> None:
    run = stores.tracker.beside("baseline", "label priors")
    run.tags({"process": "no process"})
    stores.recover()
    assert stores.status(run) == "FAILED"


def test_a_trial_of_a_dead_process_is_ended_in_both_stores_and_repeated(
    stores: Stores, dead: Process
) -> None:
    running = stores.start_trial()
    stores.give_trial_to(running, dead)
    stores.recover()
    (trial,) = stores.open().trials()
    assert (trial.state, trial.is_interrupted) == (TrialState.FAIL, True)
    run = stores.read(running.trial.run_id)
    assert run.info.status == "FAILED"
    assert (run.data.tags["state"], run.data.tags["failure"]) == ("FAIL", trial.failure)
    (sentence,) = stores.sentences
    assert "trial 0" in sentence and "repeated" in sentence
    again = stores.open().ask()
    assert again.hyperparameters == trial.hyperparameters


def test_a_trial_that_runs_is_left(stores: Stores) -> None:
    running = stores.start_trial()
    stores.recover()
    assert [trial.state for trial in stores.open().trials()] == [TrialState.RUNNING]
    assert stores.read(running.trial.run_id).info.status == "RUNNING"
    assert stores.sentences == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        pytest.param(TrialState.COMPLETE, "FINISHED", id="complete"),
        pytest.param(TrialState.PRUNED, "KILLED", id="pruned"),
    ],
)
def test_a_run_ends_as_its_trial_did_with_its_metrics_and_tags(
    stores: Stores, state: TrialState, status: str, dead: Process
) -> None:
    running = stores.start_trial()
    stores.give_trial_to(running, dead)
    metrics = {"val_loss": 0.5, "gap": 0.01, "slope": 0.0, "parameters": 80.0}
    training = make_training(metrics)
    stores.trial_store.report(0, 1, 0.5)
    # The process died before it wrote the record.
    stores.trial_store.end(replace(running.trial, state=state, values=(0.5,), training=training))
    stores.recover()
    run = stores.read(running.trial.run_id)
    assert run.info.status == status
    assert run.data.metrics == metrics
    tags = run.data.tags
    assert (tags["state"], tags["stopped"], tags["verdict"]) == (state.value, "early stop", "fit")
    assert [trial.state for trial in stores.open().trials()] == [state]


def test_the_run_of_a_trial_that_failed_has_its_cause(stores: Stores, dead: Process) -> None:
    running = stores.start_trial()
    stores.give_trial_to(running, dead)
    failed = replace(
        running.trial, state=TrialState.FAIL, failure="the loss became nan", has_diverged=True
    )
    stores.trial_store.end(failed)
    stores.recover()
    run = stores.read(running.trial.run_id)
    assert run.info.status == "FAILED"
    assert run.data.tags["failure"] == "the loss became nan"
    assert run.data.tags["verdict"] == "diverged"


def test_recovering_twice_changes_nothing(stores: Stores, dead: Process) -> None:
    stores.give_trial_to(stores.start_trial(), dead)
    stores.recover()
    stores.recover()
    assert len(stores.sentences) == 1
    assert stores.open().waiting() == ["small"]


def test_what_an_interrupt_of_this_process_left_is_ended_where_it_is_alone(stores: Stores) -> None:
    running, baseline = stores.start_trial(), stores.tracker.beside("baseline", "label priors")
    stores.recover(is_alone=True)
    (trial,) = stores.open().trials()
    assert (trial.state, trial.is_interrupted) == (TrialState.FAIL, True)
    assert stores.read(running.trial.run_id).info.status == stores.status(baseline) == "FAILED"
    assert stores.open().waiting() == ["small"]


def test_the_run_of_an_ended_trial_is_left_to_a_process_that_lives(stores: Stores) -> None:
    running = stores.start_trial()
    failed = replace(running.trial, state=TrialState.FAIL, failure="the loss became nan")
    stores.trial_store.end(failed)
    stores.recover()
    assert stores.read(running.trial.run_id).info.status == "RUNNING"
