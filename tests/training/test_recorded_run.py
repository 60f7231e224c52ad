from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from search.tracking.record import RunStatus
from search.training.recorded_run import RecordedRun, describe_error, ended_on_error
from search.training.result import Train, TrainingResult
from search.trial.control import Control
from search.trial.epoch import EpochReport
from search.trial.events import EpochEnded, Event
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective
from search.trial.proposal import Proposal
from search.trial.state import StopReason, TrialState
from tests.memory_tracker import MemoryRecord, MemoryTracker
from tests.trials import make_report

from .results import make_result

PROPOSAL = Proposal(4, {"cell": "gru", "units_1": 8}, 11)


@dataclass
class Recorded:
    """A run in memory, to be trained in."""

    record: MemoryRecord
    run: RecordedRun
    events: list[Event]

    @property
    def control(self) -> Control:
        return Control(listen=self.events.append)

    @property
    def best_values(self) -> list[float | None]:
        return [event.best_value for event in self.events if isinstance(event, EpochEnded)]


def record(objective: Objective = VAL_LOSS) -> Recorded:
    run = MemoryTracker().trial(4, "#4 gru 8", {})
    return Recorded(run, RecordedRun(run, objective), [])


def train_epochs(
    losses: Sequence[float], stop_reason: StopReason = StopReason.EPOCHS
) -> tuple[Train, list[bool]]:
    """Make a training with these losses, and a list that gets the answers to its epochs."""
    answers: list[bool] = []

    def train(
        proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> TrainingResult | None:
        answers.extend(on_epoch(make_report(n, val_loss=loss)) for n, loss in enumerate(losses, 1))
        return make_result(min(losses), stop_reason=stop_reason)

    return train, answers


def raising(error: BaseException) -> Train:
    """Make a training that raises."""

    def train(
        proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> TrainingResult | None:
        raise error

    return train


def test_each_epoch_is_written_and_the_run_left_open() -> None:
    recorded = record()
    train, answers = train_epochs([0.5, 0.3, 0.4])
    result = recorded.run.train(train, PROPOSAL, recorded.control)
    assert result is not None and result.value == 0.3
    assert answers == [True, True, True]
    assert recorded.record.kept_metrics["epoch/val_loss"] == [(1, 0.5), (2, 0.3), (3, 0.4)]
    assert recorded.record.status is None


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        pytest.param(None, [0.5, 0.3, 0.3], id="no value before"),
        pytest.param(0.4, [0.4, 0.3, 0.3], id="a value that is beaten"),
        pytest.param(0.2, [0.2, 0.2, 0.2], id="a value that is not beaten"),
    ],
)
def test_events_have_the_best_value_of_this_training_and_of_those_before(
    best: float | None, expected: list[float]
) -> None:
    recorded = record()
    train, _ = train_epochs([0.5, 0.3, 0.4])
    recorded.run.train(train, PROPOSAL, recorded.control, best=best)
    assert recorded.best_values == expected
    epochs = [event for event in recorded.events if isinstance(event, EpochEnded)]
    seen = [(event.number, event.report.epoch, event.value) for event in epochs]
    assert seen == [(4, 1, 0.5), (4, 2, 0.3), (4, 3, 0.4)]


def test_whether_to_prune_is_asked_with_the_best_value_of_this_training() -> None:
    recorded = record()
    asked: list[tuple[int, float]] = []

    def is_hopeless(epoch: int, value: float) -> bool:
        asked.append((epoch, value))
        return epoch == 3

    train, answers = train_epochs([0.5, 0.3, 0.4])
    recorded.run.train(train, PROPOSAL, recorded.control, best=0.1, is_hopeless=is_hopeless)
    assert asked == [(1, 0.5), (2, 0.3), (3, 0.3)]
    assert answers == [True, True, False]


def test_a_higher_f1_is_the_better_one() -> None:
    recorded = record(MACRO_F1)
    train, _ = train_epochs([0.5])
    recorded.run.train(train, PROPOSAL, recorded.control, best=0.1)
    assert recorded.best_values == [0.3]


