import math

import pytest

from search.plots.search.axes import HyperparameterAxis
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from tests.plots.search.searches import CELL, RATE, UNITS, trial


def test_a_number_lies_at_itself_and_a_choice_at_its_index() -> None:
    assert RATE.place(trial(0, hyperparameters={"learning_rate": 0.01})) == 0.01
    assert CELL.place(trial(0, hyperparameters={"cell": "gru"})) == 1


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        pytest.param(UNITS, "many", id="text for a number"),
        pytest.param(UNITS, math.nan, id="nan"),
        pytest.param(CELL, "rnn", id="not a choice"),
        pytest.param(RATE, 0.0, id="0 on a logarithmic axis"),
    ],
)
def test_what_is_no_value_of_the_space_has_no_place(
    axis: HyperparameterAxis, value: float | str
) -> None:
    assert axis.place(trial(0, hyperparameters={axis.name: value})) is None


def test_an_inactive_hyperparameter_has_no_place() -> None:
    assert UNITS.place(trial(0, hyperparameters={})) is None


def test_true_is_not_the_choice_1() -> None:
    axis = HyperparameterAxis("x", choices=(1, True))
    assert axis.place(trial(0, hyperparameters={"x": True})) == 1


@pytest.mark.parametrize(
    ("distribution", "axis"),
    [
        pytest.param(
            Float(1e-4, 1e-2, log=True), HyperparameterAxis("a", is_log=True), id="logarithmic"
        ),
        pytest.param(Int(1, 9), HyperparameterAxis("a", is_whole=True), id="nine whole numbers"),
        pytest.param(
            Int(1, 3), HyperparameterAxis("a", choices=(1, 2, 3)), id="three whole numbers"
        ),
        pytest.param(
            Int(16, 64, step=16), HyperparameterAxis("a", choices=(16, 32, 48, 64)), id="steps"
        ),
        pytest.param(
            Categorical(("x", "y")), HyperparameterAxis("a", choices=("x", "y")), id="choices"
        ),
        pytest.param(Fixed(3), HyperparameterAxis("a"), id="fixed"),
    ],
)
def test_an_axis_fits_the_values_of_its_distribution(
    distribution: Distribution, axis: HyperparameterAxis
) -> None:
    assert HyperparameterAxis.from_distribution("a", distribution) == axis
