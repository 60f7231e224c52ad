import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

import pytest
from scipy.stats import ttest_ind

from search.trial.confirmation import (
    N_SEEDS,
    Confirmation,
    Confirmations,
    Retraining,
    disproved_trials,
    find_best_network,
    list_equals,
    list_rivals,
    pick,
)
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective
from search.trial.state import TrialState
from search.trial.trial import Trial
from tests.trials import make_training, make_trial

DIVERGED = math.inf
"""Stands for a seed that diverged; its value is 9."""


def retrained(value: float) -> Retraining:
    """Make a retraining whose run and training can be told apart by its value."""
    if value == DIVERGED:
        return Retraining(9.0)
    return Retraining(value, f"run {value}", make_training({"val_loss": value}))


def confirmed(number: int, *values: float) -> Confirmation:
    return Confirmation(number, tuple(map(retrained, values)))


def by_number(*entries: Confirmation) -> Confirmations:
    return {entry.number: entry for entry in entries}


STEADY = confirmed(4, 0.130, 0.131, 0.132)
FAR = confirmed(1, 0.150, 0.151, 0.152)
TRIALS = [make_trial(0, 0.10, training=make_training({"val_loss": 0.10})), make_trial(1, 0.11)]
WORSE = confirmed(0, 0.131, 0.130, 0.132)
BETTER = confirmed(1, 0.113, 0.111, 0.112)


def test_mean_and_spread_are_those_of_the_seeds() -> None:
    assert STEADY.mean == pytest.approx(0.131)
    assert STEADY.spread == pytest.approx(0.001)
    # By hand: the squares of the distances from 0.5 sum to 0.18, by n - 1 = 2: 0.09.
    assert confirmed(0, 0.2, 0.5, 0.8).spread == pytest.approx(0.3)


def test_one_seed_has_no_spread() -> None:
    assert confirmed(0, 0.2).spread == 0.0
    assert confirmed(0, 0.2).mean == 0.2


@pytest.mark.parametrize("n_seeds", range(1, N_SEEDS + 1))
def test_a_confirmation_is_complete_with_its_last_seed(n_seeds: int) -> None:
    assert confirmed(0, *[0.1] * n_seeds).is_complete is (n_seeds == N_SEEDS)


def test_the_middle_retraining_has_the_median() -> None:
    assert confirmed(0, 0.3, 0.1, 0.2).middle.value == 0.2
    assert confirmed(0, DIVERGED, 0.1, 0.2).middle.value == 0.2


def test_a_retraining_without_a_training_diverged() -> None:
    assert Retraining(0.17).has_diverged
    assert not retrained(0.17).has_diverged


def test_a_clear_winner_has_no_equals() -> None:
    assert list_equals([FAR, STEADY], VAL_LOSS) == (STEADY,)
    assert list_equals([FAR, STEADY], MACRO_F1) == (FAR,)
    assert pick([FAR, STEADY], VAL_LOSS) is STEADY
    assert pick([FAR, STEADY], MACRO_F1) is FAR


def test_means_that_the_spread_does_not_tell_apart_are_equal_best_mean_first() -> None:
    # Means 0.1305 and 0.131 with deviations 0.0071 and 0.001: far from significant.
    wild = confirmed(2, 0.1234, 0.1305, 0.1376)
    assert list_equals([FAR, STEADY, wild], VAL_LOSS) == (wild, STEADY)


def test_no_confirmations_have_no_equals() -> None:
    assert list_equals([], VAL_LOSS) == ()


@pytest.mark.parametrize(
    ("ahead", "behind", "welch_finds_a_difference"),
    [
        # t is 2.5 in both tests, at 2.0 degrees of freedom in Welch's and at 4 in Student's.
        pytest.param(
            (0.1299, 0.1300, 0.1301), (0.13133, 0.13433, 0.13733), False, id="unequal spreads"
        ),
        # Student's lends the spread of the many to the few.
        pytest.param(
            (0.1299, 0.1301),
            (0.1295, 0.1305, 0.1315, 0.1325, 0.1335, 0.1345),
            True,
            id="unequal spreads and counts",
        ),
        # The other way round, Student's takes the few that vary for as steady as the many.
        pytest.param(
            (0.1299, 0.13, 0.13, 0.13, 0.13, 0.1301),
            (0.1320, 0.1380),
            False,
            id="few that vary against many",
        ),
    ],
)
def test_means_are_compared_by_welchs_test_and_not_by_students(
    ahead: Sequence[float], behind: Sequence[float], welch_finds_a_difference: bool
) -> None:
    welch = ttest_ind(ahead, behind, equal_var=False).pvalue
    student = ttest_ind(ahead, behind, equal_var=True).pvalue
    assert bool(welch < 0.1) is welch_finds_a_difference
    assert bool(student < 0.1) is not welch_finds_a_difference
    first, second = confirmed(0, *ahead), confirmed(1, *behind)
    equals = (first,) if welch_finds_a_difference else (first, second)
    assert list_equals([second, first], VAL_LOSS) == equals