def test_a_training_to_its_end_is_written_and_its_run_left_open() -> None:
    recorded = record()
    train, _ = train_epochs([0.5, 0.3], StopReason.EARLY)
    assert recorded.run.train_to_end(train, PROPOSAL, recorded.control) is not None
    assert recorded.record.kept_metrics["val_loss"] == [(0, 0.3)]
    assert recorded.record.kept_tags["stopped"] == "early stop"
    assert recorded.record.files == {"plots/curve.png": b"a curve"}
    assert recorded.record.status is None


def test_a_training_is_written_with_the_metrics_of_labels_and_further_tags() -> None:
    recorded = record()
    result = make_result(0.5, gap=0.12345, metrics={"parameters": 80.0})
    recorded.run.write(result, {"feasible": "yes"})
    assert recorded.record.kept_metrics == {
        "val_loss": [(0, 0.5)],
        "gap": [(0, 0.12345)],
        "slope": [(0, 0.0)],
        "parameters": [(0, 80.0)],
        "f1/War": [(0, 0.5)],
    }
    assert recorded.record.kept_tags == {
        "trial": 4,
        "feasible": "yes",
        "stopped": "epochs",
        "verdict": "fit",
        "onset": "none",
        "gap": "0.1235",
    }
    assert recorded.record.files == {"plots/curve.png": b"a curve"}
    assert recorded.record.status is None


def test_a_training_that_ran_out_of_time_is_no_training_to_its_end() -> None:
    recorded = record()
    train, _ = train_epochs([0.5], StopReason.TIMEOUT)
    assert recorded.run.train_to_end(train, PROPOSAL, recorded.control) is None
    assert recorded.record.status is RunStatus.KILLED
    assert "val_loss" not in recorded.record.kept_metrics


def test_a_training_without_an_epoch_is_no_training_to_its_end() -> None:
    recorded = record()
    assert recorded.run.train_to_end(lambda *_: None, PROPOSAL, recorded.control) is None
    assert recorded.record.status is RunStatus.KILLED


def test_a_training_that_diverges_has_its_traceback_and_fails() -> None:
    recorded = record()
    error = FloatingPointError("the training loss became nan")
    with pytest.raises(FloatingPointError):
        recorded.run.train_to_end(raising(error), PROPOSAL, recorded.control)
    assert recorded.record.status is RunStatus.FAILED
    assert recorded.record.kept_tags["verdict"] == "diverged"
    assert recorded.record.kept_tags["failure"].endswith("the training loss became nan")
    assert b"FloatingPointError" in recorded.record.files["traceback.txt"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(KeyboardInterrupt(), RunStatus.KILLED, id="interrupt"),
        pytest.param(ValueError("cause"), RunStatus.FAILED, id="error"),
    ],
)
def test_a_run_is_ended_by_the_error_that_leaves_it(
    error: BaseException, status: RunStatus
) -> None:
    recorded = record()
    with pytest.raises(type(error)):
        recorded.run.train_to_end(raising(error), PROPOSAL, recorded.control)
    assert recorded.record.status is status


def test_without_an_error_a_run_stays_open() -> None:
    run = record().record
    with ended_on_error(run):
        pass
    assert run.status is None


def test_network_and_checkpoint_have_a_folder_each() -> None:
    recorded = record()
    result = make_result(0.5)
    recorded.run.keep_network(result)
    recorded.run.keep_checkpoint(result)
    assert recorded.record.files == {
        "model/weights.bin": b"network",
        "checkpoint/weights.bin": b"last epoch",
    }


def test_a_run_ends_with_its_state() -> None:
    recorded = record()
    recorded.run.end(TrialState.PRUNED, RunStatus.KILLED)
    assert recorded.record.kept_tags["state"] == "PRUNED"
    assert recorded.record.status is RunStatus.KILLED


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(ValueError("no such cell\nat all"), "ValueError: no such cell", id="lines"),
        pytest.param(MemoryError(), "MemoryError: no message", id="no message"),
        pytest.param(ValueError(" \n cause"), "ValueError: cause", id="empty first line"),
    ],
)
def test_an_error_is_described_in_one_line(error: Exception, text: str) -> None:
    assert describe_error(error) == text
