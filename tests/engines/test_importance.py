import math
from typing import Literal

import numpy as np
import optuna
import pytest
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from search.engines.importance import importances
from search.trial.importance import Importance

Direction = Literal["minimize", "maximize"]


def add(study: optuna.Study, x: float, value: float, state: TrialState, **more: float) -> None:
    distributions: dict[str, BaseDistribution] = {
        name: FloatDistribution(0.0, 1.0) for name in ("x", *more)
    }
    study.add_trial(
        create_trial(
            params={"x": x, **more}, distributions=distributions, values=[value], state=state
        )
    )


def studied(n_trials: int, *, direction: Direction = "minimize") -> optuna.Study:
    """Trials whose value is x, and in which y, and z that every other trial has, do nothing."""
    study = optuna.create_study(direction=direction)
    for x, y, z in np.random.default_rng(0).random((n_trials, 3)):
        more = {"y": y} | ({"z": z} if y < 0.5 else {})
        add(study, x, x, TrialState.COMPLETE, **more)
    return study


def found(study: optuna.Study, objective: int = 0) -> dict[str, Importance]:
    listed = importances(study, seed=0, objective=objective)
    assert listed is not None
    return {entry.name: entry for entry in listed}


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_what_moves_the_value_passes_chance_and_the_rest_does_not(direction: Direction) -> None:
    by_name = found(studied(120, direction=direction))
    assert next(iter(by_name)) == "x"
    assert by_name["x"].share > 0.8 > by_name["x"].by_chance
    assert all(by_name[n].share <= by_name[n].by_chance for n in ("y", "z"))


def test_shares_sum_to_1_and_conditional_hyperparameters_are_among_them() -> None:
    by_name = found(studied(60))
    assert set(by_name) == {"x", "y", "z"}
    assert math.fsum(entry.share for entry in by_name.values()) == pytest.approx(1.0)


def test_shares_are_those_of_optuna_where_the_best_tenth_is_asked_for() -> None:
    study = studied(100)
    theirs = optuna.importance.get_param_importances(study)
    assert {name: entry.share for name, entry in found(study).items()} == pytest.approx(theirs)


def test_one_seed_gives_one_result() -> None:
    study = studied(30)
    assert importances(study, seed=3) == importances(study, seed=3)


def test_fewer_than_ten_trials_or_equal_values_have_no_importances() -> None:
    assert importances(studied(9), seed=0) is None
    constant = optuna.create_study()
    for x in np.linspace(0, 1, 20):
        add(constant, x, 0.5, TrialState.COMPLETE)
    assert importances(constant, seed=0) is None


def test_pruned_trials_count_and_failed_or_diverged_ones_do_not() -> None:
    study = studied(9)
    add(study, 0.5, math.inf, TrialState.COMPLETE, y=0.5)
    study.add_trial(create_trial(state=TrialState.FAIL))
    assert importances(study, seed=0) is None
    pruned = create_trial(
        params={"x": 0.9, "y": 0.5},
        distributions={name: FloatDistribution(0.0, 1.0) for name in "xy"},
        intermediate_values={1: 0.9},
        value=0.9,
        state=TrialState.PRUNED,
    )
    study.add_trial(pruned)
    assert importances(study, seed=0) is not None


def test_a_trial_outside_of_the_space_is_left_out() -> None:
    study = studied(9)
    study.add_trial(create_trial(value=0.1))
    assert importances(study, seed=0) is None


def test_of_several_objectives_one_is_asked_for() -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    for x, y in np.random.default_rng(1).random((100, 2)):
        distributions = {"x": FloatDistribution(0, 1), "n": IntDistribution(0, 100)}
        params = {"x": x, "n": int(100 * y)}
        study.add_trial(create_trial(params=params, distributions=distributions, values=[x, y]))
    assert next(iter(found(study, 0))) == "x"
    assert next(iter(found(study, 1))) == "n"