@pytest.mark.parametrize(
    ("ahead", "is_equal"),
    [
        # By hand: t = 0.002 / sqrt(2 * 1e-6 / 3) = 2.449 at 4 degrees of freedom, p = 0.0705.
        pytest.param((0.128, 0.129, 0.130), False, id="p = 0.07"),
        # t = 0.0015 / 0.000816 = 1.837, p = 0.140.
        pytest.param((0.1285, 0.1295, 0.1305), True, id="p = 0.14"),
    ],
)
def test_the_level_of_the_test_is_a_tenth(ahead: Sequence[float], is_equal: bool) -> None:
    first = confirmed(0, *ahead)
    assert (STEADY in list_equals([first, STEADY], VAL_LOSS)) is is_equal


@pytest.mark.parametrize(
    ("behind", "is_equal"),
    [
        # The other's mean is 0.2. By hand: t = 0.001 / (0.001 / sqrt(3)) = 1.73 at 2 degrees of
        # freedom, p = 0.225.
        pytest.param((0.200, 0.201, 0.202), True, id="near"),
        # t = 0.006 * sqrt(3) / 0.001 = 10.4, p = 0.009.
        pytest.param((0.205, 0.206, 0.207), False, id="far"),
    ],
)
@pytest.mark.parametrize("steady_is_first", [True, False])
def test_one_of_two_without_spread_is_tested_by_the_spread_of_the_other(
    behind: Sequence[float], is_equal: bool, steady_is_first: bool
) -> None:
    steady, other = confirmed(0, 0.2, 0.2, 0.2), confirmed(1, *behind)
    # As a score the one that varies leads.
    first, second, objective = (
        (steady, other, VAL_LOSS) if steady_is_first else (other, steady, MACRO_F1)
    )
    equals = (first, second) if is_equal else (first,)
    assert list_equals([steady, other], objective) == equals


def test_values_without_spread_are_equal_where_they_are_the_same() -> None:
    one, same, other = (confirmed(n, v, v, v) for n, v in ((0, 0.2), (1, 0.2), (2, 0.3)))
    assert list_equals([other, same, one], VAL_LOSS) == (one, same)
    assert pick([other, same, one], VAL_LOSS) is one


def test_a_single_value_is_equal_to_nothing_but_its_own_mean() -> None:
    single = confirmed(0, 0.1309)
    assert list_equals([single, STEADY], VAL_LOSS) == (single,)
    same = replace(single, retrainings=(retrained(STEADY.mean),))
    assert list_equals([same, STEADY], VAL_LOSS) == (same, STEADY)


def test_of_equals_a_high_spread_counts_against_a_loss() -> None:
    steady, wild = confirmed(0, 0.499, 0.500, 0.501), confirmed(1, 0.477, 0.497, 0.517)
    assert list_equals([steady, wild], VAL_LOSS) == (wild, steady)
    # 0.500 + 0.001 against 0.497 + 0.020.
    assert pick([wild, steady], VAL_LOSS) is steady


def test_of_equals_a_high_spread_counts_against_a_score_too() -> None:
    steady, wild = confirmed(0, 0.499, 0.500, 0.501), confirmed(1, 0.483, 0.503, 0.523)
    assert list_equals([steady, wild], MACRO_F1) == (wild, steady)
    # 0.500 - 0.001 against 0.503 - 0.020.
    assert pick([wild, steady], MACRO_F1) is steady


@pytest.mark.parametrize("objective", [VAL_LOSS, MACRO_F1], ids=str)
def test_of_equals_a_low_spread_alone_does_not_win(objective: Objective) -> None:
    sign = 1 if objective.is_minimized else -1
    good = confirmed(0, *(0.5 + sign * step for step in (0.00, 0.02, 0.04)))
    steadier = confirmed(1, *(0.5 + sign * step for step in (0.021, 0.040, 0.059)))
    assert len(list_equals([good, steadier], objective)) == 2
    assert pick([steadier, good], objective) is good


def test_nothing_to_pick_from_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        pick([], VAL_LOSS)


def test_rivals_are_complete_confirmations_in_their_order() -> None:
    incomplete = confirmed(1, 0.1, 0.2)
    assert list_rivals(TRIALS, VAL_LOSS, by_number(WORSE, incomplete)) == [WORSE]
    assert list_rivals(TRIALS, VAL_LOSS, by_number(BETTER, WORSE)) == [BETTER, WORSE]
    assert list_rivals(TRIALS, VAL_LOSS, {}) == []


