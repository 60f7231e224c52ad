"""The runs of whole studies in MLflow. Owns how they are found again, measured and deleted."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Run

from .mlflow_tracker import MlflowServer, told

_SQLITE = "sqlite:///"


class StudyRuns:
    """The runs of all studies in a tracking store."""

    def __init__(self, server: MlflowServer, *, page_size: int = 1000) -> None:
        """Take up a store, to be asked for so many runs at a time."""
        self.server = server
        self._client = server.client
        self._page_size = page_size

    def names(self) -> dict[str, str]:
        """Give the studies' names by the ids of their runs, newest first; deleted ones are out.

        Raises:
            TrackingError: MLflow does not answer.
        """
        # Of all runs only those of studies have a space.
        runs = self._search("tags.space_hash != ''")
        return {str(run.info.run_id): str(run.data.tags.get("study")) for run in runs}

    def below(self, study_run_id: str) -> list[str]:
        """List the runs of a study that are not deleted, its own last where it is there.

        First come those of trials, baselines and confirmations, then those in which `mlflow run`
        went on with it.

        Raises:
            TrackingError: MLflow does not answer.
        """
        children = self._search(f"tags.`mlflow.parentRunId` = '{study_run_id}'")
        resumed = self._search(f"tags.study_run_id = '{study_run_id}'")
        ids = [str(run.info.run_id) for run in (*children, *resumed)]
        is_there = self.server.experiment_of(study_run_id) is not None
        return [*ids, study_run_id] if is_there else ids

    def size(self, run_id: str, path: str) -> int:
        """Add up the bytes of a run's artifact folder; 0 where there is none.

        Raises:
            TrackingError: the run is not there, or its artifacts cannot be listed.
        """
        with told(f"list the artifacts {path}"):
            files = self._client.list_artifacts(run_id, path)
        return sum(
            self.size(run_id, file.path) if file.is_dir else file.file_size or 0 for file in files
        )

    def delete(self, run_id: str) -> None:
        """Move a run to MLflow's trash, from where `mlflow gc` takes it with its artifacts.

        Raises:
            TrackingError: it is not there.
        """
        with told("delete a run"):
            self._client.delete_run(run_id)

    def _search(self, wanted: str) -> list[Run]:
        with told("list runs"):
            ids = [e.experiment_id for e in self._paged(self._client.search_experiments)]
            return list(self._paged(partial(self._client.search_runs, ids, wanted)))

    def _paged(self, search: Callable[..., Any]) -> Iterator[Any]:
        token: str | None = None
        while True:
            page = search(max_results=self._page_size, page_token=token)
            yield from page
            token = page.token
            if not token:
                return


def find_runs(uri: str | None) -> StudyRuns | None:
    """Open the runs of a tracking store; None where it is an SQLite file that is not there.

    MLflow makes the file when it is only looked at.

    Args:
        uri: of the store; None for MLflow's own default.

    Raises:
        TrackingError: MLflow does not answer.
    """
    address = uri or mlflow.get_tracking_uri()
    path = address.removeprefix(_SQLITE)
    if address.startswith(_SQLITE) and not Path(path).exists():
        return None
    server = MlflowServer(address)
    server.check()
    return StudyRuns(server)
