import itertools

import pytest

from search.engines.grid import Grid, list_continuous
from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.space import Space


def make_space(**dimensions: Distribution | Dimension) -> Space:
    hyperparameters = {
        name: given if isinstance(given, Dimension) else Dimension(given)
        for name, given in dimensions.items()
    }
    return Space("small", "", hyperparameters)


LAYERS = make_space(
    cell=Categorical(("lstm", "gru")),
    recurrent_layers=Int(1, 3),
    units_1=Int(8, 16, step=8),
    units_2=Dimension(Int(8, 16, step=8), (Condition.parse("recurrent_layers", ">= 2"),)),
    units_3=Dimension(Int(8, 16, step=8), (Condition.parse("recurrent_layers", ">= 3"),)),
    batch_size=Fixed(32),
)


def test_an_inactive_hyperparameter_multiplies_nothing() -> None:
    # Two cells, by 2, 2 x 2 or 2 x 2 x 2 choices of units for 1, 2 or 3 layers.
    assert Grid(LAYERS).n_points == 2 * (2 + 4 + 8)


def test_every_point_is_listed_once() -> None:
    grid = Grid(LAYERS)
    points = [grid.point_at(index) for index in range(grid.n_points)]
    by_hand = [
        {"cell": cell, "recurrent_layers": n_layers}
        | {f"units_{layer + 1}": units for layer, units in enumerate(chosen)}
        for n_layers in (1, 2, 3)
        for cell in ("lstm", "gru")
        for chosen in itertools.product((8, 16), repeat=n_layers)
    ]
    in_order = sorted(points, key=lambda point: str(sorted(point.items())))
    assert in_order == sorted(by_hand, key=lambda point: str(sorted(point.items())))


def test_a_condition_of_a_condition_is_followed() -> None:
    space = make_space(
        optimizer=Categorical(("adam", "sgd")),
        momentum=Dimension(Float(0.0, 0.9, step=0.9), (Condition.parse("optimizer", "sgd"),)),
        clip_norm=Dimension(Float(0.0, 2.0, step=1.0), (Condition.parse("momentum", 0.9),)),
    )
    # adam; sgd without momentum; sgd with momentum and three norms.
    assert Grid(space).n_points == 1 + 1 + 3


def test_values_of_a_step_are_decimal() -> None:
    grid = Grid(make_space(dropout=Float(0.1, 0.4, step=0.1)))
    assert [grid.point_at(index)["dropout"] for index in range(4)] == [0.1, 0.2, 0.3, 0.4]


def test_a_space_of_fixed_values_has_one_empty_point() -> None:
    grid = Grid(make_space(batch_size=Fixed(32)))
    assert (grid.n_points, grid.point_at(0)) == (1, {})


def test_there_is_no_point_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        Grid(LAYERS).point_at(28)


def test_a_grid_of_many_points_is_counted_without_listing_them() -> None:
    wide = make_space(
        vocabulary_size=Int(1_000, 100_999),
        units_1=Int(1, 1_024),
        embedding_size=Int(2, 1_024),
        dense_units=Int(0, 1_024),
    )
    assert Grid(wide).n_points == 10**5 * 1_024 * 1_023 * 1_025


def test_ranges_without_a_step_are_continuous_unless_they_are_one_value() -> None:
    space = make_space(
        learning_rate=Float(1e-3, 1e-2, log=True),
        dropout=Float(0.0, 0.5, step=0.1),
        word_dropout=Float(0.3, 0.3),
        weight_decay=Float(0.0, 0.1),
    )
    assert list_continuous(space) == ["learning_rate", "weight_decay"]
    with pytest.raises(ValueError, match="learning_rate: a grid needs a step"):
        Grid(space)
