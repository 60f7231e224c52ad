import numpy as np
import pytest

from search.plots.search.parallel import plot_parallel
from search.plots.search.picture import INFEASIBLE_SHADE, UNUSED, Parallel
from search.plots.search.search import Search
from search.trial.state import TrialState
from tests.plots.search.searches import search, trial, twelve


def lines(films: Search) -> Parallel:
    picture = plot_parallel(films)
    assert picture is not None and picture.parallel is not None
    return picture.parallel


def test_the_objective_comes_first_and_then_what_varies() -> None:
    parallel = lines(twelve())
    labels = [scale.label for scale in parallel.scales]
    assert labels == ["val_loss", "learning_rate (log)", "cell", "units_2"]


def test_places_are_from_0_to_1_by_the_logarithm_where_the_axis_is_logarithmic() -> None:
    parallel = lines(twelve())
    _, rate, cell, _ = parallel.scales
    assert rate.places == pytest.approx(np.arange(12) / 11)
    assert list(cell.places[:3]) == [1.0, 0.0, 0.0]
    assert list(cell.ticks) == [(0.0, "lstm"), (1.0, "gru")]


def test_an_inactive_hyperparameter_has_a_place_of_its_own() -> None:
    parallel = lines(twelve())
    units = parallel.scales[3]
    assert list(units.places[::2]) == [UNUSED] * 6
    assert units.ticks[0] == (UNUSED, "unused")
    picture = plot_parallel(twelve())
    assert picture is not None and "inactive" in picture.note


def test_the_better_the_deeper_and_pruned_ones_are_palest() -> None:
    trials = [
        trial(0, 0.1, hyperparameters={"learning_rate": 0.1}),
        trial(1, 0.3, hyperparameters={"learning_rate": 0.2}),
        trial(2, 0.2, state=TrialState.PRUNED),
        trial(3, 0.05, is_feasible=False),
    ]
    parallel = lines(search(trials))
    best, worst, pruned, spoilt = parallel.shades
    assert best > worst > pruned > 0
    assert spoilt == INFEASIBLE_SHADE
    assert [label for _, label in parallel.legend][-2:] == [
        "pruned",
        "over a limit",
    ]


def test_one_trial_or_nothing_varied_has_no_lines() -> None:
    assert plot_parallel(twelve(1)) is None
    assert plot_parallel(search([trial(0, 0.1), trial(1, 0.2)])) is None


def test_equal_values_do_not_divide_by_zero() -> None:
    equal = search(
        [trial(n, 0.1, hyperparameters={"learning_rate": 0.1 * (n + 1)}) for n in range(2)]
    )
    parallel = lines(equal)
    assert list(parallel.scales[0].places) == [0.0, 0.0]
