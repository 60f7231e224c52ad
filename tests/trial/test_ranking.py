from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

import pytest

from search.trial.objective import MACRO_F1, VAL_LOSS, Objective, Objectives
from search.trial.ranking import (
    best_trial,
    best_trials,
    count_done,
    count_since_improvement,
    is_met,
    pareto_front,
    rank,
    trials_to_keep,
)
from search.trial.state import StopReason, TrialState
from search.trial.trial import Origin, Trial
from tests.trials import make_training, make_trial

ONE, TWO = Objectives.parse("val_loss"), Objectives.parse("val_loss,parameters")
PRUNED, FAIL, RUNNING = TrialState.PRUNED, TrialState.FAIL, TrialState.RUNNING
REFUSAL = "20 parameters > 10"
OUT_OF_TIME = make_training(stop_reason=StopReason.TIMEOUT)
TRIALS = [
    make_trial(0, 0.4),
    make_trial(1, 0.1, PRUNED),
    make_trial(2, None, FAIL),
    make_trial(3, 0.2),
    make_trial(4, None, RUNNING),
    make_trial(5, 0.2),
    make_trial(6, 0.0),
]
UNTRAINED = [make_trial(7, 0.0, origin=Origin(0)), make_trial(8, None, PRUNED, refusal=REFUSAL)]


def beyond(trial: Trial, excess: float = 0.01) -> Trial:
    return replace(trial, violations={"gap": excess})


def numbers(trials: Iterable[Trial]) -> list[int]:
    return [trial.number for trial in trials]


def test_trials_go_by_value_complete_before_pruned_ties_by_number() -> None:
    assert numbers(rank(TRIALS, VAL_LOSS)) == [6, 3, 5, 0, 1]
    assert numbers(rank(TRIALS, MACRO_F1)) == [0, 3, 5, 6, 1]


def test_the_order_does_not_depend_on_that_of_the_trials() -> None:
    assert numbers(rank(reversed(TRIALS), VAL_LOSS)) == [6, 3, 5, 0, 1]


def test_infeasible_trials_come_after_pruned_ones_whatever_their_values() -> None:
    trials = [
        beyond(make_trial(0, 0.1)),
        make_trial(1, 0.2, PRUNED),
        make_trial(2, 0.3),
        beyond(make_trial(3, 0.05, PRUNED)),
        beyond(make_trial(4, 0.1)),
    ]
    assert numbers(rank(trials, VAL_LOSS)) == [2, 1, 0, 4, 3]


def test_a_trial_on_the_limit_is_within_it() -> None:
    trials = [beyond(make_trial(0, 0.1)), make_trial(1, 0.3), beyond(make_trial(2, 0.2), 0.0)]
    assert numbers(rank(trials, VAL_LOSS)) == [2, 1, 0]
    assert numbers(best_trials(trials, VAL_LOSS, 3)) == [2, 1]
    assert not is_met(trials, VAL_LOSS, 0.15)
    assert best_trial(trials[:1], VAL_LOSS) is None


def test_trials_that_were_not_trained_here_are_not_ranked() -> None:
    assert numbers(rank([*TRIALS, *UNTRAINED], VAL_LOSS)) == [6, 3, 5, 0, 1]


def test_a_trial_that_has_no_epoch_is_not_ranked() -> None:
    assert rank([make_trial(0, None, PRUNED)], VAL_LOSS) == []


def test_trials_that_were_trained_and_did_not_fail_are_counted() -> None:
    assert count_done(TRIALS) == 5
    assert count_done([*TRIALS, *UNTRAINED]) == 5
    assert count_done([]) == 0


def test_the_winner_is_the_best_complete_trial() -> None:
    assert best_trial(TRIALS, VAL_LOSS) is TRIALS[6]
    assert best_trial(TRIALS, MACRO_F1) is TRIALS[0]