@pytest.mark.parametrize(
    "trial",
    [
        pytest.param(make_trial(1, 0.11, TrialState.PRUNED), id="pruned"),
        pytest.param(make_trial(1, None, TrialState.FAIL), id="failed"),
        pytest.param(make_trial(1, 0.11, violations={"gap": 0.01}), id="infeasible"),
    ],
)
def test_a_trial_that_cannot_win_is_no_rival(trial: Trial) -> None:
    trials = [TRIALS[0], trial]
    assert list_rivals(trials, VAL_LOSS, by_number(WORSE, BETTER)) == [WORSE]


@pytest.mark.parametrize(
    ("values", "is_rival"),
    [
        pytest.param((0.1, DIVERGED, 0.2), True, id="one seed diverged"),
        pytest.param((0.1, DIVERGED, DIVERGED), False, id="two seeds diverged"),
    ],
)
def test_a_trial_whose_middle_seed_diverged_is_no_rival(
    values: Sequence[float], is_rival: bool
) -> None:
    rivals = list_rivals(TRIALS, VAL_LOSS, by_number(confirmed(1, *values)))
    assert bool(rivals) is is_rival


def test_without_confirmations_the_best_trial_wins() -> None:
    assert find_best_network(TRIALS, VAL_LOSS, {}) is TRIALS[0]
    assert find_best_network(TRIALS, MACRO_F1, {}) is TRIALS[1]
    assert find_best_network([], VAL_LOSS, {}) is None


@pytest.mark.parametrize(
    "confirmations",
    [
        pytest.param(by_number(BETTER), id="another trial alone"),
        pytest.param(by_number(BETTER, confirmed(0, 0.1, 0.2)), id="incomplete"),
        pytest.param(by_number(BETTER, confirmed(0, 0.1, DIVERGED, DIVERGED)), id="diverged"),
    ],
)
def test_a_best_trial_that_was_not_confirmed_wins_as_it_is(confirmations: Confirmations) -> None:
    assert find_best_network(TRIALS, VAL_LOSS, confirmations) is TRIALS[0]


def test_fresh_seeds_choose_another_trial_than_the_best() -> None:
    winner = find_best_network(TRIALS, VAL_LOSS, by_number(WORSE, BETTER))
    assert winner is not None
    assert (winner.number, winner.value) == (1, 0.112)


def test_a_confirmed_winner_is_its_middle_retraining_under_the_trials_name() -> None:
    trial = make_trial(
        1,
        (0.11, 300.0),
        name="#1 small",
        start="small",
        run_id="run of the search",
        training=make_training({"val_loss": 0.11}),
        violations={"gap": -0.01},
        seconds=20,
    )
    winner = find_best_network([TRIALS[0], trial], VAL_LOSS, by_number(WORSE, BETTER))
    assert winner == replace(
        trial,
        values=(0.112, 300.0),
        training=make_training({"val_loss": 0.112}),
        run_id="run 0.112",
        has_model=True,
    )
    assert (winner.name, winner.start, winner.violations) == ("#1 small", "small", {"gap": -0.01})
    assert winner.val_loss == 0.112


def test_a_best_trial_that_wins_again_has_the_middle_value_and_not_its_own() -> None:
    winner = find_best_network(TRIALS, VAL_LOSS, by_number(WORSE))
    assert winner is not None
    assert (winner.number, winner.value, winner.run_id) == (0, 0.131, "run 0.131")


def test_trials_whose_middle_value_misses_the_target_are_disproved() -> None:
    # Middle values 0.131 and 0.112.
    confirmations = by_number(WORSE, BETTER)
    assert disproved_trials(confirmations, VAL_LOSS, 0.12) == {0}
    assert disproved_trials(confirmations, VAL_LOSS, 0.112) == {0}
    assert disproved_trials(confirmations, VAL_LOSS, 0.1) == {0, 1}
    assert disproved_trials(confirmations, MACRO_F1, 0.12) == {1}


def test_the_middle_value_decides_and_not_the_mean() -> None:
    entry = confirmed(0, 0.04, 0.04, 0.30)
    assert fmean(entry.values) > 0.05
    assert disproved_trials({0: entry}, VAL_LOSS, 0.05) == frozenset()


def test_without_a_target_nothing_is_disproved() -> None:
    assert disproved_trials(by_number(WORSE), VAL_LOSS, None) == frozenset()


@pytest.mark.parametrize("n_seeds", range(1, N_SEEDS))
def test_an_incomplete_confirmation_disproves_nothing(n_seeds: int) -> None:
    assert disproved_trials({0: confirmed(0, *[0.9] * n_seeds)}, VAL_LOSS, 0.05) == frozenset()


def test_a_trial_that_diverges_with_fresh_seeds_is_disproved() -> None:
    entry = confirmed(0, 0.04, DIVERGED, DIVERGED)
    assert disproved_trials({0: entry}, VAL_LOSS, 0.05) == {0}
