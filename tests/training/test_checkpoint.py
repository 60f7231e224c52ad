from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow

from search.space.hyperparameters import Hyperparameters
from search.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from search.training.fit import Plan, Trainer
from search.training.result import Outcome
from search.trial.control import Control
from search.trial.epoch import EpochReport
from search.trial.objective import VAL_LOSS
from search.trial.state import StopReason
from search.trial.weights import Weights
from tests.training.tiny import VALUES, tiny_data

DATA = tiny_data()
REVERSED = tiny_data(reversed_validation=True)
REPORT = EpochReport(1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
CHECKPOINT = Checkpoint(
    reports=(REPORT,),
    variables=(np.array([[1.0, 2.0]], np.float32), np.array([3, 4], np.uint32)),
    optimizer=(np.array(7, np.int64),),
    used=(np.array([[0.5, 0.25]], np.float32),),
    probabilities=np.array([[0.1, 0.9]], np.float32),
    order='{"state": 340282366920938463463374607431768211455}',
)


@pytest.fixture(autouse=True)
def uncompiled() -> Iterator[None]:
    """Run TensorFlow's functions eagerly: compiling one takes longer than these trainings."""
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


def trainer(*, seed: int = 1, data: Any = DATA, **changes: Any) -> Trainer:
    return Trainer(Hyperparameters.from_values({**VALUES, **changes}), data, seed=seed)


def fitted(trained: Trainer, n_epochs: int, **changes: Any) -> Outcome:
    outcome = trained.fit(Plan(VAL_LOSS, n_epochs, **changes), lambda report: True)
    assert outcome is not None
    return outcome


def losses(outcome: Outcome) -> list[tuple[float, float, float]]:
    return [(r.fit_loss, r.train_loss, r.val_loss) for r in outcome.history.epochs]


def test_a_checkpoint_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_checkpoint(CHECKPOINT, tmp_path)
    read = read_checkpoint(tmp_path)
    assert read is not None
    assert (read.reports, read.order) == (CHECKPOINT.reports, CHECKPOINT.order)
    for name in ("variables", "optimizer", "used"):
        pairs = zip(getattr(read, name), getattr(CHECKPOINT, name), strict=True)
        assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)
    assert np.array_equal(read.probabilities, CHECKPOINT.probabilities)


def test_more_than_ten_arrays_keep_their_order(tmp_path: Path) -> None:
    variables = tuple(np.array([i], np.float32) for i in range(12))
    parts = {name: getattr(CHECKPOINT, name) for name in CHECKPOINT.__slots__}
    write_checkpoint(Checkpoint(**parts | {"variables": variables}), tmp_path)
    read = read_checkpoint(tmp_path)
    assert read is not None
    assert [int(array[0]) for array in read.variables] == list(range(12))


def test_only_the_file_is_left_behind(tmp_path: Path) -> None:
    for _ in range(2):
        write_checkpoint(CHECKPOINT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.npz"]


def test_a_folder_without_a_checkpoint_gives_none(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path) is None
    assert read_checkpoint(tmp_path / "missing") is None


def test_a_damaged_checkpoint_gives_none(tmp_path: Path) -> None:
    write_checkpoint(CHECKPOINT, tmp_path)
    path = tmp_path / "checkpoint.npz"
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(b"NUMPY") + 130] ^= 1
    for content in (b"", b"no archive", whole[:-200], whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(content)
        assert read_checkpoint(tmp_path) is None


def test_a_checkpoint_with_parts_missing_or_of_other_forms_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    np.savez(path, reports=np.zeros((1, 9)))
    assert read_checkpoint(tmp_path) is None
    rest: dict[str, Any] = {"probabilities": np.zeros((1, 2)), "order": np.array("{}")}
    np.savez(path, reports=np.zeros((1, 4)), **rest)
    assert read_checkpoint(tmp_path) is None
    # Its first epoch is the second.
    np.savez(path, reports=np.full((1, 9), 2.0), **rest)
    assert read_checkpoint(tmp_path) is None


def test_a_pickle_is_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "checkpoint.npz", reports=np.array([{"a": 1}], dtype=object))
    assert read_checkpoint(tmp_path) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"optimizer": "sgd", "momentum": 0.9, "batch_size": 60}, id="sgd with momentum"
        ),
        pytest.param(
            {"optimizer": "adam", "dropout": 0.5, "word_dropout": 0.3, "recurrent_dropout": 0.2},
            id="adam with dropout",
        ),
    ],
)
def test_two_epochs_and_two_more_are_four(changes: dict[str, Any], tmp_path: Path) -> None:
    # Order of the texts and dropout go on too, so the second seed does not matter.
    whole = trainer(**changes)
    expected = fitted(whole, 4)
    first = trainer(**changes)
    fitted(first, 2)
    first.save_checkpoint(tmp_path)
    second = trainer(seed=99, **changes)
    assert second.resume(tmp_path)
    outcome = fitted(second, 4)
    assert losses(outcome) == [pytest.approx(row, rel=1e-6) for row in losses(expected)]
    assert outcome.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    assert outcome.history.best.epoch == expected.history.best.epoch


