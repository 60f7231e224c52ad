"""The record in MLflow. Owns runs, limits and errors of MLflow; does not know Optuna.

Only `MlflowClient` and run ids: no fluent global run, no autolog (it mixes the trials), no
callbacks of other libraries. MLflow mirrors the store of studies and never coordinates.
"""

import colorsys
import io
import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking import MlflowClient

from ..errors import TrackingError
from ..trial.process import Process
from .record import RunStatus

_MAX_PARAMS = 100
_MAX_METRICS = 1000
_MAX_TAG = 5000
_MAX_PARAM = 6000
_MAX_CAUSE = 200
_DATABASE_PACKAGES = ("sqlalchemy", "alembic", "sqlite3")
_PROCESS = "process"
"""Tag of the process that opened a run."""


class MlflowRecord:
    """One run in MLflow."""

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        """Get an existing run."""
        self._client = client
        self.run_id = run_id

    def params(self, values: Mapping[str, Any]) -> None:
        """Keep hyperparameters; each once."""
        params = [Param(key, _text(value, _MAX_PARAM)) for key, value in values.items()]
        self._write("params", params, _MAX_PARAMS)

    def tags(self, values: Mapping[str, Any]) -> None:
        """Keep tags; a later one replaces an earlier one of the same name."""
        tags = [RunTag(key, _text(value, _MAX_TAG)) for key, value in values.items()]
        self._write("tags", tags, _MAX_PARAMS)

    def metrics(self, values: Mapping[str, float], *, step: int = 0) -> None:
        """Keep the metrics of one step; NaN and infinite ones are left out."""
        now = int(time.time() * 1000)
        finite = {key: value for key, value in values.items() if math.isfinite(value)}
        metrics = [Metric(key, float(value), now, step) for key, value in finite.items()]
        self._write("metrics", metrics, _MAX_METRICS)

    def file(self, path: str, content: bytes) -> None:
        """Keep an artifact at a path such as "plots/curves.png"."""
        with mlflow_errors(f"write the artifact {path}"):
            self._client.log_stream(self.run_id, io.BytesIO(content), path)

    def folder(self, path: str, directory: Path) -> None:
        """Keep all files of a folder as artifacts below a path."""
        with mlflow_errors(f"write the artifacts {path}"):
            self._client.log_artifacts(self.run_id, str(directory), path)

    def drop(self, path: str) -> None:
        """Delete an artifact file or folder that is no longer wanted."""
        with mlflow_errors(f"delete the artifact {path}"):
            root = self._client.get_run(self.run_id).info.artifact_uri
            # Without the client's address MLflow 3.17 looks for its server in the environment.
            repository: Any = get_artifact_repository(root, self._client.tracking_uri)
            repository.delete_artifacts(path)

    def download(self, path: str, directory: Path) -> Path:
        """Copy an artifact file or folder into a directory; return its path there."""
        with mlflow_errors(f"read the artifact {path}"):
            return Path(self._client.download_artifacts(self.run_id, path, str(directory)))

    def describe(self, markdown: str) -> None:
        """Set the description that MLflow shows above everything else."""
        self.tags({"mlflow.note.content": markdown})

    def end(self, status: RunStatus) -> None:
        """Close the run."""
        with mlflow_errors("end a run"):
            self._client.set_terminated(self.run_id, status.value)

    def _write(self, kind: str, entries: Sequence[Any], most: int) -> None:
        """Write params, tags or metrics, as many at a time as MLflow takes."""
        with mlflow_errors(f"write {kind}"):
            for start in range(0, len(entries), most):
                batch: dict[str, Any] = {kind: entries[start : start + most]}
                self._client.log_batch(self.run_id, **batch)


