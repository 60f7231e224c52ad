from dataclasses import replace
from datetime import UTC, datetime

import pytest

from search.metrics.comparison import Comparison
from search.trial.diagnosis import Verdict
from search.trial.epoch import Curves
from search.trial.state import StopReason, TrialState
from search.trial.trial import Origin, Trial
from tests.trials import make_training, make_trial

COMPLETE, PRUNED = TrialState.COMPLETE, TrialState.PRUNED
FAIL, RUNNING = TrialState.FAIL, TrialState.RUNNING
COMPARISON = Comparison(-0.01, -0.02, 0.0, 0.9)


@pytest.mark.parametrize(
    ("trial", "counts", "can_win"),
    [
        pytest.param(make_trial(0, 0.1), True, True, id="complete"),
        pytest.param(make_trial(0, 0.1, PRUNED), True, False, id="pruned"),
        pytest.param(make_trial(0, None, FAIL), False, False, id="failed"),
        pytest.param(make_trial(0, None, RUNNING), False, False, id="running"),
        pytest.param(make_trial(0, 0.1, violations={"gap": 0.1}), True, False, id="infeasible"),
        pytest.param(make_trial(0, 0.1, origin=Origin(3)), False, True, id="reused here"),
        pytest.param(
            make_trial(0, 0.1, origin=Origin(0, "other")), False, True, id="reused from a study"
        ),
        pytest.param(make_trial(0, None, PRUNED, refusal="too large"), False, False, id="refused"),
    ],
)
def test_a_trial_counts_where_it_was_trained_and_can_win_where_it_is_complete(
    trial: Trial, counts: bool, can_win: bool
) -> None:
    assert trial.counts is counts
    assert trial.can_win is can_win


@pytest.mark.parametrize(
    ("violations", "is_feasible"),
    [
        pytest.param({}, True, id="no limit"),
        pytest.param({"gap": -0.01, "parameters": -0.5}, True, id="within both"),
        pytest.param({"gap": 0.0}, True, id="on the limit"),
        pytest.param({"gap": 0.01, "parameters": -0.5}, False, id="beyond one of two"),
        pytest.param({"gap": 0.01, "parameters": 0.5}, False, id="beyond both"),
    ],
)
def test_a_trial_is_feasible_where_it_lies_beyond_no_limit(
    violations: dict[str, float], is_feasible: bool
) -> None:
    assert make_trial(0, 0.1, violations=violations).is_feasible is is_feasible


@pytest.mark.parametrize(
    ("trial", "verdict"),
    [
        pytest.param(
            make_trial(0, 0.1, training=make_training(verdict=Verdict.OVERFIT)),
            Verdict.OVERFIT,
            id="trained",
        ),
        pytest.param(make_trial(0, None, RUNNING), None, id="running"),
        pytest.param(make_trial(0, None, FAIL, has_diverged=True), Verdict.DIVERGED, id="diverged"),
        pytest.param(
            make_trial(0, 0.1, has_diverged=True, training=make_training(verdict=Verdict.FIT)),
            Verdict.DIVERGED,
            id="diverged after some epochs",
        ),
    ],
)
def test_a_verdict_is_that_of_the_diagnosis_unless_the_trial_diverged(
    trial: Trial, verdict: Verdict | None
) -> None:
    assert trial.verdict is verdict


def test_a_trial_shows_what_its_training_came_to() -> None:
    training = make_training(
        {"val_loss": 0.2},
        n_epochs=3,
        comparison=COMPARISON,
    )
    trial = make_trial(0, 0.2, training=training)
    assert trial.metrics == {"val_loss": 0.2}
    assert trial.val_loss == 0.2
    assert trial.curves.n_epochs == 3
    assert trial.comparison == COMPARISON


def test_a_trial_without_a_training_has_no_measures() -> None:
    trial = make_trial(0, None, RUNNING)
    assert trial.metrics == {}
    assert trial.curves == Curves()
    assert (trial.val_loss, trial.verdict, trial.comparison) == (None, None, None)


@pytest.mark.parametrize("reason", StopReason, ids=str)
def test_only_the_end_of_the_studys_time_lets_a_trial_run_out_of_it(reason: StopReason) -> None:
    trial = make_trial(0, 0.1, training=make_training(stop_reason=reason))
    assert trial.ran_out_of_time is (reason is StopReason.TIMEOUT)


def test_its_value_is_the_first_objective() -> None:
    assert make_trial(0, (0.1, 300.0)).value == 0.1
    assert make_trial(0).value is None


def test_it_is_called_by_its_name_or_by_its_number_until_it_has_one() -> None:
    assert make_trial(12, name="#12 bigru 64·32").label == "#12 bigru 64·32"
    assert make_trial(12, name="").label == "#12"


@pytest.mark.parametrize(
    ("trial", "text"),
    [
        pytest.param(make_trial(3, 0.12346), "#3 gru 8: COMPLETE 0.1235", id="with a value"),
        pytest.param(make_trial(3, None, FAIL), "#3 gru 8: FAIL", id="without"),
    ],
)
def test_it_is_printed_with_state_and_value(trial: Trial, text: str) -> None:
    assert str(trial) == text


def test_its_seconds_are_those_from_start_to_end() -> None:
    trial = make_trial(0, 0.1, seconds=90.5)
    assert trial.seconds == 90.5
    assert replace(trial, started=None).seconds is None
    assert replace(trial, ended=None).seconds is None


def test_seconds_are_counted_over_midnight() -> None:
    started, ended = datetime(2026, 1, 1, 23, 59, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
    assert make_trial(0, started=started, ended=ended).seconds == 24 * 3600 + 60
