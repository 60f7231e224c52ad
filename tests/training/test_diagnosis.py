import pytest

from search.training.diagnosis import Verdict, diagnose
from search.training.history import EpochReport, History, Objective

PRIOR = 0.5


def history(*losses: tuple[float, float]) -> History:
    """A run from its train and validation loss of each epoch."""
    epochs = tuple(
        EpochReport(
            epoch=epoch,
            fit_loss=5.0,
            train_loss=train,
            val_loss=validation,
            f1_micro=0.0,
            f1_macro=0.0,
            seconds=1.0,
        )
        for epoch, (train, validation) in enumerate(losses, start=1)
    )
    return History(epochs, Objective.VAL_LOSS)


def test_losses_that_fall_together_fit() -> None:
    diagnosis = diagnose(history((0.4, 0.42), (0.3, 0.35), (0.25, 0.3)), prior_loss=PRIOR)
    assert diagnosis.verdict is Verdict.FIT
    assert diagnosis.onset is None
    assert diagnosis.gap == pytest.approx(0.05)


def test_a_train_loss_at_the_prior_is_underfit() -> None:
    # 95 % of 0.5 is 0.475.
    assert diagnose(history((0.48, 0.5)), prior_loss=PRIOR).verdict is Verdict.UNDERFIT
    assert diagnose(history((0.47, 0.5)), prior_loss=PRIOR).verdict is Verdict.FIT


def test_underfit_goes_before_overfit() -> None:
    assert diagnose(history((0.48, 0.9)), prior_loss=PRIOR).verdict is Verdict.UNDERFIT


@pytest.mark.parametrize(
    ("train", "verdict"), [(0.29, Verdict.OVERFIT), (0.31, Verdict.FIT), (0.5, Verdict.FIT)]
)
def test_a_gap_above_a_quarter_of_the_validation_loss_is_overfit(
    train: float, verdict: Verdict
) -> None:
    diagnosis = diagnose(history((train, 0.4)), prior_loss=1.0)
    assert diagnosis.verdict is verdict
    assert diagnosis.gap == pytest.approx(0.4 - train)


def test_the_gap_is_that_of_the_best_epoch() -> None:
    diagnosis = diagnose(history((0.4, 0.45), (0.32, 0.4), (0.1, 0.5)), prior_loss=PRIOR)
    assert diagnosis.gap == pytest.approx(0.08)
    assert diagnosis.verdict is Verdict.FIT


def test_three_rises_in_a_row_while_train_falls_begin_overfitting() -> None:
    rising = history(
        (0.40, 0.41), (0.38, 0.39), (0.37, 0.395), (0.36, 0.40), (0.35, 0.41), (0.34, 0.42)
    )
    diagnosis = diagnose(rising, prior_loss=PRIOR)
    assert diagnosis.onset == 2
    assert diagnosis.verdict is Verdict.OVERFIT
    # At the best epoch the gap is small: the onset alone says so.
    assert diagnosis.gap == pytest.approx(0.01)


@pytest.mark.parametrize(
    "losses",
    [
        # Two rises only.
        [(0.40, 0.41), (0.38, 0.39), (0.37, 0.40), (0.36, 0.41)],
        # The third is level.
        [(0.38, 0.39), (0.37, 0.40), (0.36, 0.41), (0.35, 0.41)],
        # Train rises along: the rate is too high, nothing is learnt by heart.
        [(0.38, 0.39), (0.39, 0.40), (0.40, 0.41), (0.41, 0.42)],
        # Train stands still once.
        [(0.38, 0.39), (0.37, 0.40), (0.37, 0.41), (0.36, 0.42)],
        # A dip between.
        [(0.38, 0.39), (0.37, 0.40), (0.36, 0.41), (0.35, 0.40), (0.34, 0.41), (0.33, 0.42)],
    ],
)
def test_less_than_that_is_no_onset(losses: list[tuple[float, float]]) -> None:
    diagnosis = diagnose(history(*losses), prior_loss=PRIOR)
    assert diagnosis.onset is None
    assert diagnosis.verdict is Verdict.FIT
