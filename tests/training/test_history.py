import pytest

from search.training.history import EpochReport, History, Objective, Taken


def report(epoch: int, val_loss: float, f1_macro: float = 0.5) -> EpochReport:
    return EpochReport(
        epoch=epoch,
        fit_loss=9.0,
        train_loss=8.0,
        val_loss=val_loss,
        train_accuracy=0.9,
        val_accuracy=0.9,
        f1_micro=0.1,
        f1_macro=f1_macro,
        seconds=1.0,
    )


def test_a_lower_loss_and_a_higher_f1_are_better() -> None:
    assert Objective.VAL_LOSS.is_minimized and not Objective.MACRO_F1.is_minimized
    assert Objective.VAL_LOSS.is_better(0.1, 0.2) and not Objective.VAL_LOSS.is_better(0.2, 0.1)
    assert Objective.MACRO_F1.is_better(0.2, 0.1) and not Objective.MACRO_F1.is_better(0.1, 0.2)


def test_the_final_value_is_recorded_by_the_name_of_its_metric() -> None:
    assert (Objective.VAL_LOSS.metric, Objective.MACRO_F1.metric) == ("val_loss", "f1_macro")


@pytest.mark.parametrize("objective", list(Objective))
def test_nothing_is_better_than_an_equal_value(objective: Objective) -> None:
    assert not objective.is_better(0.3, 0.3)


def test_the_objective_chooses_the_number() -> None:
    assert report(1, 0.3, 0.7).value(Objective.VAL_LOSS) == 0.3
    assert report(1, 0.3, 0.7).value(Objective.MACRO_F1) == 0.7


def test_the_best_epoch_is_the_first_that_no_other_beats() -> None:
    epochs = (report(1, 0.4, 0.2), report(2, 0.3, 0.4), report(3, 0.3, 0.6), report(4, 0.5, 0.6))
    assert History(epochs, Objective.VAL_LOSS).best.epoch == 2
    assert History(epochs, Objective.VAL_LOSS).value == 0.3
    assert History(epochs, Objective.MACRO_F1).best.epoch == 3
    assert History(epochs, Objective.MACRO_F1).value == 0.6


def test_one_epoch_is_the_best() -> None:
    assert History((report(1, 0.4),), Objective.VAL_LOSS).best.epoch == 1


def test_the_epoch_that_is_taken_is_the_best_or_the_last() -> None:
    epochs = (report(1, 0.4, 0.7), report(2, 0.3, 0.4), report(3, 0.5, 0.6))
    best, last = (History(epochs, Objective.VAL_LOSS, takes) for takes in Taken)
    assert (best.taken.epoch, best.value) == (2, 0.3)
    assert (last.taken.epoch, last.value) == (3, 0.5)
    assert last.best.epoch == 2
    assert History(epochs, Objective.MACRO_F1, Taken.LAST).value == 0.6


def test_the_best_epoch_is_taken_unless_told_otherwise() -> None:
    epochs = (report(1, 0.3), report(2, 0.4))
    assert History(epochs, Objective.VAL_LOSS).taken.epoch == 1
