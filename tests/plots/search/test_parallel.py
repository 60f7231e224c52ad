import numpy as np
import pytest

from search.plots.search.parallel import parallel
from search.plots.search.picture import SPOILT, UNUSED
from search.plots.search.trials import Outcome
from tests.plots.search.searches import search, trial, twelve


def test_the_objective_comes_first_and_then_what_varies() -> None:
    picture = parallel(twelve())
    assert picture is not None
    labels = [scale.label for scale in picture.scales]
    assert labels == ["val_loss", "learning_rate (log)", "cell", "units_2"]


def test_places_are_from_0_to_1_by_the_logarithm_where_the_axis_is_logarithmic() -> None:
    picture = parallel(twelve())
    assert picture is not None
    _, rate, cell, _ = picture.scales
    assert rate.places == pytest.approx(np.arange(12) / 11)
    assert list(cell.places[:3]) == [1.0, 0.0, 0.0]
    assert list(cell.ticks) == [(0.0, "lstm"), (1.0, "gru")]


def test_an_inactive_hyperparameter_has_a_place_of_its_own() -> None:
    picture = parallel(twelve())
    assert picture is not None
    units = picture.scales[3]
    assert list(units.places[::2]) == [UNUSED] * 6
    assert units.ticks[0] == (UNUSED, "unused")
    assert "inactive" in picture.note


def test_the_better_the_deeper_and_pruned_ones_are_palest() -> None:
    trials = [
        trial(0, 0.1, point={"learning_rate": 0.1}),
        trial(1, 0.3, point={"learning_rate": 0.2}),
        trial(2, 0.2, outcome=Outcome.PRUNED),
        trial(3, 0.05, is_feasible=False),
    ]
    picture = parallel(search(trials))
    assert picture is not None
    best, worst, pruned, spoilt = picture.shades
    assert best > worst > pruned > 0
    assert spoilt == SPOILT
    assert [label for _, label in picture.legend][-2:] == [
        "given up early (pruned)",
        "beyond a limit",
    ]


def test_one_trial_or_nothing_varied_has_no_lines() -> None:
    assert parallel(twelve(1)) is None
    assert parallel(search([trial(0, 0.1), trial(1, 0.2)])) is None


def test_equal_values_do_not_divide_by_zero() -> None:
    of = search([trial(n, 0.1, point={"learning_rate": 0.1 * (n + 1)}) for n in range(2)])
    picture = parallel(of)
    assert picture is not None
    assert list(picture.scales[0].places) == [0.0, 0.0]
