from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from search.engines.trials import TrialRecord, TrialState
from search.study.objectives import Objectives
from search.study.standing import (
    best_of,
    front_of,
    is_met,
    kept_of,
    n_done,
    n_since_better,
    ranked,
    worth_keeping,
)
from search.training.history import Objective

from .scripted import trial

LOSS, F1 = Objective.VAL_LOSS, Objective.MACRO_F1
ONE, TWO = Objectives(("val_loss",)), Objectives(("val_loss", "parameters"))
REUSED: dict[str, Any] = {"reused_from": {"trial": 0}}
REFUSED: dict[str, Any] = {"refused": "20 parameters > 10"}
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


def test_trained_trials_that_did_not_fail_are_counted() -> None:
    assert n_done(RECORDS) == 5
    untrained = [trial(7, 0.1, **REUSED), trial(8, None, TrialState.PRUNED, **REFUSED)]
    assert n_done([*RECORDS, *untrained]) == 5


def test_what_was_not_trained_is_not_ranked() -> None:
    untrained = [trial(7, 0.0, **REUSED), trial(8, None, TrialState.PRUNED, **REFUSED)]
    assert numbers(ranked([*RECORDS, *untrained], LOSS)) == [6, 3, 5, 0, 1]


# Loss and weights: 0, 2 and 5 are the front, 1 is dominated by 0, 3 by 2, 4 by 0 and 2.
FRONT = [
    trial(0, (0.3, 10.0)),
    trial(1, (0.3, 20.0)),
    trial(2, (0.1, 40.0)),
    trial(3, (0.2, 40.0)),
    trial(4, (0.4, 50.0)),
    trial(5, (0.2, 30.0)),
]


def test_the_front_is_what_no_other_dominates_best_first() -> None:
    assert numbers(front_of(FRONT, TWO)) == [2, 5, 0]
    assert front_of([], TWO) == []


def test_a_front_follows_the_direction_of_each_objective() -> None:
    objectives = Objectives(("macro_f1", "parameters"))
    # 4 has the best score, and 0 dominates all others.
    assert numbers(front_of(FRONT, objectives)) == [4, 0]


def test_trials_that_are_equal_in_everything_are_all_on_the_front() -> None:
    equal = [trial(7, (0.1, 40.0)), trial(6, (0.1, 40.0))]
    assert numbers(front_of([*equal, *FRONT], TWO)) == [2, 6, 7, 5, 0]


def test_with_one_objective_the_front_is_the_best() -> None:
    assert numbers(front_of(RECORDS[:6], ONE)) == [3, 5]
    assert numbers(front_of(RECORDS, ONE)) == [6]


def test_what_cannot_win_is_on_no_front() -> None:
    ahead = (0.0, 1.0)
    outside = [
        trial(6, ahead, TrialState.PRUNED),
        beyond(trial(7, ahead), 0.01),
        trial(8, ahead, **REUSED),
        trial(9, None, TrialState.PRUNED, **REFUSED),
        trial(10, None, TrialState.FAIL),
        trial(11, None, TrialState.RUNNING),
    ]
    assert numbers(front_of([*FRONT, *outside], TWO)) == [2, 5, 0]
    assert front_of(outside, TWO) == []


def test_with_several_objectives_the_front_is_kept_beside_the_best() -> None:
    assert numbers(worth_keeping(FRONT, TWO, 1)) == [2, 5, 0]
    # 3 and 5 have the second best loss; 3 is dominated, but one of the three best.
    assert numbers(worth_keeping(FRONT, TWO, 3)) == [2, 3, 5, 0]
    assert numbers(worth_keeping(FRONT, ONE, 3)) == [2, 3, 5]
    assert worth_keeping([], TWO, 3) == []


def test_a_generator_of_records_is_read_once() -> None:
    assert numbers(worth_keeping((record for record in FRONT), TWO, 1)) == [2, 5, 0]


@pytest.mark.parametrize(
    ("values", "n_since"),
    [
        ([], 0),
        ([0.5], 0),
        ([0.5, 0.4, 0.3], 0),
        ([0.5, 0.6], 1),
        ([0.5, 0.5], 1),
        ([0.3, 0.5, 0.4], 2),
        ([0.5, 0.6, 0.4, 0.4, 0.9], 2),
    ],
)
def test_trials_are_counted_since_one_was_better_than_all_before(
    values: list[float], n_since: int
) -> None:
    assert n_since_better([trial(n, value) for n, value in enumerate(values)], ONE) == n_since


def test_without_any_trial_that_can_win_all_have_been_no_better() -> None:
    records = [trial(0, 0.1, TrialState.PRUNED), beyond(trial(1, 0.1), 0.01)]
    assert n_since_better(records, ONE) == 2


def test_what_cannot_win_is_no_better_and_what_was_not_trained_is_not_counted() -> None:
    records = [
        trial(0, 0.5),
        trial(1, 0.1, TrialState.PRUNED),
        beyond(trial(2, 0.1), 0.01),
        trial(3, 0.1, **REUSED),
        trial(4, None, TrialState.PRUNED, **REFUSED),
        trial(5, None, TrialState.FAIL),
        trial(6, None, TrialState.RUNNING),
    ]
    assert n_since_better(records, ONE) == 2
    # Neither has taken the place of the best.
    assert n_since_better([*records, trial(7, 0.4)], ONE) == 0


def test_trials_are_taken_in_the_order_in_which_they_ended() -> None:
    hours = (12, 11, 10)
    records = [
        replace(trial(n, value), ended=datetime(2026, 1, 1, hour))
        for n, (value, hour) in enumerate(zip((0.3, 0.4, 0.5), hours, strict=True))
    ]
    assert n_since_better(records, ONE) == 0
    assert n_since_better(records[:1] + [replace(r, ended=None) for r in records[1:]], ONE) == 2


@pytest.mark.parametrize(
    ("values", "n_since"),
    [
        ((0.2, 15.0), 0),
        ((0.9, 9.0), 0),
        ((0.05, 5.0), 0),
        ((0.2, 30.0), 1),
        ((0.3, 30.0), 1),
    ],
)
def test_with_several_objectives_a_better_trial_is_one_that_none_before_dominates(
    values: tuple[float, ...], n_since: int
) -> None:
    # The last of the front's was better itself.
    assert n_since_better([*FRONT, trial(6, values)], TWO) == n_since
