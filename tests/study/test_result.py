from pathlib import Path

from search.engines.trials import Proposal
from search.study.result import (
    TrialResult,
    epoch_metrics,
    keep_checkpoint,
    keep_network,
    write_proposal,
    write_result,
)
from search.tracking.memory import MemoryTracker
from search.training.history import StopReason

from .scripted import report

RESULT = TrialResult(
    value=0.5,
    gap=0.1,
    stop_reason=StopReason.EARLY,
    facts={},
    metrics={"val_loss": 0.5},
    tags={"verdict": "fit"},
    files={"plots/curve.png": b"a curve"},
    save=lambda directory: _write(directory, b"network"),
    save_checkpoint=lambda directory: _write(directory, b"last epoch"),
)


def _write(directory: Path, content: bytes) -> None:
    (directory / "weights.bin").write_bytes(content)


def test_network_and_checkpoint_have_a_folder_each() -> None:
    run = MemoryTracker().trial(0, "#0 gru 8", {})
    keep_network(run, RESULT)
    keep_checkpoint(run, RESULT)
    assert run.files == {
        "model/weights.bin": b"network",
        "checkpoint/weights.bin": b"last epoch",
    }


def test_a_plain_proposal_is_told_with_its_seed() -> None:
    run = MemoryTracker().study
    write_proposal(run, Proposal(0, {"cell": "gru"}, 0))
    assert run.kept_params == {"cell": "gru"}
    assert run.kept_tags == {"seed": 0}


def test_what_is_special_of_a_proposal_is_told() -> None:
    run = MemoryTracker().study
    write_proposal(run, Proposal(7, {}, 11, start="small", n_epochs=6, resumes=0))
    assert run.kept_tags == {"seed": 11, "start": "small", "up_to_epoch": 6, "resumes_trial": 0}


def test_a_result_is_written_with_further_tags_and_the_run_left_open() -> None:
    run = MemoryTracker().study
    write_result(run, RESULT, {"state": "COMPLETE"})
    assert run.kept_tags == {"stopped": "early stop", "state": "COMPLETE", "verdict": "fit"}
    assert run.kept_metrics == {"val_loss": [(0, 0.5)]}
    assert run.files == {"plots/curve.png": b"a curve"}
    assert run.status is None


def test_the_numbers_of_an_epoch_are_apart_from_those_of_the_trial() -> None:
    metrics = epoch_metrics(report(3, 0.25))
    assert metrics["epoch/val_loss"] == 0.25
    assert metrics["epoch/train_loss"] == 0.8
    assert all(name.startswith("epoch/") for name in metrics)
