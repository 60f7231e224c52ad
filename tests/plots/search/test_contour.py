import numpy as np
import pytest

from search.plots.search.contour import plot_contour
from search.plots.search.layers import Field
from search.space.distribution import Categorical, Distribution, Int
from tests.plots.search.searches import DISTRIBUTIONS, make_space, search, trial, twelve


def fields() -> list[Field]:
    picture = plot_contour(twelve())
    assert picture is not None
    return [x for panel in picture.panels for x in panel.layers if isinstance(x, Field)]


def test_each_pair_has_a_panel_and_the_best_values_have_the_deepest_colour() -> None:
    assert len(fields()) == 3
    picture = plot_contour(twelve())
    assert picture is not None and picture.bands is not None
    assert len(picture.bands.colors) == len(picture.bands.edges) - 1
    assert (picture.bands.colors[0], picture.bands.colors[-1]) == ("#0b3c68", "#edf1f4")


def test_a_choice_has_one_row_of_the_grid_that_is_not_smoothed_into_the_next() -> None:
    rate_and_cell = fields()[0]
    assert list(rate_and_cell.y_edges) == [-0.5, 0.5, 1.5]
    assert rate_and_cell.z.shape[0] == 2


def test_two_choices_have_the_means_of_their_trials() -> None:
    pair: dict[str, Distribution] = {
        "cell": Categorical(("lstm", "gru")),
        "recurrent_layers": Int(1, 2),
    }
    values = {("lstm", 1): [0.1, 0.2, 0.3], ("lstm", 2): [0.4] * 3, ("gru", 1): [0.25, 0.35] * 2}
    points = [(cell, layers, value) for (cell, layers), v in values.items() for value in v]
    trials = [
        trial(n, value, hyperparameters={"cell": cell, "recurrent_layers": layers})
        for n, (cell, layers, value) in enumerate(points)
    ]
    picture = plot_contour(search(trials, space=make_space(pair)))
    assert picture is not None
    field = picture.panels[0].layers[0]
    assert isinstance(field, Field)
    assert field.z[0] == pytest.approx([0.2, 0.3])
    assert field.z[1, 0] == pytest.approx(0.4)
    assert np.isnan(field.z[1, 1])


def test_smoothed_values_stay_between_the_trials() -> None:
    for field in fields():
        assert np.nanmin(field.z) >= 0.14 - 1e-9
        assert np.nanmax(field.z) <= 0.151 + 1e-9


def test_few_trials_or_one_hyperparameter_have_no_contour() -> None:
    assert plot_contour(twelve(9)) is None
    alone = make_space({"learning_rate": DISTRIBUTIONS["learning_rate"]})
    assert plot_contour(search(twelve().trials, space=alone)) is None


def test_a_pair_of_which_one_is_the_condition_of_the_other_is_left_out() -> None:
    space = make_space({"recurrent_layers": Int(1, 2), "units_2": Int(1, 64)})
    trials = [
        trial(
            number,
            0.1 + number / 100,
            hyperparameters={"recurrent_layers": 1 + number % 2}
            | ({"units_2": number} if number % 2 else {}),
        )
        for number in range(12)
    ]
    assert plot_contour(search(trials, space=space)) is None
