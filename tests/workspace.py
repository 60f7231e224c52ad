"""A working folder with its own two stores, and the command line run inside it."""

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow.entities import Run

from search.cli import main
from search.store.study_store import StudyStore
from search.tracking.mlflow_tracker import MlflowServer

ROOT = Path(__file__).parents[1]
FOREIGN = ("MLFLOW_TRACKING_URI", "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME")
"""Variables of whoever runs the tests, which would lead a search to other stores."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command came to."""

    code: int
    out: str
    err: str


def run_command(folder: Path, *arguments: str, **variables: str) -> Finished:
    """Run the command line in this process, in a folder, as `main` is called when installed."""
    out, err = io.StringIO(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["genre-search", *arguments])
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main()
    signal.signal(signal.SIGTERM, handler)
    code = ended.value.code
    assert isinstance(code, int)
    return Finished(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder in which studies are searched; MLflow's database is there from the start."""

    folder: Path

    @property
    def tracking_uri(self) -> str:
        return f"sqlite:///{self.folder / 'mlflow.db'}"

    @property
    def client(self) -> mlflow.MlflowClient:
        return mlflow.MlflowClient(self.tracking_uri)

    @property
    def server(self) -> MlflowServer:
        return MlflowServer(self.tracking_uri)

    @property
    def store(self) -> StudyStore:
        return StudyStore(f"sqlite:///{self.folder / 'studies.db'}", must_exist=True)

    def run(self, *arguments: str, **variables: str) -> Finished:
        """Run a command in this process, on the stores of this folder."""
        named = {"MLFLOW_TRACKING_URI": self.tracking_uri} | variables
        return run_command(self.folder, *arguments, **named)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command in a process of its own, with every address at its default."""
        environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        return subprocess.Popen(
            [sys.executable, "-m", "search", *arguments],
            cwd=self.folder,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_take_interrupts,
        )

    def study_run(self, name: str) -> Run:
        """Give the one run in MLflow that is the study's."""
        runs = [run for run in self.runs() if _tag(run, "mlflow.runName") == name]
        (run,) = (run for run in runs if _tag(run, "mlflow.parentRunId") is None)
        return run

    def trial_runs(self, name: str) -> list[Run]:
        """List the runs of a study's trials by number."""
        trials = self.child_runs(name, "trial")
        return sorted(trials, key=lambda run: int(run.data.tags["trial"]))

    def child_runs(self, name: str, kind: str) -> list[Run]:
        """List the runs of one kind below a study's: trials, baselines, confirmations."""
        parent = self.study_run(name).info.run_id
        runs = [run for run in self.runs() if _tag(run, "mlflow.parentRunId") == parent]
        return [run for run in runs if _tag(run, "kind") == kind]

    def runs(self) -> list[Run]:
        """List all runs of all experiments."""
        client = self.client
        ids = [experiment.experiment_id for experiment in client.search_experiments()]
        return list(client.search_runs(ids, max_results=1000))

    def artifact(self, run_id: str, path: str) -> Path:
        """Fetch an artifact; give where it lies."""
        return Path(self.client.download_artifacts(run_id, path))

    def artifacts(self, run_id: str, folder: str | None = None) -> set[str]:
        """List the paths of the artifacts in a folder."""
        return {file.path for file in self.client.list_artifacts(run_id, folder)}

    def wait_for_running_trial(self, process: "subprocess.Popen[str]") -> int:
        """Wait until a trial is RUNNING and its run is open; give its number."""
        query = (
            "SELECT number FROM trials JOIN trial_user_attributes USING (trial_id) "
            "WHERE state = 'RUNNING' AND key = 'run_id'"
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            rows = _select(self.folder / "studies.db", query)
            if rows:
                return int(rows[0][0])
            time.sleep(0.02)
        process.kill()
        raise AssertionError(f"no trial ran: {process.communicate()}")


def make_workspace(folder: Path, database: Path) -> Workspace:
    """Make a folder with a copy of an empty MLflow database, which takes 5 s to create."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(database, folder / "mlflow.db")
    return Workspace(folder)


def _take_interrupts() -> None:
    # A shell that runs the tests in the background makes them ignore SIGINT, and their children.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _tag(run: Run, name: str) -> str | None:
    value: str | None = run.data.tags.get(name)
    return value


def _select(database: Path, query: str) -> list[Any]:
    if not database.exists():
        return []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()
