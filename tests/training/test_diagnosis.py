from collections.abc import Sequence

import numpy as np
import pytest

from search.training.diagnosis import diagnose as diagnose_outcome
from search.training.result import History, Outcome
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import EpochReport
from search.trial.objective import VAL_LOSS
from search.trial.state import StopReason

PRIOR = 0.5


def diagnose(
    history: History,
    *,
    prior_loss: float = PRIOR,
    prior_fit_loss: float = 5.0,
    start_fit_loss: float = 0.0,
) -> Diagnosis:
    predicted = np.empty((0, 1), np.float32)
    outcome = Outcome(history, StopReason.EPOCHS, predicted, prior_fit_loss, start_fit_loss)
    return diagnose_outcome(outcome, prior_loss=prior_loss)


def history(*losses: tuple[float, float], fit: Sequence[float] = ()) -> History:
    """A run from its train and validation loss of each epoch, and the loss that was minimised."""
    epochs = tuple(
        EpochReport(
            epoch=epoch,
            fit_loss=fit[epoch - 1] if fit else 5.0,
            train_loss=train,
            val_loss=validation,
            train_accuracy=0.9,
            val_accuracy=0.9,
            f1_micro=0.0,
            f1_macro=0.0,
            seconds=1.0,
        )
        for epoch, (train, validation) in enumerate(losses, start=1)
    )
    return History(epochs, VAL_LOSS)


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


@pytest.mark.parametrize("best_epoch", [1, 2, 5])
def test_the_third_rise_may_be_in_the_last_epoch(best_epoch: int) -> None:
    # As early stopping with a patience of three leaves a run: it ends with the third rise.
    n_epochs = best_epoch + 3
    losses = [
        (0.40 - 0.01 * epoch, 0.40 + 0.01 * abs(epoch - best_epoch))
        for epoch in range(1, n_epochs + 1)
    ]
    diagnosis = diagnose(history(*losses), prior_loss=PRIOR)
    assert diagnosis.onset == best_epoch
    assert diagnosis.verdict is Verdict.OVERFIT


@pytest.mark.parametrize(
    "losses",
    [
        pytest.param([(0.40, 0.41), (0.38, 0.39), (0.37, 0.40), (0.36, 0.41)], id="two rises only"),
        pytest.param(
            [(0.38, 0.39), (0.37, 0.40), (0.36, 0.41), (0.35, 0.41)], id="the third is level"
        ),
        pytest.param(
            [(0.38, 0.39), (0.39, 0.40), (0.40, 0.41), (0.41, 0.42)],
            id="train rises too",
        ),
        pytest.param(
            [(0.38, 0.39), (0.37, 0.40), (0.37, 0.41), (0.36, 0.42)], id="train is level once"
        ),
        pytest.param(
            [(0.38, 0.39), (0.37, 0.40), (0.36, 0.41), (0.35, 0.40), (0.34, 0.41), (0.33, 0.42)],
            id="a fall in between",
        ),
    ],
)
def test_less_than_that_is_no_onset(losses: list[tuple[float, float]]) -> None:
    diagnosis = diagnose(history(*losses), prior_loss=PRIOR)
    assert diagnosis.onset is None
    assert diagnosis.verdict is Verdict.FIT


def test_learning_by_either_loss_is_no_underfit() -> None:
    # A loss that is no likelihood: its cross-entropy stays above the priors'.
    focal = history((0.6, 0.6), (0.55, 0.59), fit=[0.2, 0.1])
    assert diagnose(focal, prior_fit_loss=0.2).verdict is Verdict.FIT
    assert diagnose(focal, prior_fit_loss=0.1).verdict is Verdict.UNDERFIT


@pytest.mark.parametrize(
    ("fit", "diverged"),
    [
        pytest.param([0.4, 0.3, 0.2], False, id="falls"),
        # A tenth above the lowest epoch is 0.22.
        pytest.param([0.4, 0.2, 0.21], False, id="rises by less than a tenth"),
        pytest.param([0.4, 0.2, 0.23], True, id="rises by more than a tenth"),
        # Half as much again as the priors' 0.5 is 0.75.
        pytest.param([0.9, 0.8, 0.74], False, id="ends below 1.5 times the priors"),
        pytest.param([0.9, 0.8, 0.76], True, id="ends above 1.5 times the priors"),
    ],
)
def test_a_minimised_loss_that_rises_or_stays_far_above_the_priors_diverged(
    fit: list[float], diverged: bool
) -> None:
    run = history((0.4, 0.42), (0.3, 0.35), (0.25, 0.3), fit=fit)
    verdict = diagnose(run, prior_fit_loss=0.5).verdict
    assert (verdict is Verdict.DIVERGED) is diverged


def test_a_network_on_its_way_down_from_a_start_far_above_the_priors_has_not_diverged() -> None:
    # From even chances, ln 2, at labels whose priors give 0.15.
    run = history((0.65, 0.65), (0.6, 0.6), (0.55, 0.55), fit=[0.67, 0.62, 0.58])
    slow = diagnose(run, prior_loss=0.15, prior_fit_loss=0.15, start_fit_loss=0.69)
    assert slow.verdict is Verdict.UNDERFIT
    gone = diagnose(run, prior_loss=0.15, prior_fit_loss=0.15, start_fit_loss=0.15)
    assert gone.verdict is Verdict.DIVERGED


def test_a_wobble_of_a_minimised_loss_near_zero_is_no_divergence() -> None:
    # Half as much again, but by 0.005 only; a twentieth of the priors' 0.7 is 0.035.
    wobble, rise = [0.5, 0.1, 0.010, 0.0150], [0.5, 0.1, 0.010, 0.0460]
    losses = [(0.4, 0.42), (0.3, 0.35), (0.25, 0.3), (0.25, 0.3)]
    assert diagnose(history(*losses, fit=wobble), prior_fit_loss=0.7).verdict is Verdict.FIT
    assert diagnose(history(*losses, fit=rise), prior_fit_loss=0.7).verdict is Verdict.DIVERGED


def test_the_slope_is_that_of_a_line_through_the_last_four_epochs() -> None:
    # By hand for 0.5, 0.4, 0.4, 0.3 at -1.5 to 1.5: (-0.75 - 0.2 + 0.2 + 0.45) / 5.
    run = history((0.4, 0.9), (0.4, 0.5), (0.3, 0.4), (0.3, 0.4), (0.2, 0.3))
    assert diagnose(run).slope == pytest.approx(-0.06)
    assert diagnose(history((0.4, 0.42))).slope == 0.0


def test_the_first_two_epochs_may_be_far_above_the_priors() -> None:
    run = history((0.4, 0.42), (0.3, 0.35), fit=[2.4, 0.76])
    assert diagnose(run, prior_fit_loss=0.5).verdict is Verdict.FIT