@pytest.mark.parametrize(
    "trials",
    [
        pytest.param([], id="no trial"),
        pytest.param([TRIALS[1]], id="pruned"),
        pytest.param([TRIALS[2]], id="failed"),
        pytest.param([TRIALS[4]], id="running"),
        pytest.param([TRIALS[1], TRIALS[2]], id="pruned and failed"),
        pytest.param(UNTRAINED, id="reused and refused"),
    ],
)
def test_without_a_complete_trial_there_is_no_winner(trials: list[Trial]) -> None:
    assert best_trial(trials, VAL_LOSS) is None
    assert best_trials(trials, VAL_LOSS, 3) == []
    assert not is_met(trials, VAL_LOSS, 10.0)


def test_so_many_of_the_best_trials_are_listed_as_there_are() -> None:
    assert numbers(best_trials(TRIALS, VAL_LOSS, 2)) == [6, 3]
    assert numbers(best_trials(TRIALS, VAL_LOSS, 9)) == [6, 3, 5, 0]
    assert best_trials(TRIALS, VAL_LOSS, 0) == []


@pytest.mark.parametrize(
    ("objective", "target", "met"),
    [
        pytest.param(VAL_LOSS, 0.21, True, id="loss below"),
        pytest.param(VAL_LOSS, 0.2, True, id="loss equal"),
        pytest.param(VAL_LOSS, 0.19, False, id="loss above"),
        pytest.param(MACRO_F1, 0.39, True, id="score above"),
        pytest.param(MACRO_F1, 0.4, True, id="score equal"),
        pytest.param(MACRO_F1, 0.41, False, id="score below"),
        pytest.param(VAL_LOSS, None, False, id="no target"),
    ],
)
def test_a_target_is_met_by_the_winner_alone_and_by_an_equal_value(
    objective: Objective, target: float | None, met: bool
) -> None:
    # The pruned trial, with 0.1, does not count.
    assert is_met(TRIALS[:6], objective, target) is met


# Loss and weights: 0, 2 and 5 are the front, 1 is dominated by 0, 3 by 2, 4 by 0 and 2.
FRONT = [
    make_trial(0, (0.3, 10.0)),
    make_trial(1, (0.3, 20.0)),
    make_trial(2, (0.1, 40.0)),
    make_trial(3, (0.2, 40.0)),
    make_trial(4, (0.4, 50.0)),
    make_trial(5, (0.2, 30.0)),
]


def test_the_front_is_what_no_other_dominates_best_first() -> None:
    assert numbers(pareto_front(FRONT, TWO)) == [2, 5, 0]
    assert pareto_front([], TWO) == []


def test_a_front_follows_the_direction_of_each_objective() -> None:
    # 4 has the best score, and 0 dominates all others.
    assert numbers(pareto_front(FRONT, Objectives.parse("macro_f1,parameters"))) == [4, 0]


def test_trials_that_are_equal_in_everything_are_all_on_the_front_by_number() -> None:
    equal = [make_trial(7, (0.1, 40.0)), make_trial(6, (0.1, 40.0))]
    assert numbers(pareto_front([*equal, *FRONT], TWO)) == [2, 6, 7, 5, 0]


def test_with_one_objective_the_front_is_the_best() -> None:
    assert numbers(pareto_front(TRIALS[:6], ONE)) == [3, 5]
    assert numbers(pareto_front(TRIALS, ONE)) == [6]


AHEAD = (0.0, 1.0)


@pytest.mark.parametrize(
    "trial",
    [
        pytest.param(make_trial(6, AHEAD, PRUNED), id="pruned"),
        pytest.param(beyond(make_trial(6, AHEAD)), id="infeasible"),
        pytest.param(make_trial(6, AHEAD, origin=Origin(0)), id="reused"),
        pytest.param(make_trial(6, None, PRUNED, refusal=REFUSAL), id="refused"),
        pytest.param(make_trial(6, None, FAIL), id="failed"),
        pytest.param(make_trial(6, None, RUNNING), id="running"),
        pytest.param(make_trial(6, AHEAD, training=OUT_OF_TIME), id="out of time"),
    ],
)
def test_a_trial_that_cannot_win_or_ran_out_of_time_is_on_no_front(trial: Trial) -> None:
    assert numbers(pareto_front([*FRONT, trial], TWO)) == [2, 5, 0]
    assert pareto_front([trial], TWO) == []


