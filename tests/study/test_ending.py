from collections.abc import Collection, Sequence

import pytest

from search.engines.strategy import choose_strategy
from search.space.shipped_files import open_space
from search.study.budget import Budget
from search.study.ending import Ending, find_ending
from search.study.plan import StudyPlan
from search.trial.objective import Objectives
from search.trial.state import TrialState
from search.trial.trial import Origin, Trial
from tests.trials import make_trial

LOSS = Objectives()
SMOKE = open_space("smoke")
PRUNED, FAIL = TrialState.PRUNED, TrialState.FAIL


def ending_of(
    trials: Sequence[Trial],
    budget: Budget,
    *,
    objectives: Objectives = LOSS,
    target: float | None = None,
    disproved: Collection[int] = (),
) -> Ending | None:
    strategy = choose_strategy(n_objectives=len(objectives.names))
    plan = StudyPlan(SMOKE, objectives, target=target, strategy=strategy)
    return find_ending(trials, plan, budget, disproved)


def test_a_study_without_a_trial_is_not_at_its_end() -> None:
    assert ending_of([], Budget(1, patience=1), target=0.5) is None


def test_the_total_of_complete_and_pruned_trials_is_an_end() -> None:
    trials = [make_trial(0, 0.5), make_trial(1, 0.9, PRUNED), make_trial(2, None, FAIL)]
    assert ending_of(trials, Budget(2)) is Ending.TRIALS
    assert ending_of(trials, Budget(1)) is Ending.TRIALS
    assert ending_of(trials, Budget(3)) is None


def test_trials_that_were_not_trained_do_not_count() -> None:
    trials = [
        make_trial(0, 0.5),
        make_trial(1, 0.5, origin=Origin(0)),
        make_trial(2, None, PRUNED, refusal="20 parameters > 10"),
    ]
    assert ending_of(trials, Budget(2, patience=1)) is None


@pytest.mark.parametrize(
    ("target", "n_trials", "ending"),
    [
        pytest.param(0.1, 3, Ending.TARGET, id="target and total"),
        pytest.param(0.05, 3, Ending.TRIALS, id="target is not met"),
        pytest.param(None, 3, Ending.TRIALS, id="total and patience"),
        pytest.param(0.05, 4, Ending.PATIENCE, id="patience alone"),
        pytest.param(0.1, 4, Ending.TARGET, id="target and patience"),
    ],
)
def test_a_target_is_named_before_the_total_and_the_total_before_patience(
    target: float | None, n_trials: int, ending: Ending
) -> None:
    trials = [make_trial(0, 0.1), make_trial(1, 0.2), make_trial(2, 0.3)]
    assert ending_of(trials, Budget(n_trials, patience=2), target=target) is ending


def test_a_target_that_fresh_seeds_disproved_is_not_met() -> None:
    trials = [make_trial(0, 0.01), make_trial(1, 0.2)]
    assert ending_of(trials, Budget(9), target=0.05, disproved={0}) is None
    assert ending_of(trials, Budget(9), target=0.05, disproved={1}) is Ending.TARGET


@pytest.mark.parametrize(("patience", "ending"), [(1, Ending.PATIENCE), (2, None)])
def test_patience_counts_the_trials_since_the_last_better_one(
    patience: int, ending: Ending | None
) -> None:
    values = enumerate((0.5, 0.6, 0.4, 0.4))
    trials = [make_trial(number, value) for number, value in values]
    assert ending_of(trials, Budget(9, patience=patience)) is ending


def test_patience_that_is_over_stays_so_until_it_is_raised() -> None:
    trials = [make_trial(0, 0.5), make_trial(1, 0.6), make_trial(2, 0.7)]
    assert ending_of(trials, Budget(9, patience=2)) is Ending.PATIENCE
    assert ending_of(trials, Budget(9, patience=3)) is None


def test_the_target_is_held_against_the_first_of_several_objectives() -> None:
    objectives = Objectives.parse("macro_f1,parameters")
    trials = [make_trial(0, (0.6, 500.0)), make_trial(1, (0.3, 5.0))]
    assert ending_of(trials, Budget(9), objectives=objectives, target=0.6) is Ending.TARGET
    assert ending_of(trials, Budget(9), objectives=objectives, target=0.7) is None
