"""A study of several objectives."""

import json
from pathlib import Path

import pytest

from tests.study.small import SPACE, make_films, rows_of, search, trials_with
from tests.workspace import Finished, Workspace

# The first has the fewest weights and learns nothing, the third has as many as the second.
STARTS = """
starts:
  - {name: still, values: {units_1: 2, learning_rate: 1.0e-6}}
  - {name: good, values: {units_1: 8, learning_rate: 0.1}}
  - {name: large, values: {units_1: 8, learning_rate: 1.0e-6}}
"""
ARGUMENTS = ("--objective", "val_loss,parameters", "--target", "auto", "--keep", "1")


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_films(tmp_path_factory.mktemp("front"), mlflow_database, SPACE + STARTS)


@pytest.fixture(scope="module")
def searched(workspace: Workspace) -> Finished:
    return search(workspace, "front", *ARGUMENTS, "--trials", "3")


def test_the_front_is_on_the_leaderboard(workspace: Workspace, searched: Finished) -> None:
    still, good, large = rows_of(workspace, "front")
    # An embedding of a hundred words, the recurrent layer joined to its output, four labels.
    assert still["parameters"] < good["parameters"] == large["parameters"]
    assert good["val_loss"] < still["val_loss"]
    assert good["val_loss"] < large["val_loss"]
    assert [row["front"] for row in (still, good, large)] == [True, True, False]


def test_the_front_comes_first_and_is_said(workspace: Workspace, searched: Finished) -> None:
    still, good, _ = rows_of(workspace, "front")
    printed = json.loads(workspace.run("trials", "--study", "front", "--format", "json").out)
    assert [row["name"] for row in printed[:2]] == [good["name"], still["name"]]
    said = (
        "Pareto front of val_loss, parameters: "
        f"{good['name']} ({good['val_loss']:.4f}, {good['parameters']:.0f}); "
        f"{still['name']} ({still['val_loss']:.4f}, {still['parameters']:.0f})."
    )
    assert said in searched.out
    assert said in workspace.study_run("front").data.tags["mlflow.note.content"]


def test_the_networks_of_the_front_are_kept(workspace: Workspace, searched: Finished) -> None:
    assert trials_with(workspace, "front", "model") == {0, 1}


def test_the_front_is_drawn(workspace: Workspace, searched: Finished) -> None:
    run_id = workspace.study_run("front").info.run_id
    assert "search/pareto_front.png" in workspace.artifacts(run_id, "search")


def test_the_best_in_the_first_objective_is_taken(workspace: Workspace, searched: Finished) -> None:
    done = workspace.run("best", "--study", "front", "--winner", "network", "--export", "winner")
    assert done.code == 0, done.err
    facts = json.loads((workspace.folder / "winner" / "bundle.json").read_text(encoding="utf-8"))
    assert facts["origin"]["trial"] == 1


def test_several_objectives_have_no_target_of_their_own(
    workspace: Workspace, searched: Finished
) -> None:
    assert workspace.study_run("front").data.tags["target"] == "none"
