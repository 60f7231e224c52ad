from pathlib import Path

import pytest

from search.errors import TrackingError
from search.tracking.mlflow_studies import StudyRuns, find_runs
from search.tracking.mlflow_tracker import MlflowTracker
from tests.studies import Planted, plant_study
from tests.workspace import Workspace, make_workspace


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("runs"), mlflow_database)


@pytest.fixture(scope="module")
def planted(workspace: Workspace) -> Planted:
    return plant_study(workspace)


@pytest.fixture
def runs(workspace: Workspace) -> StudyRuns:
    return StudyRuns(workspace.server)


def test_runs_of_studies_are_told_from_all_others(runs: StudyRuns, planted: Planted) -> None:
    other = runs.server.open_run("films", "a training")
    assert runs.names() == {planted.study_run_id: "films"}
    assert other not in runs.below(planted.study_run_id)


def test_below_a_study_is_everything_of_it_and_the_study_last(
    runs: StudyRuns, planted: Planted
) -> None:
    below = runs.below(planted.study_run_id)
    assert set(below[:-1]) == set(planted.runs.values())
    assert below[-1] == planted.study_run_id


def test_a_run_of_mlflow_run_that_went_on_with_a_study_is_of_it(
    runs: StudyRuns, planted: Planted
) -> None:
    resumed = runs.server.open_run("films", "resumed")
    runs.server.record(resumed).tags({"study_run_id": planted.study_run_id, "study": "films"})
    assert runs.below(planted.study_run_id)[-2:] == [resumed, planted.study_run_id]
    assert runs.names() == {planted.study_run_id: "films"}
    runs.delete(resumed)


def test_the_size_of_a_folder_is_that_of_all_files_in_it(runs: StudyRuns, planted: Planted) -> None:
    assert runs.size(planted.runs["trial 1"], "model") == 1000
    assert runs.size(planted.runs["trial 0"], "model") == 0


def test_a_deleted_run_is_in_no_list_and_can_be_restored(
    runs: StudyRuns, workspace: Workspace
) -> None:
    study_run_id = workspace.server.open_run("films", "reviews")
    tracker = MlflowTracker(workspace.client, study_run_id, "reviews")
    tracker.study.tags({"study": "reviews", "space_hash": "0"})
    trial = tracker.trial(0, "#0", {}).run_id
    runs.delete(trial)
    assert runs.below(study_run_id) == [study_run_id]
    runs.delete(study_run_id)
    assert runs.below(study_run_id) == []
    assert study_run_id not in runs.names()
    workspace.client.restore_run(trial)
    assert runs.below(study_run_id) == [trial]


def test_runs_of_more_than_one_page_are_all_found(workspace: Workspace, planted: Planted) -> None:
    assert len(StudyRuns(workspace.server, page_size=2).below(planted.study_run_id)) == 7


def test_a_run_that_is_not_there_cannot_be_deleted(runs: StudyRuns) -> None:
    with pytest.raises(TrackingError, match="could not delete a run"):
        runs.delete("0" * 32)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert find_runs(f"sqlite:///{tmp_path / 'mlflow.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_without_an_address_the_store_of_the_environment_is_opened(
    workspace: Workspace, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", workspace.tracking_uri)
    found = find_runs(None)
    assert found is not None
    assert planted.study_run_id in found.names()


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    with pytest.raises(TrackingError, match=r"could not reach http://127\.0\.0\.1:9"):
        find_runs("http://127.0.0.1:9")
