from pathlib import Path

from search.tracking.record import RunStatus
from tests.memory_tracker import MemoryTracker


def test_a_trial_keeps_everything_that_is_recorded() -> None:
    record = MemoryTracker().trial(0, "#0 gru 8", {})
    record.params({"cell": "gru"})
    record.tags({"state": "COMPLETE"})
    record.metrics({"val_loss": 0.5}, step=1)
    record.metrics({"val_loss": 0.4}, step=2)
    record.file("plots/a.png", b"png")
    record.describe("# words")
    record.end(RunStatus.FINISHED)
    assert record.kept_params == {"cell": "gru"}
    assert record.kept_tags == {"trial": 0, "state": "COMPLETE"}
    assert record.kept_metrics == {"val_loss": [(1, 0.5), (2, 0.4)]}
    assert record.files == {"plots/a.png": b"png"}
    assert (record.description, record.status) == ("# words", RunStatus.FINISHED)


def test_a_metric_that_is_no_finite_number_is_left_out() -> None:
    record = MemoryTracker().study
    record.metrics({"a": float("nan"), "b": float("inf"), "c": 1.0})
    assert record.kept_metrics == {"c": [(0, 1.0)]}


def test_a_folder_is_kept_with_its_subfolders_and_dropped_whole(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.txt").write_bytes(b"b")
    (tmp_path / "a.txt").write_bytes(b"a")
    record = MemoryTracker().study
    record.folder("model", tmp_path)
    record.file("model.txt", b"stays")
    assert record.files["model/deep/b.txt"] == b"b"
    record.drop("model")
    assert record.files == {"model.txt": b"stays"}


def test_a_run_is_found_again_by_its_id() -> None:
    tracker = MemoryTracker()
    first, second = tracker.trial(0, "#0", {}), tracker.trial(1, "#1", {})
    assert first.run_id != second.run_id
    baseline = tracker.beside("baseline", "label priors")
    assert tracker.reopen(second.run_id) is second
    assert tracker.reopen(baseline.run_id) is baseline


def test_a_baseline_has_a_run_of_its_own_kind() -> None:
    tracker = MemoryTracker()
    assert tracker.beside("baseline", "label priors").kept_tags == {"kind": "baseline"}
    assert tracker.trials == []
