"""How a search ends before its trials are done, and goes on."""

from pathlib import Path

import pytest
from optuna.trial import TrialState

from tests.films import write_films
from tests.study.small import SPACE, kept_of, make_films, rows_of, search
from tests.workspace import Workspace

# The second learns nothing, so it is no better than the first.
STARTS = """
starts:
  - {name: good, values: {units_1: 8, learning_rate: 0.1}}
  - {name: still, values: {units_1: 8, learning_rate: 1.0e-6}}
"""


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_films(tmp_path_factory.mktemp("budgets"), mlflow_database, SPACE + STARTS)
    write_films(workspace.folder / "many.csv", n_texts=800)
    slow = SPACE.replace("batch_size: 64", "batch_size: 1")
    (workspace.folder / "slow.yaml").write_text(slow, encoding="utf-8")
    return workspace


def test_patience_ends_a_study_and_is_said_and_recorded(workspace: Workspace) -> None:
    finished = search(workspace, "patient", "--patience", "1", "--trials", "9")
    good, still = rows_of(workspace, "patient")
    assert good["value"] < still["value"]
    reason = "no better trial within the patience"
    assert f"Ended: {reason}." in finished.out
    assert workspace.study_run("patient").data.tags["ended"] == reason
    again = search(workspace, "patient", "--patience", "1", "--trials", "9")
    assert f"study patient is done already ({reason})" in " ".join(again.err.split())
    assert len(kept_of(workspace, "patient")) == 2


def test_a_target_ends_a_study_and_a_harder_one_goes_on(workspace: Workspace) -> None:
    finished = search(workspace, "aiming", "--target", "5", "--trials", "2", "--epochs", "1")
    assert "Ended: target met." in finished.out
    run = workspace.study_run("aiming")
    assert (run.data.tags["ended"], run.data.tags["target"]) == ("target met", "5.0")
    assert len(rows_of(workspace, "aiming")) == 1
    search(workspace, "aiming", "--target", "0.0001", "--trials", "2", "--epochs", "1")
    run = workspace.study_run("aiming")
    assert (run.data.tags["ended"], run.data.tags["target"]) == ("all trials done", "0.0001")
    assert len(rows_of(workspace, "aiming")) == 2


def test_time_that_is_over_in_the_baseline_ends_the_study_which_goes_on(
    workspace: Workspace,
) -> None:
    # On a split of its own: on that of other studies it would take their baseline over.
    early, fitting = ("--seed", "1", "--trials", "1"), "baseline: fitting"
    cut_off = search(workspace, "early", *early, "--timeout", "0.001")
    assert fitting in cut_off.err and "has a validation loss" not in cut_off.err
    assert "The time is over: the same command continues." in cut_off.out
    assert workspace.study_run("early").data.tags["ended"] == "time over"
    assert workspace.child_runs("early", "baseline") == workspace.trial_runs("early") == []
    whole = search(workspace, "early", *early)
    assert fitting in whole.err and "has a validation loss" in whole.err
    assert len(workspace.child_runs("early", "baseline")) == 2
    assert [row["state"] for row in rows_of(workspace, "early")] == ["COMPLETE"]


def test_time_that_is_over_inside_an_epoch_ends_the_trial_which_is_run_again(
    workspace: Workspace,
) -> None:
    slow = ("--data", "many.csv", "--space", "slow.yaml", "--epochs", "1", "--trials", "1")
    seconds = 0.5
    finished = search(workspace, "timed", *slow, "--timeout", str(seconds))
    # A busy machine takes longer to begin a trial, and as much longer to train its epoch: until
    # then a run ends in the baseline.
    while not kept_of(workspace, "timed"):
        seconds *= 2
        finished = search(workspace, "timed", *slow, "--timeout", str(seconds))
    assert "The time is over: the same command continues." in finished.out
    cut_off, again = kept_of(workspace, "timed")
    assert cut_off.state is TrialState.FAIL
    assert cut_off.user_attrs["failure"] == "time over before its first epoch"
    assert again.state is TrialState.WAITING
    assert workspace.study_run("timed").data.tags["ended"] == "time over"
    assert workspace.trial_runs("timed")[0].info.status == "KILLED"
    search(workspace, "timed", *slow)
    _, trained = rows_of(workspace, "timed")
    assert (trained["state"], trained["stopped"]) == ("COMPLETE", "epochs")
    assert trained["hyperparameters"] == cut_off.user_attrs["hyperparameters"]
    assert workspace.study_run("timed").data.tags["ended"] == "all trials done"
