from dataclasses import dataclass
from pathlib import Path

import pytest

from search.errors import TrackingError
from search.tracking.mlflow_studies import StudyRuns, find_runs
from search.tracking.mlflow_tracker import MlflowServer, MlflowTracker
from tests.mlflow_stores import EXPERIMENT, make_server


@dataclass(frozen=True, slots=True)
class Recorded:
    """A study's run, with those of two trials and a baseline below it."""

    run_id: str
    trials: tuple[str, str]
    """The second has kept a network of 1000 bytes."""
    baseline: str


@pytest.fixture(scope="module")
def server(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> MlflowServer:
    return make_server(tmp_path_factory.mktemp("runs"), mlflow_database)


@pytest.fixture(scope="module")
def recorded(server: MlflowServer, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    tracker = open_study(server, "films")
    trials = [tracker.trial(number, f"#{number}", {}) for number in range(2)]
    network = tmp_path_factory.mktemp("network")
    (network / "deep").mkdir()
    (network / "deep" / "weights").write_bytes(b"n" * 900)
    (network / "vocabulary").write_bytes(b"v" * 100)
    trials[1].folder("model", network)
    first, second = (trial.run_id for trial in trials)
    baseline = tracker.beside("baseline", "label priors").run_id
    return Recorded(tracker.study.run_id, (first, second), baseline)


def open_study(server: MlflowServer, name: str) -> MlflowTracker:
    tracker = MlflowTracker(server.client, server.open_run(EXPERIMENT, name), name)
    tracker.study.tags({"study": name, "space_hash": "0" * 8})
    return tracker


@pytest.fixture
def runs(server: MlflowServer) -> StudyRuns:
    return StudyRuns(server)


def test_only_runs_of_studies_have_a_name(runs: StudyRuns, recorded: Recorded) -> None:
    other = runs.server.open_run(EXPERIMENT, "a training")
    assert runs.names() == {recorded.run_id: "films"}
    assert other not in runs.below(recorded.run_id)


def test_below_a_study_is_everything_of_it_and_the_study_last(
    runs: StudyRuns, recorded: Recorded
) -> None:
    below = runs.below(recorded.run_id)
    assert set(below[:-1]) == {*recorded.trials, recorded.baseline}
    assert below[-1] == recorded.run_id


def test_a_run_in_which_mlflow_run_went_on_with_a_study_belongs_to_it(
    runs: StudyRuns, recorded: Recorded
) -> None:
    resumed = runs.server.open_run(EXPERIMENT, "resumed")
    runs.server.record(resumed).tags({"study_run_id": recorded.run_id, "study": "films"})
    assert runs.below(recorded.run_id)[-2:] == [resumed, recorded.run_id]
    assert runs.names() == {recorded.run_id: "films"}
    runs.delete(resumed)


def test_the_size_of_a_folder_is_that_of_all_files_in_it(
    runs: StudyRuns, recorded: Recorded
) -> None:
    assert runs.size(recorded.trials[1], "model") == 1000
    assert runs.size(recorded.trials[0], "model") == 0


def test_a_deleted_run_is_in_no_list_and_can_be_restored(runs: StudyRuns) -> None:
    tracker = open_study(runs.server, "reviews")
    study_run_id = tracker.study.run_id
    trial = tracker.trial(0, "#0", {}).run_id
    runs.delete(trial)
    assert runs.below(study_run_id) == [study_run_id]
    runs.delete(study_run_id)
    assert runs.below(study_run_id) == []
    assert study_run_id not in runs.names()
    runs.server.client.restore_run(trial)
    assert runs.below(study_run_id) == [trial]


def test_runs_of_more_than_one_page_are_all_found(server: MlflowServer, recorded: Recorded) -> None:
    assert len(StudyRuns(server, page_size=2).below(recorded.run_id)) == 4


def test_a_run_that_is_not_there_cannot_be_deleted(runs: StudyRuns) -> None:
    with pytest.raises(TrackingError, match="delete a run"):
        runs.delete("0" * 32)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert find_runs(f"sqlite:///{tmp_path / 'mlflow.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_without_an_address_the_store_of_the_environment_is_opened(
    server: MlflowServer, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    found = find_runs(None)
    assert found is not None
    assert recorded.run_id in found.names()


def test_a_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    with pytest.raises(TrackingError, match=r"reach http://127\.0\.0\.1:9"):
        find_runs("http://127.0.0.1:9")
