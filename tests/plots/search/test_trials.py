import math

import pytest

from search.plots.search.trials import (
    Outcome,
    SearchedDimension,
    SearchedImportance,
    SearchedObjective,
)
from search.space.distribution import Categorical, Fixed, Float, Int
from tests.plots.search.searches import CELL, RATE, UNITS, search, trial, twelve


def test_a_number_lies_at_itself_and_a_choice_at_its_index() -> None:
    assert RATE.place({"learning_rate": 0.01}) == 0.01
    assert CELL.place({"cell": "gru"}) == 1


def test_what_is_inactive_or_no_value_of_the_space_has_no_place() -> None:
    assert UNITS.place({}) is None
    assert UNITS.place({"units_2": "many"}) is None
    assert UNITS.place({"units_2": math.nan}) is None
    assert CELL.place({"cell": "rnn"}) is None
    assert RATE.place({"learning_rate": 0.0}) is None


def test_true_is_not_the_choice_1() -> None:
    assert SearchedDimension("x", choices=(1, True)).place({"x": True}) == 1


def test_distributions_of_a_space_become_dimensions() -> None:
    assert SearchedDimension.of("a", Float(1e-4, 1e-2, log=True)) == SearchedDimension("a", True)
    assert SearchedDimension.of("a", Int(1, 9)) == SearchedDimension("a", is_whole=True)
    assert SearchedDimension.of("a", Int(1, 3)).choices == (1, 2, 3)
    assert SearchedDimension.of("a", Int(16, 64, step=16)).choices == (16, 32, 48, 64)
    assert SearchedDimension.of("a", Categorical(("x", "y"))).choices == ("x", "y")
    assert SearchedDimension.of("a", Fixed(3)) == SearchedDimension("a")


def test_trials_that_failed_or_diverged_have_no_value() -> None:
    failed = trial(1, outcome=Outcome.FAIL)
    diverged = trial(2, math.nan)
    of = search([trial(0, 0.2), failed, diverged])
    assert [entry.number for entry in of.valued] == [0]
    assert diverged.value is None


def test_each_trial_needs_a_value_for_each_objective() -> None:
    with pytest.raises(ValueError, match="each of 2 objectives"):
        search([trial(0, 0.2)], objectives=[SearchedObjective("a"), SearchedObjective("b")])
    with pytest.raises(ValueError, match="each of 0 objectives"):
        search([], objectives=[])


def test_trials_are_ordered_by_their_direction_and_ties_by_number() -> None:
    trials = [trial(2, 0.1), trial(0, 0.3), trial(1, 0.1)]
    assert [t.number for t in search(trials).by_value(trials)] == [1, 2, 0]
    upward = search(trials, objectives=[SearchedObjective("macro_f1", is_minimized=False)])
    assert [t.number for t in upward.by_value(trials)] == [0, 1, 2]


def test_only_what_varies_is_shown_the_most_important_first() -> None:
    of = twelve()
    assert [dimension.name for dimension in of.varied()] == ["learning_rate", "cell", "units_2"]
    importances = [SearchedImportance("cell", 0.7, 0.1), SearchedImportance("units_2", 0.3, 0.1)]
    ranked = search(of.trials, importances=importances).varied()
    assert [dimension.name for dimension in ranked] == ["cell", "units_2", "learning_rate"]
    assert search([trial(0, 0.1), trial(1, 0.2)]).varied() == []


def test_of_many_trials_the_leading_fifth_and_others_evenly_are_drawn() -> None:
    trials = [trial(number, 1.0 - number / 100) for number in range(100)]
    drawn = search(trials).thinned(20)
    assert len(drawn) == 20
    assert [t.number for t in drawn][-4:] == [96, 97, 98, 99]
    assert drawn[0].number == 0
    assert search(trials).note_of_thinning(20).startswith("20 of 100 trials are drawn")
    assert search(trials).note_of_thinning(100) == ""


def test_trials_on_the_front_are_always_drawn() -> None:
    trials = [trial(number, float(number), is_best=number > 40) for number in range(50)]
    assert {t.number for t in search(trials).thinned(5)} >= set(range(41, 50))
