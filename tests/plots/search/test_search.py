import math

import pytest

from search.plots.search.search import has_value
from search.space.distribution import Fixed, Float
from search.trial.importance import Importance
from search.trial.state import TrialState
from tests.plots.search.searches import F1, make_space, search, trial, twelve


def test_trials_that_failed_or_diverged_have_no_value() -> None:
    failed = trial(1, state=TrialState.FAIL)
    diverged = trial(2, math.nan)
    valued = search([trial(0, 0.2), failed, diverged]).valued
    assert [entry.number for entry in valued] == [0]


@pytest.mark.parametrize(
    ("values", "is_finite"),
    [
        pytest.param((0.1, 2.0), True, id="finite"),
        pytest.param((), False, id="none"),
        pytest.param((0.1, math.inf), False, id="infinite"),
        pytest.param((math.nan, 2.0), False, id="nan"),
    ],
)
def test_all_values_of_a_trial_must_be_finite(values: tuple[float, ...], is_finite: bool) -> None:
    assert has_value(trial(0, *values)) is is_finite


def test_only_searched_hyperparameters_have_an_axis() -> None:
    space = make_space({"learning_rate": Float(0.1, 1.0), "batch_size": Fixed(32)})
    trials = [
        trial(n, 0.1, hyperparameters={"learning_rate": 0.1 * (n + 1), "batch_size": 32 + n})
        for n in range(2)
    ]
    assert [axis.name for axis in search(trials, space=space).list_varied()] == ["learning_rate"]


def test_trials_are_ordered_by_their_direction_and_ties_by_number() -> None:
    trials = [trial(2, 0.1), trial(0, 0.3), trial(1, 0.1)]
    assert [t.number for t in search(trials).order(trials)] == [1, 2, 0]
    assert [t.number for t in search(trials, objectives=F1).order(trials)] == [0, 1, 2]


def test_only_what_varies_is_shown_the_most_important_first() -> None:
    names = [axis.name for axis in twelve().list_varied()]
    assert names == ["learning_rate", "cell", "units_2"]
    importances = [Importance("cell", 0.7, 0.1), Importance("units_2", 0.3, 0.1)]
    ranked = twelve(importances=importances).list_varied()
    assert [axis.name for axis in ranked] == ["cell", "units_2", "learning_rate"]
    assert search([trial(0, 0.1), trial(1, 0.2)]).list_varied() == []


def test_of_many_trials_the_leading_fifth_and_others_evenly_are_drawn() -> None:
    trials = [trial(number, 1.0 - number / 100) for number in range(100)]
    drawn = search(trials).thin(20)
    assert len(drawn) == 20
    assert [t.number for t in drawn][-4:] == [96, 97, 98, 99]
    assert drawn[0].number == 0
    assert "20 of 100 trials" in search(trials).describe_thinning(20)
    assert search(trials).describe_thinning(100) == ""


def test_trials_on_the_front_are_always_drawn() -> None:
    trials = [trial(number, float(number)) for number in range(50)]
    drawn = search(trials, *range(41, 50)).thin(5)
    assert {t.number for t in drawn} >= set(range(41, 50))
