from search.training.result import History
from search.trial.epoch import EpochReport
from search.trial.objective import MACRO_F1, VAL_LOSS
from search.trial.weights import Weights
from tests.trials import make_report


def report(epoch: int, val_loss: float, f1_macro: float = 0.5) -> EpochReport:
    return make_report(epoch, val_loss=val_loss, f1_macro=f1_macro)


def test_the_best_epoch_is_the_first_that_no_other_beats() -> None:
    epochs = (report(1, 0.4, 0.2), report(2, 0.3, 0.4), report(3, 0.3, 0.6), report(4, 0.5, 0.6))
    assert History(epochs, VAL_LOSS).best.epoch == 2
    assert History(epochs, VAL_LOSS).value == 0.3
    assert History(epochs, MACRO_F1).best.epoch == 3
    assert History(epochs, MACRO_F1).value == 0.6


def test_one_epoch_is_the_best() -> None:
    assert History((report(1, 0.4),), VAL_LOSS).best.epoch == 1


def test_the_weights_are_those_of_the_best_epoch_or_of_the_last() -> None:
    epochs = (report(1, 0.4, 0.7), report(2, 0.3, 0.4), report(3, 0.5, 0.6))
    best, last = (History(epochs, VAL_LOSS, weights) for weights in Weights)
    assert (best.used.epoch, best.value) == (2, 0.3)
    assert (last.used.epoch, last.value) == (3, 0.5)
    assert last.best.epoch == 2
    assert History(epochs, MACRO_F1, Weights.LAST).value == 0.6


def test_by_default_the_weights_are_those_of_the_best_epoch() -> None:
    epochs = (report(1, 0.3), report(2, 0.4))
    assert History(epochs, VAL_LOSS).used.epoch == 1
