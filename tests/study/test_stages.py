import math
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from search.errors import TrackingError
from search.study.ending import Ending
from search.study.session import Session
from search.study.stages.sequence import run_stages
from search.tracking.mlflow_tracker import MlflowTracker
from search.trial.control import Control
from tests.films import write_films
from tests.study.opened import open_study
from tests.study.small import make_films, search
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
def session(workspace: Workspace) -> Session:
    return open_study(workspace, "films")


def run(session: Session, *, is_time_over: bool = False, is_interrupted: bool = False) -> Ending:
    deadline = 0.0 if is_time_over else math.inf
    return run_stages(session, Control(is_interrupted=lambda: is_interrupted, deadline=deadline))


def without_record(session: Session) -> Session:
    return replace(session, tracker=cast(MlflowTracker, Unreachable()))


def test_time_that_is_over_in_the_baseline_ends_the_run_before_any_trial(
    workspace: Workspace, session: Session
) -> None:
    assert run(session, is_time_over=True) is Ending.TIMEOUT
    assert session.stored.baselines == ()
    assert session.trials == []
    assert "leaderboard.json" in workspace.artifacts(session.tracker.study.run_id)


def test_an_interrupt_in_the_baseline_ends_the_run_too(session: Session) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(session, is_time_over=True, is_interrupted=True)
    assert session.stored.baselines == ()


def test_a_record_that_fails_at_the_end_is_raised(session: Session) -> None:
    with pytest.raises(TrackingError, match="MLflow: gone"):
        run(without_record(session), is_time_over=True)


def test_a_record_that_fails_at_the_end_does_not_hide_what_ended_the_run(session: Session) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(without_record(session), is_interrupted=True)


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
