"""A study searched in two goes is the one that is searched in one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.study.small import kept_of, make_films, search
from tests.workspace import Workspace

# One trial at random: the model of the sampler proposes the others.
OPTIONS = ("--deterministic", "yes", "--sampler-option", "n_startup_trials=1", "--seed", "3")


@pytest.fixture(scope="module")
def determinism_ends() -> Iterator[None]:
    """Undo what `--deterministic` does to this process, for the tests after these."""
    yield
    from tensorflow.python.framework.config import disable_op_determinism

    disable_op_determinism()


@pytest.fixture(scope="module")
def in_one_go(
    mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory, determinism_ends: None
) -> Workspace:
    workspace = make_films(tmp_path_factory.mktemp("one"), mlflow_database)
    search(workspace, "films", *OPTIONS, "--trials", "4")
    return workspace


@pytest.fixture(scope="module")
def in_two_goes(
    mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory, determinism_ends: None
) -> Workspace:
    workspace = make_films(tmp_path_factory.mktemp("two"), mlflow_database)
    search(workspace, "films", *OPTIONS, "--trials", "2")
    finished = search(workspace, "films", *OPTIONS, "--trials", "4")
    assert "study films continues: 2 of 4 trials are done" in finished.err
    return workspace


def _outcomes(workspace: Workspace) -> list[tuple[Any, ...]]:
    return [
        (
            trial.number,
            trial.state,
            trial.values,
            trial.user_attrs["hyperparameters"],
            trial.user_attrs["epochs"],
        )
        for trial in kept_of(workspace, "films")
    ]


def test_two_goes_equal_one_to_the_digit(in_one_go: Workspace, in_two_goes: Workspace) -> None:
    outcomes = _outcomes(in_one_go)
    assert len(outcomes) == 4
    assert len({values[0] for _, _, values, *_ in outcomes}) == 4
    assert _outcomes(in_two_goes) == outcomes


def test_the_trials_of_both_goes_are_under_one_study_run(in_two_goes: Workspace) -> None:
    runs = in_two_goes.trial_runs("films")
    assert [run.data.tags["trial"] for run in runs] == ["0", "1", "2", "3"]
    assert in_two_goes.study_run("films").data.tags["ended"] == "all trials done"


def test_a_smaller_total_than_is_done_runs_nothing(in_two_goes: Workspace) -> None:
    finished = search(in_two_goes, "films", *OPTIONS, "--trials", "1")
    said = " ".join(finished.err.split())
    assert "study films is done already (all trials done)" in said
    assert re.search(r"\bbegins\b", said) is None
    assert len(kept_of(in_two_goes, "films")) == 4
