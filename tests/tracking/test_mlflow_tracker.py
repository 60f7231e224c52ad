import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from search.errors import TrackingError
from search.tracking.mlflow_tracker import MlflowServer, MlflowTracker, adopted_run_id
from search.tracking.record import RunStatus
from search.trial.process import Process
from tests.mlflow_stores import make_server


@pytest.fixture(scope="module")
def server(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> MlflowServer:
    return make_server(tmp_path_factory.mktemp("store"), mlflow_database)


@pytest.fixture
def tracker(server: MlflowServer) -> MlflowTracker:
    run_id = server.open_run("films", "study-of-films")
    return MlflowTracker(server.client, run_id, "study-of-films")


def test_a_trial_is_a_child_run_of_the_study(tracker: MlflowTracker, server: MlflowServer) -> None:
    run = server.client.get_run(tracker.trial(0, "#0 gru 8", {}).run_id)
    assert run.info.run_name == "#0 gru 8"
    assert run.info.status == "RUNNING"
    assert run.data.tags["mlflow.parentRunId"] == tracker.study.run_id
    assert run.data.tags["study"] == "study-of-films"
    assert run.data.tags["trial"] == "0"
    assert run.info.experiment_id == server.experiment("films")


def test_a_baseline_is_a_child_run_without_a_number(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    tags = server.client.get_run(tracker.beside("baseline", "label priors").run_id).data.tags
    assert (tags["kind"], tags["mlflow.parentRunId"]) == ("baseline", tracker.study.run_id)
    assert "trial" not in tags


def test_params_tags_and_metrics_arrive(tracker: MlflowTracker, server: MlflowServer) -> None:
    record = tracker.trial(0, "#0", {})
    record.params({"cell": "gru", "dropout": 0.25, "bidirectional": True})
    record.tags({"state": "RUNNING"})
    record.tags({"state": "COMPLETE", "target": None})
    record.metrics({"val_loss": 0.5, "f1/Sci-Fi _ Fantasy": 0.25}, step=1)
    record.metrics({"val_loss": 0.25}, step=2)
    data = server.client.get_run(record.run_id).data
    assert data.params == {"cell": "gru", "dropout": "0.25", "bidirectional": "True"}
    assert data.tags["state"] == "COMPLETE"
    assert data.metrics == {"val_loss": 0.25, "f1/Sci-Fi _ Fantasy": 0.25}
    history = server.client.get_metric_history(record.run_id, "val_loss")
    assert [(entry.step, entry.value) for entry in history] == [(1, 0.5), (2, 0.25)]


def test_more_entries_than_a_batch_takes_all_arrive(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    record = tracker.trial(0, "#0", {})
    record.params({f"p{i}": i for i in range(101)})
    record.metrics({f"m{i}": i for i in range(1001)})
    data = server.client.get_run(record.run_id).data
    assert (len(data.params), len(data.metrics)) == (101, 1001)


def test_a_metric_that_is_no_finite_number_is_left_out(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    record = tracker.trial(0, "#0", {})
    record.metrics({"a": float("nan"), "b": float("inf"), "c": 1.0})
    assert server.client.get_run(record.run_id).data.metrics == {"c": 1.0}


def test_a_tag_that_is_too_long_for_mlflow_is_cut(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    record = tracker.trial(0, "#0", {"of the start": "s" * 9000})
    record.tags({"failure": "x" * 9000})
    tags = server.client.get_run(record.run_id).data.tags
    assert tags["failure"] == "x" * 4999 + "…"
    assert tags["of the start"] == "s" * 4999 + "…"


def test_a_param_that_is_too_long_for_mlflow_is_cut(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    record = tracker.trial(0, "#0", {})
    record.params({"p": "x" * 9000})
    assert server.client.get_run(record.run_id).data.params["p"] == "x" * 5999 + "…"


def test_files_and_folders_arrive_as_artifacts(tracker: MlflowTracker, tmp_path: Path) -> None:
    (tmp_path / "model" / "deep").mkdir(parents=True)
    (tmp_path / "model" / "deep" / "b.txt").write_bytes(b"b")
    record = tracker.study
    record.file("plots/curves.png", b"png")
    record.file("labels.csv", "ä".encode())
    record.folder("model", tmp_path / "model")
    assert record.download("plots/curves.png", tmp_path).read_bytes() == b"png"
    assert record.download("labels.csv", tmp_path).read_text(encoding="utf-8") == "ä"
    assert (record.download("model", tmp_path / "deep") / "deep" / "b.txt").read_bytes() == b"b"


def test_drop_deletes_the_artifact_itself(
    tracker: MlflowTracker, server: MlflowServer, tmp_path: Path
) -> None:
    (tmp_path / "weights").write_bytes(b"w")
    record = tracker.study
    record.folder("model", tmp_path)
    record.file("stays.txt", b"")
    root = Path(server.client.get_run(record.run_id).info.artifact_uri)
    assert (root / "model" / "weights").exists()
    record.drop("model")
    assert not (root / "model").exists()
    assert [file.path for file in server.client.list_artifacts(record.run_id)] == ["stays.txt"]


def test_reading_an_artifact_that_is_not_there_is_an_error(
    tracker: MlflowTracker, tmp_path: Path
) -> None:
    with pytest.raises(TrackingError, match=r"artifact model"):
        tracker.study.download("model", tmp_path)


def test_the_description_is_the_note_that_mlflow_shows(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    tracker.study.describe("## films\n\n| a |")
    tags = server.client.get_run(tracker.study.run_id).data.tags
    assert tags["mlflow.note.content"] == "## films\n\n| a |"


@pytest.mark.parametrize("status", list(RunStatus))
def test_a_run_ends_with_the_given_status(
    tracker: MlflowTracker, server: MlflowServer, status: RunStatus
) -> None:
    record = tracker.trial(0, "#0", {})
    record.end(status)
    assert server.client.get_run(record.run_id).info.status == status.value


def test_running_lists_the_open_runs_below_this_study_with_the_processes_that_opened_them(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    trial, ended = tracker.trial(0, "#0", {}), tracker.trial(1, "#1", {})
    baseline = tracker.beside("baseline", "label priors")
    ended.end(RunStatus.FINISHED)
    other = MlflowTracker(server.client, server.open_run("films", "other"), "other")
    other.trial(0, "#0", {})
    here = Process.current()
    assert tracker.running() == {trial.run_id: here, baseline.run_id: here}


def test_a_run_below_the_study_that_names_no_process_was_opened_by_an_unknown_one(
    tracker: MlflowTracker, server: MlflowServer
) -> None:
    parent = {"mlflow.parentRunId": tracker.study.run_id}
    run = server.client.create_run(server.experiment("films"), tags=parent)
    garbled = server.client.create_run(
        server.experiment("films"), tags=parent | {"process": "no process"}
    )
    assert tracker.running() == {run.info.run_id: None, garbled.info.run_id: None}


def test_a_run_taken_up_again_is_written_on(tracker: MlflowTracker, server: MlflowServer) -> None:
    run_id = tracker.trial(0, "#0", {}).run_id
    tracker.reopen(run_id).tags({"state": "FAIL"})
    assert server.client.get_run(run_id).data.tags["state"] == "FAIL"


def test_a_study_run_that_is_not_there_is_an_error(server: MlflowServer) -> None:
    with pytest.raises(TrackingError, match="study's run"):
        MlflowTracker(server.client, "0" * 32, "films")


def test_an_experiment_is_made_once(server: MlflowServer) -> None:
    assert server.experiment("films") == server.experiment("films")
    assert server.client.get_experiment(server.experiment("films")).name == "films"


def test_a_deleted_experiment_is_an_error_that_says_what_to_do(server: MlflowServer) -> None:
    server.client.delete_experiment(server.experiment("gone"))
    with pytest.raises(TrackingError, match=r"experiment gone.*deleted") as error:
        server.experiment("gone")
    assert "`experiment`" in error.value.hint


def test_a_run_that_ended_runs_again_under_its_new_name(server: MlflowServer) -> None:
    run_id = server.open_run("films", "first")
    server.record(run_id).end(RunStatus.KILLED)
    server.restart(run_id, "second")
    info = server.client.get_run(run_id).info
    assert (info.status, info.run_name) == ("RUNNING", "second")


def test_a_deleted_run_has_no_experiment(server: MlflowServer) -> None:
    run_id = server.open_run("films", "first")
    assert server.find_experiment(run_id) == server.experiment("films")
    server.client.delete_run(run_id)
    assert server.find_experiment(run_id) is None
    assert server.find_experiment("0" * 32) is None


def test_without_an_address_the_one_of_the_environment_is_taken(
    server: MlflowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
    assert MlflowServer(None).uri == server.uri


def test_the_run_of_mlflow_run_is_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_RUN_ID", raising=False)
    assert adopted_run_id() is None
    monkeypatch.setenv("MLFLOW_RUN_ID", "abc")
    assert adopted_run_id() == "abc"


def test_a_server_that_does_not_answer_is_an_error_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    with pytest.raises(TrackingError, match=r"reach http://127\.0\.0\.1:9") as error:
        MlflowServer("http://127.0.0.1:9").experiment("films")
    assert "`tracking_uri`" in error.value.hint
    assert "\n" not in error.value.message


@pytest.mark.parametrize("uri", ["ftp://example.org", "films"])
def test_an_address_that_can_hold_no_study_is_an_error(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrackingError, match="could not"):
        MlflowServer(uri).experiment("films")


@pytest.fixture(scope="module")
def served(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real MLflow server over HTTP that serves artifacts, on a free port of this machine."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(mlflow_database, folder / "mlflow.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port]
    command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    environment = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    log = folder / "server.log"
    with log.open("w") as lines:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=lines, stderr=lines, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        # Its own session: the server's workers go with it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the MLflow server did not start: {log.read_text()}")


def test_a_server_over_http_takes_a_run_with_artifacts_and_drops_one(
    served: str, tmp_path: Path
) -> None:
    server = MlflowServer(served)
    study_run_id = server.open_run("films", "films")
    record = MlflowTracker(server.client, study_run_id, "films").trial(0, "#0", {})
    (tmp_path / "weights").write_bytes(b"w")
    record.params({"cell": "gru"})
    record.metrics({"val_loss": 0.5}, step=1)
    record.file("plots/curves.png", b"png")
    record.folder("model", tmp_path)
    record.end(RunStatus.FINISHED)
    run = MlflowClient(served).get_run(record.run_id)
    assert run.info.status == "FINISHED"
    assert (run.data.params, run.data.metrics) == ({"cell": "gru"}, {"val_loss": 0.5})
    assert (record.download("model", tmp_path / "there") / "weights").read_bytes() == b"w"
    record.drop("model")
    assert [file.path for file in server.client.list_artifacts(record.run_id)] == ["plots"]
