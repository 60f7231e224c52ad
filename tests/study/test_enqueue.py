"""Presets that a study tries before everything else."""

import json
from pathlib import Path

import pytest

from tests.films import write_films
from tests.workspace import Workspace, make_workspace

SEARCH = ("search", "--data", "films.csv", "--space", "smoke", "--epochs", "1", "--study", "notes")
TWICE = ("--enqueue", "genre-rnn", "--enqueue", "genre-rnn")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, mlflow_database: Path) -> Workspace:
    """A study of one trial, and the same search again with one more trial and preset."""
    workspace = make_workspace(tmp_path_factory.mktemp("enqueue"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    first = workspace.run(*SEARCH, "--trials", "1", *TWICE)
    assert first.code == 0, first.err
    again = workspace.run(*SEARCH, "--trials", "2", *TWICE, "--enqueue", "imdb-lstm-28")
    assert again.code == 0, again.err
    return workspace


def test_each_preset_is_tried_once_as_it_is_whatever_the_space(workspace: Workspace) -> None:
    rows = json.loads(workspace.run("trials", "--format", "json").out)
    trials = sorted((row for row in rows if row["number"] is not None), key=lambda r: r["number"])
    assert (trials[0]["start"], trials[0]["name"]) == ("genre-rnn", "#0 genre-rnn")
    assert trials[0]["hyperparameters"]["units_2"] == 32
    assert trials[0]["hyperparameters"]["dense_units"] == 64
    # 10,000 · 16 of the embedding though the films have a hundred words, the cells, four labels.
    assert trials[0]["parameters"] == 160_000 + 528 + 1_568 + 2_112 + 4 * 65
    assert trials[1]["name"] == "#1 imdb-lstm-28"


def test_presets_for_which_there_are_no_trials_are_named(workspace: Workspace) -> None:
    finished = workspace.run(*SEARCH, "--trials", "2", "--enqueue", "genre-gru")
    assert finished.code == 0
    assert "genre-gru will not run: the study has 2 trials" in finished.err


def test_a_preset_that_wins_is_exported_like_any_trial(workspace: Workspace) -> None:
    rows = json.loads(workspace.run("trials", "--format", "json").out)
    best = next(row for row in rows if row["number"] is not None)
    waiting = workspace.store.load("notes").get_trials()
    assert [trial.user_attrs.get("start") for trial in waiting].count("imdb-lstm-28") == 1
    exported = workspace.run("best", "--winner", "network", "--export", "winner")
    assert exported.code == 0, exported.err
    predicted = workspace.run("predict", "--model", "winner", "--format", "json", "a detective")
    assert predicted.code == 0 and best["state"] == "COMPLETE"


def test_an_unknown_preset_names_the_nearest_before_anything_is_written(tmp_path: Path) -> None:
    finished = Workspace(tmp_path).run("search", "--enqueue", "genre-lsmt")
    assert finished.code == 1
    assert "genre-lsmt: must be a shipped preset; nearest: genre-lstm" in finished.err
    assert not (tmp_path / "studies.db").exists()
