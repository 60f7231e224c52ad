from collections.abc import Mapping

import numpy as np
import pytest

from search.plots.search.contour import contour
from search.plots.search.picture import Field
from search.plots.search.trials import SearchedDimension
from search.space.hyperparameters import Value
from tests.plots.search.searches import search, trial, twelve


def fields(n_trials: int = 12) -> list[Field]:
    picture = contour(twelve(n_trials))
    assert picture is not None
    return [x for panel in picture.panels for x in panel.layers if isinstance(x, Field)]


def test_each_pair_has_a_panel_with_the_same_bands() -> None:
    found = fields()
    assert len(found) == 3
    assert all(np.array_equal(field.levels, found[0].levels) for field in found)


def test_a_choice_has_one_row_of_cells_that_is_not_smoothed_into_the_next() -> None:
    rate_and_cell = fields()[0]
    assert list(rate_and_cell.y_edges) == [-0.5, 0.5, 1.5]
    assert rate_and_cell.z.shape[0] == 2


def test_two_choices_have_the_means_of_their_trials() -> None:
    pair = [SearchedDimension("a", choices=("x", "y")), SearchedDimension("b", choices=(1, 2))]
    values = {("x", 1): [0.1, 0.2, 0.3], ("x", 2): [0.4] * 3, ("y", 1): [0.25, 0.35] * 2}
    points: list[tuple[Mapping[str, Value], float]] = [
        ({"a": a, "b": b}, value) for (a, b), many in values.items() for value in many
    ]
    trials = [trial(n, value, point=point) for n, (point, value) in enumerate(points)]
    picture = contour(search(trials, dimensions=pair))
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
    assert contour(twelve(9)) is None
    assert contour(search(twelve().trials, dimensions=[SearchedDimension("learning_rate")])) is None


def test_a_pair_of_which_one_is_the_condition_of_the_other_is_left_out() -> None:
    layers = SearchedDimension("layers", choices=(1, 2))
    trials = [
        trial(n, 0.1 + n / 100, point={"layers": 1 + n % 2} | ({"units_2": n} if n % 2 else {}))
        for n in range(12)
    ]
    assert contour(search(trials, dimensions=[layers, SearchedDimension("units_2")])) is None
