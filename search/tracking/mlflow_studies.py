"""The runs of whole studies in MLflow. Owns how they are found again, measured and deleted."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Run

from .mlflow_tracker import MlflowServer, mlflow_errors

_SQLITE = "sqlite:///"


class StudyRuns:
    """The runs of all studies in a tracking store."""

    def __init__(self, server: MlflowServer, *, page_size: int = 1000) -> None:
        """Use a store; runs are read in pages of this size."""
        self.server = server
        self._page_size = page_size

    def names(self) -> dict[str, str]:
        """Map the ids of the studies' runs to their names, newest first, without deleted runs.

        Raises:
            TrackingError: MLflow does not answer.
        """
        # Of all runs only those of studies have a space.
        runs = self._search("tags.space_hash != ''")
        return {str(run.info.run_id): str(run.data.tags.get("study")) for run in runs}

    def below(self, study_run_id: str) -> list[str]:
        """List the runs of a study that are not deleted.

        First come those of trials, baselines and confirmations, then those in which `mlflow run`
        resumed it, and last the study's own, unless it is deleted.

        Raises:
            TrackingError: MLflow does not answer.
        """
        children = self._search(f"tags.`mlflow.parentRunId` = '{study_run_id}'")
        resumed = self._search(f"tags.study_run_id = '{study_run_id}'")
        ids = [str(run.info.run_id) for run in (*children, *resumed)]
        is_there = self.server.find_experiment(study_run_id) is not None
        return [*ids, study_run_id] if is_there else ids

    def of_kind(self, study_run_id: str, kind: str) -> list[str]:
        """List the runs below a study's that have a tag `kind`, without deleted ones.

        Raises:
            TrackingError: MLflow does not answer.
        """
        below = f"tags.`mlflow.parentRunId` = '{study_run_id}'"
        return [str(run.info.run_id) for run in self._search(f"{below} and tags.kind = '{kind}'")]

    def size(self, run_id: str, path: str) -> int:
        """Add up the bytes of a run's artifact folder; 0 if there is none.

        Raises:
            TrackingError: the run is not there, or its artifacts cannot be listed.
        """
        with mlflow_errors(f"list the artifacts {path}"):
            files = self.server.client.list_artifacts(run_id, path)
        return sum(
            self.size(run_id, file.path) if file.is_dir else file.file_size or 0 for file in files
        )

    def delete(self, run_id: str) -> None:
        """Move a run to MLflow's trash, from where `mlflow gc` takes it with its artifacts.

        Raises:
            TrackingError: it is not there.
        """
        with mlflow_errors("delete a run"):
            self.server.client.delete_run(run_id)

    def _search(self, wanted: str) -> list[Run]:
        with mlflow_errors("list runs"):
            ids = [e.experiment_id for e in self._paged(self.server.client.search_experiments)]
            return list(self._paged(partial(self.server.client.search_runs, ids, wanted)))

    def _paged(self, search: Callable[..., Any]) -> Iterator[Any]:
        token: str | None = None
        while True:
            page = search(max_results=self._page_size, page_token=token)
            yield from page
            token = page.token
            if not token:
                return


def find_runs(uri: str | None) -> StudyRuns | None:
    """Open the runs of a tracking store; None if it is an SQLite file that does not exist.

    MLflow would create the file.

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