def test_only_the_epochs_after_the_checkpoint_are_trained(tmp_path: Path) -> None:
    first = trainer()
    fitted(first, 2)
    first.save_checkpoint(tmp_path)
    second = trainer()
    assert second.resume(tmp_path)
    seen: list[int] = []

    def collect(report: EpochReport) -> bool:
        seen.append(report.epoch)
        return True

    outcome = second.fit(Plan(VAL_LOSS, 3), collect)
    assert outcome is not None
    assert seen == [3]
    assert [report.epoch for report in outcome.history.epochs] == [1, 2, 3]


def test_the_best_epoch_may_lie_before_the_checkpoint(tmp_path: Path) -> None:
    # Validation has every label the wrong way round, so the first epoch is the best.
    first = trainer(data=REVERSED)
    early = fitted(first, 2)
    first.save_checkpoint(tmp_path)
    second = trainer(data=REVERSED, seed=5)
    assert second.resume(tmp_path)
    outcome = fitted(second, 9)
    assert outcome.history.best.epoch == 1
    assert outcome.history.value == early.history.value
    assert np.array_equal(outcome.probabilities, early.probabilities)
    assert outcome.stop_reason is StopReason.EARLY
    assert [report.epoch for report in outcome.history.epochs] == [1, 2, 3, 4]


def test_the_last_epoch_and_not_the_best_is_gone_on_from(tmp_path: Path) -> None:
    whole = fitted(trainer(data=REVERSED), 4, weights=Weights.LAST)
    first = trainer(data=REVERSED)
    fitted(first, 2)
    first.save_checkpoint(tmp_path)
    second = trainer(data=REVERSED)
    assert second.resume(tmp_path)
    outcome = fitted(second, 4, weights=Weights.LAST)
    assert losses(outcome) == [pytest.approx(row, rel=1e-6) for row in losses(whole)]


# An epoch asks before 3 batches of train, 1 of validation and 1 of the sample.
@pytest.mark.parametrize("n_before", [7, 8, 9])
def test_an_epoch_cut_off_in_training_or_evaluation_does_not_count(
    n_before: int, tmp_path: Path
) -> None:
    whole = fitted(trainer(), 2)
    first = trainer()
    batches = iter(range(99))
    control = Control(is_interrupted=lambda: next(batches) == n_before)
    outcome = first.fit(Plan(VAL_LOSS, 9, control), lambda report: True)
    assert outcome is not None and outcome.stop_reason is StopReason.TIMEOUT
    assert len(outcome.history.epochs) == 1
    first.save_checkpoint(tmp_path)
    second = trainer()
    assert second.resume(tmp_path)
    assert losses(fitted(second, 2)) == [pytest.approx(row, rel=1e-6) for row in losses(whole)]


def test_time_over_before_the_first_new_epoch_leaves_nothing(tmp_path: Path) -> None:
    first = trainer()
    fitted(first, 1)
    first.save_checkpoint(tmp_path)
    second = trainer()
    assert second.resume(tmp_path)
    plan = Plan(VAL_LOSS, 2, Control(deadline=0.0))
    assert second.fit(plan, lambda report: True) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"units_1": 5}, id="units"),
        pytest.param({"optimizer": "sgd"}, id="optimizer"),
        pytest.param({"embedding_size": 3}, id="embedding size"),
        pytest.param({"recurrent_layers": 2}, id="layers"),
    ],
)
def test_a_checkpoint_of_another_network_changes_nothing(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    first = trainer(**changes)
    fitted(first, 1)
    first.save_checkpoint(tmp_path)
    second = trainer()
    assert not second.resume(tmp_path)
    assert losses(fitted(second, 1)) == [
        pytest.approx(row, rel=1e-6) for row in losses(fitted(trainer(), 1))
    ]


def test_a_checkpoint_of_other_data_is_not_gone_on_from(tmp_path: Path) -> None:
    write_checkpoint(CHECKPOINT, tmp_path)
    assert not trainer().resume(tmp_path)


def test_a_checkpoint_of_all_epochs_leaves_nothing_to_train(tmp_path: Path) -> None:
    first = trainer()
    fitted(first, 2)
    first.save_checkpoint(tmp_path)
    second = trainer()
    assert second.resume(tmp_path)
    with pytest.raises(ValueError, match=r"epochs.*checkpoint.*2"):
        fitted(second, 2)


def test_before_an_epoch_there_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"epoch.*checkpoint"):
        trainer().save_checkpoint(tmp_path)
