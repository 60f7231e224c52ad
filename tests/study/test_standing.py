from dataclasses import replace

import pytest

from search.engines.trials import TrialRecord, TrialState
from search.study.standing import best_of, is_met, kept_of, ranked
from search.training.history import Objective

LOSS, F1 = Objective.VAL_LOSS, Objective.MACRO_F1


def trial(number: int, value: float | None, state: TrialState = TrialState.COMPLETE) -> TrialRecord:
    return TrialRecord(number, state, value, {}, {}, None, None)


RECORDS = [
    trial(0, 0.4),
    trial(1, 0.1, TrialState.PRUNED),
    trial(2, None, TrialState.FAIL),
    trial(3, 0.2),
    trial(4, None, TrialState.RUNNING),
    trial(5, 0.2),
    trial(6, 0.0),
]


def beyond(record: TrialRecord, excess: float) -> TrialRecord:
    return replace(record, facts={"excess": {"gap": excess}})


def numbers(records: list[TrialRecord]) -> list[int]:
    return [record.number for record in records]


def test_trials_go_by_value_complete_before_pruned_ties_by_number() -> None:
    assert numbers(ranked(RECORDS, LOSS)) == [6, 3, 5, 0, 1]
    assert numbers(ranked(RECORDS, F1)) == [0, 3, 5, 6, 1]


def test_the_winner_is_the_best_complete_trial() -> None:
    best = best_of(RECORDS, LOSS)
    assert best is not None and best.number == 6


@pytest.mark.parametrize(
    "records", [[], [RECORDS[1]], [RECORDS[2]], [RECORDS[4]], [RECORDS[1], RECORDS[2]]]
)
def test_without_a_complete_trial_there_is_no_winner(records: list[TrialRecord]) -> None:
    assert best_of(records, LOSS) is None
    assert kept_of(records, LOSS, 3) == []
    assert not is_met(records, LOSS, 10.0)


def test_the_networks_of_the_best_complete_trials_are_kept() -> None:
    assert numbers(kept_of(RECORDS, LOSS, 2)) == [6, 3]
    assert numbers(kept_of(RECORDS, LOSS, 9)) == [6, 3, 5, 0]


@pytest.mark.parametrize(
    ("objective", "target", "met"),
    [
        (LOSS, 0.21, True),
        (LOSS, 0.2, True),
        (LOSS, 0.19, False),
        (F1, 0.39, True),
        (F1, 0.4, True),
        (F1, 0.41, False),
        (LOSS, None, False),
    ],
)
def test_a_target_is_met_by_the_winner_alone_and_by_an_equal_value(
    objective: Objective, target: float | None, met: bool
) -> None:
    assert is_met(RECORDS[:6], objective, target) is met


def test_trials_beyond_a_limit_come_last_and_cannot_win() -> None:
    records = [beyond(trial(0, 0.1), 0.01), trial(1, 0.3), beyond(trial(2, 0.2), 0.0)]
    assert numbers(ranked(records, LOSS)) == [2, 1, 0]
    assert numbers(kept_of(records, LOSS, 3)) == [2, 1]
    assert not is_met(records, LOSS, 0.15)
    assert best_of(records[:1], LOSS) is None
