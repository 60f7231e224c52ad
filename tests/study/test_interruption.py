"""A search that a person or the machine ends in the middle of a trial, and that goes on."""

import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.films import write_films
from tests.stages import SEARCH, Stage, look
from tests.workspace import Finished, Workspace, make_workspace

COMMAND = (*SEARCH, "--trials", "1")


@dataclass(frozen=True, slots=True)
class Ended:
    """A search that a signal has ended, and the stores after it."""

    stage: Stage
    number: int
    """Of the trial that was running."""


@pytest.fixture(scope="module")
def interrupted(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Interrupt a search in its first trial, as Ctrl-C does."""
    workspace = make_workspace(tmp_path_factory.mktemp("interrupted"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    return _end(workspace, signal.SIGINT)


@pytest.fixture(scope="module")
def killed(interrupted: Ended) -> Ended:
    """Go on, and kill the process in its first trial."""
    return _end(interrupted.stage.workspace, signal.SIGKILL)


@pytest.fixture(scope="module")
def resumed(killed: Ended) -> Stage:
    """Go on, and let it end."""
    workspace = killed.stage.workspace
    return look(workspace, workspace.run(*COMMAND))


def _end(workspace: Workspace, number: signal.Signals) -> Ended:
    process = workspace.start(*COMMAND)
    trial = workspace.wait_for_running_trial(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    return Ended(look(workspace, Finished(process.returncode, out, err)), trial)


def test_an_interrupt_ends_the_search_with_130_and_one_sentence(interrupted: Ended) -> None:
    finished = interrupted.stage.finished
    assert finished.code == 130
    assert "interrupted; finished trials are kept, the same command continues" in finished.err
    assert "Traceback" not in finished.err


def test_an_interrupted_trial_and_its_study_are_ended_in_both_stores(interrupted: Ended) -> None:
    (trial,), (run,) = interrupted.stage.trials, interrupted.stage.trial_runs
    assert (trial["state"], trial["failure"]) == ("FAIL", "interrupted")
    assert run.info.status == "KILLED"
    assert (run.data.tags["state"], run.data.tags["failure"]) == ("FAIL", "interrupted")
    assert interrupted.stage.study_run.info.status == "KILLED"


def test_a_killed_process_leaves_its_trial_open(killed: Ended) -> None:
    assert killed.stage.finished.code == -signal.SIGKILL
    assert killed.number == 1
    assert killed.stage.trials[1]["state"] == "RUNNING"
    assert killed.stage.trial_runs[1].info.status == "RUNNING"
    assert killed.stage.study_run.info.status == "RUNNING"


def test_a_trial_of_a_killed_process_is_ended_in_both_stores_on_resume(resumed: Stage) -> None:
    assert "trial 1 was interrupted" in resumed.finished.err
    assert [trial["state"] for trial in resumed.trials] == ["FAIL", "FAIL", "COMPLETE"]
    assert [run.info.status for run in resumed.trial_runs] == ["KILLED", "FAILED", "FINISHED"]
    assert resumed.trials[1]["failure"] == "its process died"
    assert resumed.trial_runs[1].data.tags["state"] == "FAIL"


def test_a_resumed_study_completes_its_total_under_its_first_run(
    interrupted: Ended, resumed: Stage
) -> None:
    assert resumed.finished.code == 0
    assert resumed.study_run.info.run_id == interrupted.stage.study_run.info.run_id
    assert resumed.study_run.info.status == "FINISHED"
    # The study, three trials and two baselines.
    assert resumed.n_runs == 6


def test_the_pictures_of_the_search_are_there_after_a_resume(resumed: Stage) -> None:
    workspace, run_id = resumed.workspace, resumed.study_run.info.run_id
    pictures = workspace.artifacts(run_id, "search")
    assert {"search/search.html", "search/history.png"} <= pictures


def test_an_interrupted_trial_is_repeated_with_its_hyperparameters(resumed: Stage) -> None:
    first, second, third = (trial["hyperparameters"] for trial in resumed.trials)
    assert first == second == third