def test_with_one_objective_a_trial_that_ran_out_of_time_may_be_the_best() -> None:
    late = make_trial(7, -1.0, training=OUT_OF_TIME)
    assert numbers(pareto_front([*TRIALS, late], ONE)) == [7]
    assert best_trial([*TRIALS, late], VAL_LOSS) is late


def test_with_several_objectives_the_front_is_kept_beside_the_best() -> None:
    assert numbers(trials_to_keep(FRONT, TWO, 1)) == [2, 5, 0]
    # 3 and 5 have the second best loss; 3 is dominated, but one of the three best.
    assert numbers(trials_to_keep(FRONT, TWO, 3)) == [2, 3, 5, 0]
    assert numbers(trials_to_keep(FRONT, ONE, 3)) == [2, 3, 5]
    assert trials_to_keep([], TWO, 3) == []


def test_trials_may_come_from_a_generator() -> None:
    assert numbers(trials_to_keep((trial for trial in FRONT), TWO, 1)) == [2, 5, 0]


@pytest.mark.parametrize(
    ("values", "n_since"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([0.5], 0, id="first"),
        pytest.param([0.5, 0.4, 0.3], 0, id="ever better"),
        pytest.param([0.5, 0.6], 1, id="worse"),
        pytest.param([0.5, 0.5], 1, id="equal"),
        pytest.param([0.3, 0.5, 0.4], 2, id="better than the last alone"),
        pytest.param([0.5, 0.6, 0.4, 0.4, 0.9], 2, id="better once more"),
    ],
)
def test_trials_are_counted_since_one_was_better_than_all_before(
    values: list[float], n_since: int
) -> None:
    trials = [make_trial(number, value) for number, value in enumerate(values)]
    assert count_since_improvement(trials, ONE) == n_since


def test_a_higher_score_is_better() -> None:
    trials = [make_trial(number, value) for number, value in enumerate((0.3, 0.5, 0.4))]
    assert count_since_improvement(trials, Objectives.parse("macro_f1")) == 1


def test_where_no_trial_can_win_none_was_better() -> None:
    trials = [make_trial(0, 0.1, PRUNED), beyond(make_trial(1, 0.1))]
    assert count_since_improvement(trials, ONE) == 2


def test_trials_that_cannot_win_are_counted_and_those_not_trained_are_not() -> None:
    trials = [
        make_trial(0, 0.5),
        make_trial(1, 0.1, PRUNED),
        beyond(make_trial(2, 0.1)),
        make_trial(3, 0.1, origin=Origin(0)),
        make_trial(4, None, PRUNED, refusal=REFUSAL),
        make_trial(5, None, FAIL),
        make_trial(6, None, RUNNING),
    ]
    assert count_since_improvement(trials, ONE) == 2
    # None of them has taken the place of the best.
    assert count_since_improvement([*trials, make_trial(7, 0.4)], ONE) == 0


@pytest.mark.parametrize("zone", [None, UTC], ids=["no zone", "UTC"])
def test_trials_are_taken_in_the_order_in_which_they_ended(zone: tzinfo | None) -> None:
    ended = [datetime(2026, 1, 1, hour, tzinfo=zone) for hour in (12, 11, 10)]
    trials = [
        make_trial(number, value, ended=time)
        for number, (value, time) in enumerate(zip((0.3, 0.4, 0.5), ended, strict=True))
    ]
    assert count_since_improvement(trials, ONE) == 0
    # A trial whose end is not known comes last; several of them by number.
    unknown = [replace(trial, ended=None) for trial in trials[1:]]
    assert count_since_improvement([trials[0], *unknown], ONE) == 2


@pytest.mark.parametrize(
    ("values", "n_since"),
    [
        pytest.param((0.2, 15.0), 0, id="between two of the front"),
        pytest.param((0.9, 9.0), 0, id="smallest"),
        pytest.param((0.05, 5.0), 0, id="dominates all"),
        pytest.param((0.2, 30.0), 1, id="equals one of the front"),
        pytest.param((0.3, 30.0), 1, id="dominated"),
    ],
)
def test_with_several_objectives_a_better_trial_is_one_that_none_before_dominates(
    values: tuple[float, ...], n_since: int
) -> None:
    # The last of FRONT was better itself.
    assert count_since_improvement([*FRONT, make_trial(6, values)], TWO) == n_since
