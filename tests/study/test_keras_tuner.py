"""KerasTuner as the engine of a study, through the same record, budgets and leaderboard."""

from pathlib import Path
from typing import Any

import pytest

from tests.study.small import command, kept_of, make_films, rows_of, search, trials_with
from tests.workspace import Finished, Workspace

# A sweep has two trials of one epoch, of which the better goes on to two, and two of two epochs.
HYPERBAND = ("--engine", "keras-tuner", "--tuner", "hyperband", "--tuner-option", "factor=2")


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_films(tmp_path_factory.mktemp("keras-tuner"), mlflow_database)


@pytest.fixture(scope="module")
def whole(workspace: Workspace) -> Finished:
    """Search a whole sweep in one go."""
    return search(workspace, "whole", *HYPERBAND, "--trials", "5")


@pytest.fixture(scope="module")
def killed(workspace: Workspace, whole: Finished) -> int:
    """Search two trials, and kill the process that goes on in its first; give that one's number."""
    finished = search(workspace, "parts", *HYPERBAND, "--trials", "2")
    assert "in the middle of one" in finished.err
    process = workspace.start(*command("parts", *HYPERBAND, "--trials", "5"))
    number = workspace.wait_for_running_trial(process)
    process.kill()
    process.communicate(timeout=120)
    return number


@pytest.fixture(scope="module")
def resumed(workspace: Workspace, killed: int) -> Finished:
    """Go on with what was killed to the end of the sweep."""
    return search(workspace, "parts", *HYPERBAND, "--trials", "5")


def _proposals(workspace: Workspace, study: str) -> list[tuple[Any, ...]]:
    """List what was trained: the point, up to which epoch, and from which proposal on."""
    trained = [trial for trial in kept_of(workspace, study) if trial.state.name != "FAIL"]
    return [
        (
            trial.params,
            trial.user_attrs["n_epochs"],
            trial.user_attrs["proposed_by"],
        )
        for trial in trained
    ]


def test_a_promotion_is_a_trial_that_goes_on_from_another(
    workspace: Workspace, whole: Finished
) -> None:
    rows, runs = rows_of(workspace, "whole"), workspace.trial_runs("whole")
    assert [row["state"] for row in rows] == ["COMPLETE"] * 5
    assert [run.data.tags["up_to_epoch"] for run in runs] == ["1", "1", "2", "2", "2"]
    better = min(rows[:2], key=lambda row: float(row["value"]))
    resumes = [run.data.tags.get("resumes_trial") for run in runs]
    assert resumes == [None, None, str(better["number"]), None, None]
    assert rows[2]["hyperparameters"] == better["hyperparameters"]
    epochs = [trial.user_attrs["epochs"] for trial in kept_of(workspace, "whole")]
    for name, values in epochs[better["number"]].items():
        assert len(epochs[2][name]) == 2
        assert epochs[2][name][0] == values[0]


def test_a_promotion_records_only_the_epochs_it_was_trained_for(
    workspace: Workspace, whole: Finished
) -> None:
    run_id = workspace.trial_runs("whole")[2].info.run_id
    history = workspace.client.get_metric_history(run_id, "epoch/val_loss")
    assert [entry.step for entry in history] == [2]


def test_a_sweep_leaves_no_checkpoint(workspace: Workspace, whole: Finished) -> None:
    assert trials_with(workspace, "whole", "checkpoint") == set()
    assert trials_with(workspace, "whole", "model") != set()


def test_a_killed_promotion_is_run_again_and_goes_on_from_the_same(
    workspace: Workspace, killed: int, resumed: Finished
) -> None:
    assert f"trial {killed} was interrupted" in resumed.err
    rows, trials = rows_of(workspace, "parts"), kept_of(workspace, "parts")
    assert killed == 2
    assert [row["state"] for row in rows] == ["COMPLETE"] * 2 + ["FAIL"] + ["COMPLETE"] * 3
    assert trials[3].user_attrs["resumes"] == trials[2].user_attrs["resumes"]
    assert len(trials[3].user_attrs["epochs"]["val_loss"]) == 2
    first = trials[trials[3].user_attrs["resumes"]].user_attrs["epochs"]["val_loss"]
    assert trials[3].user_attrs["epochs"]["val_loss"][0] == first[0]


def test_a_study_in_parts_proposes_what_one_in_one_go_does(
    workspace: Workspace, whole: Finished, resumed: Finished
) -> None:
    assert _proposals(workspace, "parts") == _proposals(workspace, "whole")
    assert trials_with(workspace, "parts", "checkpoint") == set()


def test_the_study_has_one_run_with_all_trials_on_one_leaderboard(
    workspace: Workspace, resumed: Finished
) -> None:
    assert workspace.study_run("parts").info.status == "FINISHED"
    assert len(workspace.trial_runs("parts")) == 6
    assert "Trials: 5 complete" in resumed.out
    best = min(
        (row for row in rows_of(workspace, "parts") if row["value"] is not None),
        key=lambda row: float(row["value"]),
    )
    assert workspace.study_run("parts").data.tags["best_trial"] == str(best["number"])


@pytest.mark.parametrize(
    "option",
    [pytest.param("num_initial_points=1", id="bayesian"), pytest.param(None, id="random")],
)
def test_the_other_tuners_train_every_trial_to_the_end(
    workspace: Workspace, option: str | None
) -> None:
    tuner = "random" if option is None else "bayesian"
    options = () if option is None else ("--tuner-option", option)
    search(workspace, tuner, "--engine", "keras-tuner", "--tuner", tuner, *options, "--trials", "2")
    rows = rows_of(workspace, tuner)
    assert [(row["state"], row["epochs"]) for row in rows] == [("COMPLETE", 2)] * 2
    assert rows[0]["hyperparameters"] != rows[1]["hyperparameters"]
    assert trials_with(workspace, tuner, "checkpoint") == set()


def test_a_study_keeps_its_tuner(workspace: Workspace, whole: Finished) -> None:
    other = ("--engine", "keras-tuner", "--tuner", "random")
    finished = workspace.run(*command("whole", *other, "--trials", "6"))
    assert finished.code == 1
    said = " ".join(finished.err.split())
    assert "engine was keras-tuner " in said and "--start-from" in said
    assert len(kept_of(workspace, "whole")) == 5


def test_a_fork_for_optuna_knows_what_was_trained_to_the_end(
    workspace: Workspace, whole: Finished
) -> None:
    fork = ("study", "create", *command("whole")[1:], "--fork", "drawn")
    created = workspace.run(*fork)
    assert created.code == 0, created.err
    assert "the search learns from 3 trials of whole; they do not count" in created.err
    epochs = [t.user_attrs["n_epochs"] for t in kept_of(workspace, "whole")]
    known = {t.user_attrs["reused_from"]["trial"] for t in kept_of(workspace, "drawn")}
    assert known == {number for number, n_epochs in enumerate(epochs) if n_epochs == 2}
