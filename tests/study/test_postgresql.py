"""A study whose store is a PostgreSQL server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.study.small import command, make_films
from tests.workspace import Finished, Workspace


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_films(tmp_path_factory.mktemp("postgresql"), mlflow_database)


@pytest.fixture(scope="module")
def _closed_at_the_end() -> Iterator[None]:
    """Close the connections that a command keeps until its process ends."""
    opened: list[Any] = []

    def keep(connection: Any, _record: object) -> None:
        if type(connection).__module__.startswith("psycopg"):
            opened.append(connection)

    event.listen(Pool, "connect", keep)
    yield
    event.remove(Pool, "connect", keep)
    for connection in opened:
        connection.close()


@pytest.fixture(scope="module")
def extended(workspace: Workspace, postgresql: str, _closed_at_the_end: None) -> Finished:
    """Search for two trials, and go on to three."""
    store = ("--storage", postgresql, "--epochs", "1")
    for n_trials in ("2", "3"):
        finished = workspace.run(*command("shared", *store, "--trials", n_trials))
        assert finished.code == 0, finished.err
    return finished


def _listed(workspace: Workspace, *arguments: str) -> list[dict[str, Any]]:
    printed = workspace.run(*arguments, "--format", "json")
    assert printed.code == 0, printed.err
    rows: list[dict[str, Any]] = json.loads(printed.out)
    return rows


def test_a_study_goes_on_under_its_run(workspace: Workspace, extended: Finished) -> None:
    assert "study shared continues: 2 of 3 trials are done" in extended.err
    assert extended.err.count("begins") == 1
    assert len(workspace.trial_runs("shared")) == 3


def test_the_end_says_that_the_stores_are_elsewhere(extended: Finished) -> None:
    assert "with the same --storage and --tracking-uri" in extended.out


def test_nothing_is_written_beside_mlflows_database(
    workspace: Workspace, extended: Finished
) -> None:
    assert not (workspace.folder / "studies.db").exists()


def test_trials_and_studies_are_listed(
    workspace: Workspace, extended: Finished, postgresql: str
) -> None:
    store = ("--storage", postgresql)
    rows = _listed(workspace, "trials", "--study", "shared", *store)
    assert sorted(row["number"] for row in rows if row["number"] is not None) == [0, 1, 2]
    studies = _listed(workspace, "study", "list", *store)
    (study,) = (entry for entry in studies if entry["name"] == "shared")
    assert study["best"] == min(row["value"] for row in rows if row["number"] is not None)
