"""Word vectors of a file as what embeddings start from."""

import json
from pathlib import Path

import pytest

from search.data.word_vectors.word_vectors import hash_file
from tests.films import FILLER, WORDS
from tests.study.small import SPACE, make_films, rows_of
from tests.trainings import TINY, write_params
from tests.workspace import Finished, Workspace

VECTORS = ("--embeddings", "vectors.txt")
BARE = ("search", "--data", "films.csv", "--space", "small.yaml", "--epochs", "1", "--trials", "1")
N_WORDS = len(FILLER.split()) + sum(len(words.split()) for words in WORDS.values())


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_films(tmp_path_factory.mktemp("embeddings"), mlflow_database)
    words = " ".join([FILLER, *WORDS.values()]).split()
    # Without the last word, and with one that no film has.
    lines = [f"{word} {index / 50} {1 - index / 50} 0.5 0.25" for index, word in enumerate(words)]
    text = "\n".join([*lines[:-1], "unheard 1 1 1 1"]) + "\n"
    (workspace.folder / "vectors.txt").write_text(text, encoding="utf-8")
    return workspace


@pytest.fixture(scope="module")
def searched(workspace: Workspace) -> Finished:
    finished = workspace.run(*BARE, *VECTORS)
    assert finished.code == 0, finished.err
    return finished


def test_the_coverage_is_said(searched: Finished) -> None:
    assert f"vectors.txt: {N_WORDS - 1} of " in searched.err
    assert "of the tokens of train" in searched.err


def test_every_trial_starts_from_the_file(workspace: Workspace, searched: Finished) -> None:
    name = workspace.store.find("latest").name
    (row,) = rows_of(workspace, name)
    assert row["hyperparameters"]["embedding_initialization"] == "file"
    space = workspace.artifact(workspace.study_run(name).info.run_id, "space.yaml").read_text()
    assert "embedding_initialization: file" in space


def test_it_is_another_study_than_without(workspace: Workspace, searched: Finished) -> None:
    name = workspace.store.find("latest").name
    settings = workspace.store.find(name).settings
    assert settings.fingerprint.embeddings == hash_file(workspace.folder / "vectors.txt")
    assert settings.embeddings == str(workspace.folder / "vectors.txt")
    without = workspace.run(*BARE, "--study", name)
    assert without.code == 1
    assert "embeddings was " in without.err and ", is None" in without.err
    created = workspace.run("study", "create", *BARE[1:])
    assert created.code == 0 and created.out.strip() != name


def test_a_preset_is_trained_from_the_file(workspace: Workspace) -> None:
    write_params(workspace.folder / "tiny.yaml", TINY)
    train = ("train", "--data", "films.csv", "--params", "tiny.yaml", "--epochs", "1")
    trained = workspace.run(*train, *VECTORS, "--format", "json")
    assert trained.code == 0, trained.err
    assert f"vectors.txt: {N_WORDS - 1} of " in trained.err
    run = workspace.client.get_run(json.loads(trained.out)["run_id"])
    assert run.data.params["embedding_initialization"] == "file"


def test_a_space_can_leave_the_choice_to_the_search(workspace: Workspace) -> None:
    choice = "  embedding_initialization: {type: categorical, choices: [random, file]}\n"
    (workspace.folder / "choice.yaml").write_text(SPACE + choice, encoding="utf-8")
    create = ("study", "create", *BARE[1:], "--space", "choice.yaml")
    refused = workspace.run(*create)
    assert refused.code == 1
    assert "small: embedding_initialization: file needs" in refused.err
    created = workspace.run(*create, *VECTORS)
    assert created.code == 0, created.err
