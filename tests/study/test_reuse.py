from dataclasses import replace
from typing import Any

import pytest

from search.engines.trials import Proposal, TrialRecord, TrialState
from search.space.hyperparameters import Value
from search.study.objectives import Objectives
from search.study.reuse import epoch_of, evaluated_before, is_whole, origin_of, write_reused
from search.tracking.memory import MemoryTracker
from search.tracking.record import RunStatus

from .scripted import trial

VALUES: dict[str, Value] = {"cell": "gru", "units_1": 8}
OTHERS: dict[str, Value] = {"cell": "gru", "units_1": 16}
PRUNED = TrialState.PRUNED


def found(proposal: Proposal, *records: TrialRecord) -> int | None:
    """Give the number of the trial whose values stand for a proposal's."""
    record = evaluated_before(proposal, records)
    return None if record is None else record.number


def proposal(**fields: Any) -> Proposal:
    return Proposal(9, VALUES, 100, **fields)


def test_the_first_trial_with_the_same_hyperparameters_is_found() -> None:
    records = (
        trial(0, 0.1, hyperparameters=OTHERS),
        trial(1, 0.2, hyperparameters=VALUES, stopped="early stop"),
        trial(2, 0.3, hyperparameters=VALUES),
    )
    assert found(proposal(), *records) == 1
    assert found(proposal(), records[0]) is None
    assert found(proposal()) is None


def test_a_proposal_is_not_its_own_earlier_trial() -> None:
    running = trial(9, None, TrialState.RUNNING, VALUES)
    assert found(proposal(), running) is None


def test_a_trial_with_more_hyperparameters_is_another() -> None:
    assert found(proposal(), trial(0, 0.1, hyperparameters=VALUES | {"units_2": 8})) is None


@pytest.mark.parametrize(
    ("record", "stands"),
    [
        (trial(0, 0.1, hyperparameters=VALUES), True),
        (trial(0, 0.1, PRUNED, VALUES), True),
        (trial(0, 0.1, hyperparameters=VALUES, reused_from={"study": "films", "trial": 3}), True),
        (trial(0, None, TrialState.FAIL, VALUES), False),
        (trial(0, None, TrialState.RUNNING, VALUES), False),
        (trial(0, None, PRUNED, VALUES, refused="90 parameters > 50"), False),
        (trial(0, 0.1, hyperparameters=VALUES, stopped="timeout"), False),
        (trial(0, 0.1, hyperparameters=VALUES, n_epochs=3), False),
        (trial(0, 0.1, hyperparameters=VALUES, resumes=2), False),
    ],
)
def test_only_a_trial_that_was_trained_just_so_stands_for_another(
    record: TrialRecord, stands: bool
) -> None:
    assert found(proposal(), record) == (0 if stands else None)


def test_a_short_training_stands_for_one_of_its_own_length() -> None:
    records = (
        trial(0, 0.1, hyperparameters=VALUES),
        trial(1, 0.1, hyperparameters=VALUES, n_epochs=2),
        trial(2, 0.1, hyperparameters=VALUES, n_epochs=6),
    )
    assert found(proposal(n_epochs=6), *records) == 2
    assert found(proposal(n_epochs=9), *records) is None


def test_a_proposal_that_goes_on_from_another_is_trained() -> None:
    record = trial(0, 0.1, hyperparameters=VALUES, n_epochs=6)
    assert found(proposal(n_epochs=6, resumes=4), record) is None
    assert found(proposal(n_epochs=6), record) == 0


def test_one_that_was_given_up_does_not_stand_for_a_proposal_with_a_name() -> None:
    given_up = trial(0, 0.1, PRUNED, VALUES)
    whole = trial(1, 0.1, hyperparameters=VALUES)
    assert found(proposal(name="#9 bigru"), given_up) is None
    assert found(proposal(name="#9 bigru"), given_up, whole) == 1


def test_the_origin_is_the_trial_that_was_trained() -> None:
    assert origin_of(trial(3, 0.1)) == {"trial": 3}
    assert origin_of(trial(3, 0.1, reused_from={"study": "films", "trial": 7})) == {
        "study": "films",
        "trial": 7,
    }


def test_the_last_epoch_is_counted_from_what_was_noted() -> None:
    assert epoch_of(trial(0, 0.1, epochs={"val_loss": [0.3, 0.2, 0.1]})) == 3
    assert epoch_of(trial(0, 0.1)) == 1


def test_a_run_says_where_the_values_come_from() -> None:
    tracker = MemoryTracker()
    earlier = trial(4, (0.25, 120.0), reused_from={"study": "films", "trial": 7})
    objectives = Objectives(("macro_f1", "parameters"))
    write_reused(tracker, proposal(), earlier, objectives)
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


def test_of_a_trial_that_was_given_up_before_it_had_a_value_none_is_written() -> None:
    tracker = MemoryTracker()
    write_reused(tracker, proposal(), trial(4, None, PRUNED), Objectives(("val_loss",)))
    (run,) = tracker.others
    assert (run.kept_metrics, run.status) == ({}, RunStatus.KILLED)


def test_a_trial_that_was_stopped_before_its_time_stands_for_no_whole_one() -> None:
    whole = trial(0, 0.5)
    assert is_whole(whole, 15)
    assert is_whole(replace(whole, facts={"n_epochs": 15}), 15)
    assert not is_whole(replace(whole, facts={"n_epochs": 5}), 15)
    assert not is_whole(replace(whole, facts={"stopped": "timeout"}), 15)
