from typing import Any

import pytest

from search.space.hyperparameters import Value
from search.study.reuse import find_evaluated, find_origin, is_complete, write_reused
from search.tracking.record import RunStatus
from search.trial.objective import Objectives
from search.trial.proposal import Proposal
from search.trial.state import StopReason, TrialState
from search.trial.trial import Origin, Trial
from tests.memory_tracker import MemoryTracker
from tests.trials import make_training, make_trial

VALUES: dict[str, Value] = {"cell": "gru", "units_1": 8}
OTHERS: dict[str, Value] = {"cell": "gru", "units_1": 16}
PRUNED = TrialState.PRUNED
OUT_OF_TIME = make_training(stop_reason=StopReason.TIMEOUT)


def find(proposal: Proposal, *trials: Trial) -> int | None:
    """Give the number of the trial whose values stand for a proposal's."""
    trial = find_evaluated(proposal, trials)
    return None if trial is None else trial.number


def propose(**fields: Any) -> Proposal:
    return Proposal(9, VALUES, 100, **fields)


def test_the_first_trial_with_the_same_hyperparameters_is_found() -> None:
    trials = (
        make_trial(0, 0.1, hyperparameters=OTHERS),
        make_trial(
            1,
            0.2,
            hyperparameters=VALUES,
            training=make_training(stop_reason=StopReason.EARLY),
        ),
        make_trial(2, 0.3, hyperparameters=VALUES),
    )
    assert find(propose(), *trials) == 1
    assert find(propose(), trials[0]) is None
    assert find(propose()) is None


def test_a_proposal_is_not_its_own_earlier_trial() -> None:
    assert find(propose(), make_trial(9, 0.1, hyperparameters=VALUES)) is None


def test_a_trial_with_more_hyperparameters_is_another() -> None:
    assert find(propose(), make_trial(0, 0.1, hyperparameters=VALUES | {"units_2": 8})) is None


@pytest.mark.parametrize(
    ("values", "state", "fields", "stands"),
    [
        pytest.param(0.1, TrialState.COMPLETE, {}, True, id="complete"),
        pytest.param(0.1, PRUNED, {}, True, id="pruned"),
        pytest.param(0.1, TrialState.COMPLETE, {"origin": Origin(3, "films")}, True, id="reused"),
        pytest.param(None, TrialState.FAIL, {}, False, id="failed"),
        pytest.param(None, TrialState.RUNNING, {}, False, id="running"),
        pytest.param(None, PRUNED, {"refusal": "90 parameters > 50"}, False, id="refused"),
        pytest.param(0.1, TrialState.COMPLETE, {"training": OUT_OF_TIME}, False, id="out of time"),
        pytest.param(0.1, TrialState.COMPLETE, {"n_epochs": 3}, False, id="fewer epochs"),
        pytest.param(0.1, TrialState.COMPLETE, {"resumes": 2}, False, id="from another's weights"),
    ],
)
def test_only_a_trial_that_was_trained_in_the_same_way_stands_for_another(
    values: float | None, state: TrialState, fields: dict[str, Any], stands: bool
) -> None:
    trial = make_trial(0, values, state, hyperparameters=VALUES, **fields)
    assert find(propose(), trial) == (0 if stands else None)


def test_a_short_training_stands_for_one_of_its_own_length() -> None:
    trials = (
        make_trial(0, 0.1, hyperparameters=VALUES),
        make_trial(1, 0.1, hyperparameters=VALUES, n_epochs=2),
        make_trial(2, 0.1, hyperparameters=VALUES, n_epochs=6),
    )
    assert find(propose(n_epochs=6), *trials) == 2
    assert find(propose(n_epochs=9), *trials) is None


def test_a_proposal_that_goes_on_from_another_is_trained() -> None:
    trial = make_trial(0, 0.1, hyperparameters=VALUES, n_epochs=6)
    assert find(propose(n_epochs=6, resumes=4), trial) is None
    assert find(propose(n_epochs=6), trial) == 0


def test_a_pruned_trial_does_not_stand_for_a_configuration_that_the_user_enqueued() -> None:
    pruned = make_trial(0, 0.1, PRUNED, hyperparameters=VALUES)
    complete = make_trial(1, 0.1, hyperparameters=VALUES)
    assert find(propose(start="bigru", is_enqueued=True), pruned) is None
    assert find(propose(start="bigru", is_enqueued=True), pruned, complete) == 1
    # A start of the space has a name, too, but nobody asked for its result.
    assert find(propose(start="bigru"), pruned) == 0


def test_the_origin_is_the_trial_that_was_trained() -> None:
    assert find_origin(make_trial(3, 0.1)) == Origin(3)
    assert find_origin(make_trial(3, 0.1, origin=Origin(7, "films"))) == Origin(7, "films")


def test_a_run_says_where_the_values_come_from() -> None:
    tracker = MemoryTracker()
    earlier = make_trial(4, (0.25, 120.0), origin=Origin(7, "films"))
    write_reused(tracker, propose(), earlier, Objectives.parse("macro_f1,parameters"))
    (run,) = tracker.others
    assert (run.name, run.status) == ("#9 gru 8", RunStatus.FINISHED)
    assert run.kept_params == VALUES
    assert run.kept_tags == {
        "kind": "reused",
        "state": "COMPLETE",
        "trial": 9,
        "reused_from_study": "films",
        "reused_from_trial": 7,
    }
    assert run.kept_metrics == {"f1_macro": [(0, 0.25)], "parameters": [(0, 120.0)]}


def test_a_run_of_values_from_the_same_study_names_no_study() -> None:
    tracker = MemoryTracker()
    write_reused(tracker, propose(), make_trial(4, 0.25), Objectives())
    (run,) = tracker.others
    assert run.kept_tags["reused_from_trial"] == 4
    assert "reused_from_study" not in run.kept_tags


def test_the_run_of_a_trial_pruned_without_a_value_has_no_metric() -> None:
    tracker = MemoryTracker()
    write_reused(tracker, propose(), make_trial(4, None, PRUNED), Objectives())
    (run,) = tracker.others
    assert (run.kept_metrics, run.status) == ({}, RunStatus.KILLED)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, True, id="the study's epochs"),
        pytest.param({"n_epochs": 15}, True, id="as many by Hyperband"),
        pytest.param({"n_epochs": 5}, False, id="fewer by Hyperband"),
        pytest.param({"training": OUT_OF_TIME}, False, id="out of time"),
    ],
)
def test_a_trial_that_was_stopped_before_its_end_is_not_complete(
    fields: dict[str, Any], expected: bool
) -> None:
    assert is_complete(make_trial(0, 0.5, **fields), 15) is expected
