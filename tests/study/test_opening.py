"""A study that is gone on with, refused, forked, or begun from another. Trains nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from optuna.trial import TrialState

from tests.stages import SEARCH, Stage
from tests.study.small import SPACE, kept_of
from tests.workspace import Finished, Workspace

CREATE = ("study", "create", *SEARCH[1:])
GO_ON = (*SEARCH, "--trials", "4", "--timeout", "0.001")
"""Opens a study, and is over before anything is fitted."""
REUSED = "reused_from"


@pytest.fixture
def workspace(extended: Stage, tmp_path: Path) -> Workspace:
    """A copy of the stores with a study of four trials, so that other tests do not see what is
    done to them."""
    for name in ("mlflow.db", "studies.db"):
        source, copy = extended.workspace.folder / name, tmp_path / name
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(copy)) as here:
            there.backup(here)
    films = (extended.workspace.folder / "films.csv").read_bytes()
    (tmp_path / "films.csv").write_bytes(films)
    (tmp_path / "small.yaml").write_text(SPACE, encoding="utf-8")
    return Workspace(tmp_path)


def _create(workspace: Workspace, *arguments: str) -> Finished:
    finished = workspace.run(*CREATE, *arguments)
    assert finished.code == 0, finished.err
    return finished


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        pytest.param(
            "--objective", "macro_f1", "objective was val_loss, is macro_f1", id="objective"
        ),
        pytest.param("--space", "small.yaml", "space was ", id="space"),
        pytest.param("--epochs", "3", "epochs was 2, is 3", id="epochs"),
        pytest.param("--seed", "1", "seed was 0, is 1", id="seed"),
        pytest.param("--engine", "keras-tuner", "engine was None, is keras-tuner", id="engine"),
    ],
)
def test_a_named_study_is_not_gone_on_with_under_other_settings(
    extended: Stage, workspace: Workspace, option: str, value: str, expected: str
) -> None:
    finished = workspace.run(*SEARCH, "--trials", "5", "--study", extended.study, option, value)
    assert finished.code == 1
    said = " ".join(finished.err.split())
    known = workspace.store.find(extended.study).settings.fingerprint
    assert f"(its fingerprint is {known.short}, that of these settings " in said
    assert expected in said
    assert "--start-from" in said
    assert len(workspace.runs()) == extended.n_runs
    assert workspace.store.names() == [extended.study]


def test_another_sampler_goes_on_with_a_study_and_says_so(
    extended: Stage, workspace: Workspace
) -> None:
    finished = workspace.run(*GO_ON, "--study", extended.study, "--sampler", "random")
    assert f"study {extended.study} continues: 4 of 4 trials are done" in finished.err
    assert (
        f"study {extended.study} changes its strategy: sampler was tpe, is random" in finished.err
    )
    assert len(kept_of(workspace, extended.study)) == 4


def test_a_fork_that_compares_knows_the_trials_and_counts_none(
    extended: Stage, workspace: Workspace
) -> None:
    finished = _create(workspace, "--study", extended.study, "--fork", "tight", "--max-gap", "0.5")
    assert finished.out == "tight\n"
    assert f"the search learns from 4 trials of {extended.study}; they do not count" in (
        finished.err
    )
    before, after = kept_of(workspace, extended.study), kept_of(workspace, "tight")
    assert [trial.values for trial in after] == [trial.values for trial in before]
    assert [trial.params for trial in after] == [trial.params for trial in before]
    origins = [trial.user_attrs[REUSED] for trial in after]
    assert origins == [{"study": extended.study, "trial": number} for number in range(4)]
    assert workspace.store.find("tight").settings.begun_from == extended.study
    assert workspace.store.count_trials("tight") == {"REUSED": 4}
    again = workspace.run(*GO_ON, "--study", extended.study, "--fork", "tight", "--max-gap", "0.5")
    assert "study tight continues: 0 of 4 trials are done" in again.err
    assert len(kept_of(workspace, "tight")) == 4


def test_a_fork_that_does_not_compare_tries_the_best_first(
    extended: Stage, workspace: Workspace
) -> None:
    finished = _create(workspace, "--study", extended.study, "--fork", "long", "--epochs", "3")
    assert f"the best 4 trials of {extended.study} are tried first" in finished.err
    waiting = kept_of(workspace, "long")
    assert {trial.state for trial in waiting} == {TrialState.WAITING}
    best = sorted(kept_of(workspace, extended.study), key=lambda trial: trial.value or 0.0)
    assert [trial.system_attrs["fixed_params"] for trial in waiting] == [t.params for t in best]
    names = [f"{extended.study}-{trial.number}" for trial in best]
    assert [trial.user_attrs["start"] for trial in waiting] == names


def test_a_study_begins_from_another_that_it_can_be_compared_with(
    extended: Stage, workspace: Workspace
) -> None:
    # Of this space the networks of the other study are no points.
    arguments = ("--space", "small.yaml", "--study", "small", "--start-from", extended.study)
    finished = _create(workspace, *arguments)
    assert f"the search learns from 0 trials of {extended.study}" in finished.err
    assert kept_of(workspace, "small") == []
    assert workspace.store.find("small").settings.begun_from == extended.study


def test_a_study_that_is_there_is_not_begun_from_another(
    extended: Stage, workspace: Workspace
) -> None:
    _create(workspace, "--study", "empty", "--epochs", "2", "--seed", "0")
    again = ("--study", "empty", "--epochs", "2", "--seed", "0", "--start-from", extended.study)
    finished = workspace.run(*SEARCH, "--trials", "4", *again)
    assert finished.code == 1
    assert f"study empty: expected a new study to start from {extended.study}" in finished.err
    assert workspace.store.find("empty").settings.begun_from is None


def test_a_study_whose_process_died_while_it_was_begun_is_begun_to_the_end(
    extended: Stage, workspace: Workspace
) -> None:
    _create(workspace, "--study", "begun")
    store = workspace.store
    for n_known in (4, 0):
        # The second time as where it died when all of them were there.
        settings = store.find("begun").settings
        died = replace(settings, begun_from=extended.study, is_begun=False)
        store.write_settings("begun", died)
        finished = workspace.run(*GO_ON, "--study", "begun")
        assert f"the search learns from {n_known} trials of {extended.study}" in finished.err
    origins = [trial.user_attrs.get(REUSED) for trial in kept_of(workspace, "begun")]
    assert [origin["trial"] for origin in origins if origin] == [0, 1, 2, 3]
    assert workspace.store.find("begun").settings.begun_from == extended.study


@pytest.mark.parametrize("table", ["trials", "trial_params", "trial_user_attributes"])
@pytest.mark.parametrize("command", ["search", "trials", "best"])
def test_a_database_that_is_damaged_in_the_middle_is_an_error_and_left_alone(
    extended: Stage, workspace: Workspace, table: str, command: str
) -> None:
    path = workspace.folder / "studies.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = connection.execute(query, [table]).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    arguments = SEARCH if command == "search" else (command,)
    finished = workspace.run(*arguments, *(("--trials", "5") if command == "search" else ()))
    assert finished.code == 1
    assert "studies.db" in finished.err
    assert "Traceback" not in finished.err
    assert path.read_bytes() == bytes(content)
    assert len(workspace.runs()) == extended.n_runs


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        pytest.param(("--fork", "new"), 2, "--fork needs --study", id="fork of nothing"),
        pytest.param(
            ("--study", "nowhere", "--fork", "new"), 1, "no study named nowhere", id="fork of none"
        ),
        pytest.param(
            ("--study", "new", "--start-from", "nowhere"),
            1,
            "no study named nowhere",
            id="start from none",
        ),
        pytest.param(
            ("--study", "new", "--start-from", "new"),
            1,
            "--start-from: expected another study",
            id="start from itself",
        ),
        pytest.param(
            ("--study", "films", "--fork", "latest"),
            1,
            "--fork: expected a name, got 'latest'",
            id="fork named latest",
        ),
        pytest.param(
            ("--study", "a b"), 1, "--study: expected letters, digits", id="name with a space"
        ),
        pytest.param(
            ("--study", "new", "--start-from", "a b"),
            1,
            "--start-from: expected letters, digits",
            id="start from a name with a space",
        ),
    ],
)
def test_an_origin_that_is_none_is_refused_and_nothing_begins(
    extended: Stage, workspace: Workspace, arguments: tuple[str, ...], code: int, expected: str
) -> None:
    finished = workspace.run(*SEARCH, "--trials", "4", *arguments)
    assert finished.code == code
    assert expected in finished.err
    assert "Traceback" not in finished.err
    assert workspace.store.names() == [extended.study]
    assert len(workspace.runs()) == extended.n_runs