class MlflowTracker:
    """The record of one study in MLflow: its own run and the runs below it."""

    def __init__(self, client: MlflowClient, study_run_id: str, study_name: str) -> None:
        """Open the record of a study whose run exists.

        Raises:
            TrackingError: there is no such run.
        """
        with mlflow_errors("read the study's run"):
            self._experiment_id = client.get_run(study_run_id).info.experiment_id
        self._study_name = study_name
        self._client = client
        self.study = MlflowRecord(client, study_run_id)

    def trial(self, number: int, name: str, tags: Mapping[str, Any]) -> MlflowRecord:
        """Open the run of a trial, below the study's."""
        colour = {"mlflow.runColor": _choose_color(number)}
        return self._open(name, {"kind": "trial", "trial": number, **tags, **colour})

    def beside(self, kind: str, name: str) -> MlflowRecord:
        """Open a run below the study's for something else, such as a baseline or confirmation."""
        return self._open(name, {"kind": kind})

    def _open(self, name: str, tags: Mapping[str, Any]) -> MlflowRecord:
        place = {
            "mlflow.parentRunId": self.study.run_id,
            "study": self._study_name,
            _PROCESS: str(Process.current()),
        }
        texts = {key: _text(value, _MAX_TAG) for key, value in tags.items()}
        with mlflow_errors("create a run"):
            run = self._client.create_run(self._experiment_id, run_name=name, tags=texts | place)
        return MlflowRecord(self._client, run.info.run_id)

    def reopen(self, run_id: str) -> MlflowRecord:
        """Get an existing run."""
        return MlflowRecord(self._client, run_id)

    def running(self) -> dict[str, Process | None]:
        """List the runs below the study's that have not ended, a thousand at most.

        Returns:
            The process that opened each run, by the run's id; None if it is unknown.
        """
        wanted = (
            f"attributes.status = 'RUNNING' and tags.`mlflow.parentRunId` = '{self.study.run_id}'"
        )
        with mlflow_errors("list runs"):
            runs = self._client.search_runs([self._experiment_id], wanted, max_results=1000)
        return {
            str(run.info.run_id): Process.parse(run.data.tags.get(_PROCESS, "")) for run in runs
        }


class MlflowServer:
    """A tracking store, which has experiments with runs."""

    def __init__(self, uri: str | None) -> None:
        """Open a store; by default that of $MLFLOW_TRACKING_URI, else MLflow's own default.

        Raises:
            TrackingError: the address is of a kind that cannot hold a study.
        """
        self.uri: str = uri or mlflow.get_tracking_uri()
        with mlflow_errors(f"open {self.uri}"):
            self.client = MlflowClient(self.uri)

    def check(self) -> None:
        """Make sure that the store answers.

        Raises:
            TrackingError: it does not.
        """
        with mlflow_errors(f"reach {self.uri}"):
            self.client.search_experiments(max_results=1)

    def experiment(self, name: str) -> str:
        """Return the id of an experiment, which is made if there is none."""
        with mlflow_errors(f"reach {self.uri}"):
            found = self.client.get_experiment_by_name(name)
            if found is None:
                return str(self.client.create_experiment(name))
            if found.lifecycle_stage == "deleted":
                raise TrackingError(
                    f"{self.uri}: the experiment {name} is deleted",
                    "Restore it in MLflow, or name another with `experiment`.",
                )
            return str(found.experiment_id)

    def open_run(self, experiment: str, name: str) -> str:
        """Open a run that is below no other; return its id.

        Under `mlflow run` that is the run which it made, unless `tracking_uri` names another store.
        """
        adopted = adopted_run_id()
        if adopted is not None and self.find_experiment(adopted) is not None:
            self.restart(adopted, name)
            return adopted
        experiment_id = self.experiment(experiment)
        with mlflow_errors("create a run"):
            return str(self.client.create_run(experiment_id, run_name=name).info.run_id)

    def find_experiment(self, run_id: str) -> str | None:
        """Return the id of a run's experiment, or None if there is no such run or it is deleted."""
        try:
            info = self.client.get_run(run_id).info
        except MlflowException:
            return None
        return str(info.experiment_id) if info.lifecycle_stage == "active" else None

    def restart(self, run_id: str, name: str) -> None:
        """Set a run that has ended to running again, and name it."""
        with mlflow_errors("reopen a run"):
            self.client.update_run(run_id, status="RUNNING", name=name)

    def record(self, run_id: str) -> MlflowRecord:
        """Get an existing run."""
        return MlflowRecord(self.client, run_id)


def adopted_run_id() -> str | None:
    """Return the run that `mlflow run` made for this process, or None if it did not start it."""
    return os.environ.get("MLFLOW_RUN_ID")


@contextmanager
def mlflow_errors(action: str) -> Iterator[None]:
    """Turn an error of MLflow into one that the user can mend.

    Raises:
        TrackingError: in place of an error of MLflow, of its database or of the system.
    """
    try:
        yield
    except Exception as error:
        # What MLflow 3.17 lets through of its database comes from SQLAlchemy and alembic.
        is_expected = isinstance(error, MlflowException | OSError)
        if not is_expected and type(error).__module__.split(".")[0] not in _DATABASE_PACKAGES:
            raise
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise TrackingError(
            f"MLflow: could not {action}: {first[:_MAX_CAUSE]}",
            "Check the tracking server, `tracking_uri` and MLFLOW_TRACKING_URI.",
        ) from error


def _choose_color(number: int) -> str:
    """Choose a trial's colour in the charts: neighbours a golden section of the circle apart.

    MLflow draws colours by the run's id, and of ten trials three come out red.
    """
    red, green, blue = colorsys.hls_to_rgb(number * 0.618034 % 1.0, 0.45, 0.65)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _text(value: Any, limit: int) -> str:
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
