"""One small study, searched once for all tests, looked at after each command of a user.

Each stage is a command run on top of the stage before, with what it printed and what both stores
held right after it; so a test says by its fixture how far it needs the study to be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .films import write_films

# Only annotations need them: MLflow takes seconds to load, and most rooms' tests need none.
if TYPE_CHECKING:
    from mlflow.entities import Run

    from .workspace import Finished, Workspace

SEARCH = ("search", "--data", "films.csv", "--space", "smoke", "--epochs", "2")
"""The command of the study, but for its number of trials."""
KEPT = ("--keep", "3")


@dataclass(frozen=True, slots=True)
class Stage:
    """A command that was run, and the stores right after it."""

    workspace: Workspace
    finished: Finished
    trials: list[dict[str, Any]]
    """As `genre-search trials --format json` prints them, by number, without the baselines."""
    baselines: list[dict[str, Any]]
    """Printed among them, in the same order."""
    study_run: Run
    trial_runs: list[Run]
    """By number."""
    n_runs: int
    """In MLflow, over all experiments."""

    @property
    def study(self) -> str:
        """The study's name."""
        name: str = self.study_run.data.tags["study"]
        return name


def look(workspace: Workspace, finished: Finished) -> Stage:
    """Look into both stores after a command."""
    printed = workspace.run("trials", "--format", "json")
    assert printed.code == 0, printed.err + finished.err
    name = workspace.store.find("latest").name
    rows = json.loads(printed.out)
    trials = [row for row in rows if row["number"] is not None]
    return Stage(
        workspace,
        finished,
        sorted(trials, key=lambda trial: int(trial["number"])),
        [row for row in rows if row["number"] is None],
        workspace.study_run(name),
        workspace.trial_runs(name),
        len(workspace.runs()),
    )


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Search for three trials, in a process of its own with every address at its default."""
    from .workspace import Finished, Workspace

    workspace = Workspace(tmp_path_factory.mktemp("searched"))
    write_films(workspace.folder / "films.csv")
    process = workspace.start(*SEARCH, *KEPT, "--trials", "3")
    out, err = process.communicate(timeout=300)
    return look(workspace, Finished(process.returncode, out, err))


@pytest.fixture(scope="session")
def repeated(searched: Stage) -> Stage:
    """Run the same command once more."""
    return look(searched.workspace, searched.workspace.run(*SEARCH, *KEPT, "--trials", "3"))


@pytest.fixture(scope="session")
def extended(repeated: Stage) -> Stage:
    """Run the same command with a fourth trial."""
    return look(repeated.workspace, repeated.workspace.run(*SEARCH, *KEPT, "--trials", "4"))


@pytest.fixture(scope="session")
def exported(extended: Stage) -> Stage:
    """Export the best network for the first time, into the folder `winner`."""
    command = ("best", "--winner", "network", "--export", "winner")
    return look(extended.workspace, extended.workspace.run(*command))
