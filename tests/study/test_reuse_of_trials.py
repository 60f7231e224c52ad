"""A configuration that was evaluated already is not trained again."""

from pathlib import Path

import pytest

from tests.study.small import SPACE, kept_of, make_films, rows_of, search
from tests.workspace import Finished, Workspace

UNITS = "{type: int, low: 2, high: 8}"
RATE = "{type: float, low: 1e-6, high: 1e-1, log: true}"
PAIR = SPACE.replace(UNITS, "{type: categorical, choices: [2, 4]}").replace(RATE, "0.01")


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_films(tmp_path_factory.mktemp("reuse"), mlflow_database, PAIR)
    (workspace.folder / "three.yaml").write_text(PAIR.replace("[2, 4]", "[2, 4, 8]"))
    return workspace


@pytest.fixture(scope="module")
def grid(workspace: Workspace) -> Finished:
    """Search a space of two points for five trials."""
    return search(workspace, "grid", "--sampler", "grid", "--trials", "5", "--epochs", "1")


def test_a_grid_ends_when_every_configuration_was_tried(
    workspace: Workspace, grid: Finished
) -> None:
    units = [row["hyperparameters"]["units_1"] for row in rows_of(workspace, "grid")]
    assert sorted(units) == [2, 4]
    ending = "nothing is left to try"
    assert workspace.study_run("grid").data.tags["ended"] == ending
    again = search(workspace, "grid", "--sampler", "grid", "--trials", "5", "--epochs", "1")
    assert f"study grid is done already ({ending})" in " ".join(again.err.split())


def test_what_another_study_has_evaluated_is_not_trained_again(
    workspace: Workspace, grid: Finished
) -> None:
    space = ("--space", "three.yaml", "--sampler", "grid", "--epochs", "1")
    finished = search(workspace, "more", *space, "--start-from", "grid", "--trials", "5")
    assert "the search learns from 2 trials of grid; they do not count" in finished.err
    assert finished.err.count("begins") == 1
    assert "Trials: 1 complete, 2 reused" in finished.out
    (trained,) = rows_of(workspace, "more")
    assert trained["hyperparameters"]["units_1"] == 8
    assert len(workspace.trial_runs("more")) == 1


def test_a_proposal_that_was_evaluated_before_takes_its_value(
    workspace: Workspace, grid: Finished
) -> None:
    space = ("--space", "three.yaml", "--sampler", "random", "--epochs", "1")
    finished = search(workspace, "drawn", *space, "--start-from", "grid", "--trials", "1")
    values = {t.params["units_1"]: t.value for t in kept_of(workspace, "grid")}
    trials = kept_of(workspace, "drawn")
    assert trials[-1].params["units_1"] == 8
    reused = trials[2:-1]
    assert reused, "the seed should draw one of the two that are known before the third"
    runs = workspace.child_runs("drawn", "reused")
    assert len(runs) == len(reused)
    for trial in reused:
        assert trial.value == values[trial.params["units_1"]]
        assert trial.user_attrs["reused_from"]["study"] == "grid"
        assert f"{trial.user_attrs['name']} is known from " in finished.err
    for run in runs:
        assert run.info.status == "FINISHED"
        assert run.data.tags["reused_from_study"] == "grid"
        assert run.data.metrics["val_loss"] == values[int(run.data.params["units_1"])]
    assert finished.err.count("begins") == 1
