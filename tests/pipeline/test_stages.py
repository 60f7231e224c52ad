from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from search.engines.store import BASELINES
from search.errors import TrackingError
from search.pipeline.opened import OpenStudy
from search.pipeline.stages import run_stages
from search.study.ending import Ending
from search.tracking.mlflow_tracker import MlflowTracker
from tests.films import write_films
from tests.pipeline.opened import open_study
from tests.pipeline.small import make_films, search
from tests.workspace import Workspace, make_workspace


class Unreachable:
    """A record, and the run in it, that take nothing."""

    def __getattr__(self, name: str) -> Any:
        return self if name == "study" else self._refuse

    def _refuse(self, *_values: object) -> NoReturn:
        raise TrackingError("MLflow: gone")


@pytest.fixture
def workspace(tmp_path: Path, mlflow_database: Path) -> Workspace:
    workspace = make_workspace(tmp_path, mlflow_database)
    write_films(workspace.folder / "films.csv")
    return workspace


@pytest.fixture
def study(workspace: Workspace) -> OpenStudy:
    return open_study(workspace, "films")


def run(study: OpenStudy, *, is_time_over: bool = False, is_interrupted: bool = False) -> Ending:
    return run_stages(
        study,
        lambda _event: None,
        lambda _sentence: None,
        is_time_over=lambda: is_time_over,
        is_interrupted=lambda: is_interrupted,
    )


def without_record(study: OpenStudy) -> OpenStudy:
    return replace(study, tracker=cast(MlflowTracker, Unreachable()))


def test_time_that_is_over_in_the_baseline_ends_the_run_before_any_trial(
    workspace: Workspace, study: OpenStudy
) -> None:
    assert run(study, is_time_over=True) is Ending.TIMEOUT
    assert BASELINES not in study.results
    assert study.engine.records() == []
    assert "leaderboard.json" in workspace.artifacts(study.tracker.study.run_id)


def test_an_interrupt_in_the_baseline_ends_the_run_too(study: OpenStudy) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(study, is_time_over=True, is_interrupted=True)
    assert BASELINES not in study.results


def test_a_record_that_fails_at_the_end_is_told(study: OpenStudy) -> None:
    with pytest.raises(TrackingError, match="MLflow: gone"):
        run(without_record(study), is_time_over=True)


def test_a_record_that_fails_at_the_end_hides_not_what_ended_the_run(study: OpenStudy) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(without_record(study), is_interrupted=True)


def test_pictures_are_drawn_only_where_there_is_something_new_on_them(
    tmp_path: Path, mlflow_database: Path
) -> None:
    workspace = make_films(tmp_path / "drawn", mlflow_database)
    pictures = {"plots/best_trials.png", "search/history.png"}

    def drawn() -> set[str]:
        run_id = workspace.study_run("drawn").info.run_id
        return pictures & (
            workspace.artifacts(run_id, "plots") | workspace.artifacts(run_id, "search")
        )

    search(workspace, "drawn", "--trials", "1")
    assert drawn() == pictures
    record = workspace.server.record(workspace.study_run("drawn").info.run_id)
    for picture in pictures:
        record.drop(picture)
    search(workspace, "drawn", "--trials", "1")
    assert drawn() == set()
    search(workspace, "drawn", "--trials", "2")
    assert drawn() == pictures
