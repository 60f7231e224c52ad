import pytest

from search.space.condition import Condition
from search.space.dimension import Dimension, find_dimension_problems, sort_parents_first
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE
from tests.space.messages import check_messages

LAYERS = Dimension(Int(1, 3))
UNITS_2 = Dimension(Int(8, 64), (Condition.parse("recurrent_layers", ">= 2"),))


def test_a_dimension_is_active_where_all_its_conditions_hold() -> None:
    both = Dimension(Int(8, 64), (*UNITS_2.conditions, Condition.parse("cell", "gru")))
    assert both.is_active({"recurrent_layers": 2, "cell": "gru"})
    assert not both.is_active({"recurrent_layers": 1, "cell": "gru"})
    assert not both.is_active({"recurrent_layers": 2})
    assert LAYERS.is_active({})


def test_parents_come_first_else_the_order_is_the_catalogues() -> None:
    skip = Dimension(
        Categorical((False, True)),
        (Condition.parse("dense_units", 0), Condition.parse("convolution_filters", 0)),
    )
    zero = Dimension(Categorical((0, 8)))
    dimensions = {
        "dense_units": zero,
        "cell": Dimension(Categorical(("gru", "lstm"))),
        "embedding_skip": skip,
        "convolution_filters": zero,
    }
    order = ("convolution_filters", "dense_units", "embedding_skip", "cell")
    assert sort_parents_first(dimensions) == (order, [])


def test_every_cycle_is_found() -> None:
    def after(parent: str) -> Dimension:
        return Dimension(Int(8, 64), (Condition.parse(parent, 8),))

    dimensions = {
        "units_1": after("units_2"),
        "units_2": after("units_1"),
        "dense_units": after("dense_units"),
    }
    _, cycles = sort_parents_first(dimensions)
    assert cycles == [("units_1", "units_2", "units_1"), ("dense_units", "dense_units")]


def test_unknown_names_and_parents_and_repeated_parents_are_reported() -> None:
    twice = (Condition.parse("recurrent_layers", 1), Condition.parse("recurrent_layers", 2))
    dimensions = {
        "recurrent_layers": LAYERS,
        "droput": Dimension(Float(0, 0.5)),
        "units_2": Dimension(Int(8, 64), (Condition.parse("recurent_layers", 2),)),
        "units_3": Dimension(Int(8, 64), twice),
    }
    check_messages(
        find_dimension_problems(dimensions),
        "droput: ...nearest: dropout, word_dropout, input_dropout",
        "units_2.when.recurent_layers: ...another hyperparameter...recurrent_layers",
        "units_3.when.recurrent_layers: ...once",
    )


def test_a_long_chain_of_unknown_names_is_ordered_all_the_same() -> None:
    chain = {
        f"a{i}": Dimension(Int(8, 64), (Condition.parse(f"a{i + 1}", 8),)) for i in range(5_000)
    }
    order, cycles = sort_parents_first(chain)
    assert set(order) == set(chain)
    assert cycles == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_all_that_the_catalogue_has_is_allowed(name: str) -> None:
    assert list(find_dimension_problems({name: Dimension(CATALOGUE[name])})) == []


@pytest.mark.parametrize(
    ("name", "distribution", "problem"),
    [
        pytest.param("units_1", Int(1, 2_000), ".high: ...1 to 1024...2000", id="high too high"),
        pytest.param(
            "units_1",
            Float(1, 2),
            ".type: ...int or categorical...float",
            id="float for an int",
        ),
        pytest.param(
            "dropout",
            Int(0, 0),
            ".type: ...float or categorical...int",
            id="int for a float",
        ),
        pytest.param("dropout", Float(-0.1, 0.5), ".low: ...0 to 0.9...-0.1", id="low too low"),
        pytest.param(
            "dropout",
            Categorical((0, 0.95)),
            ".choices[1]: ...0 to 0.9...0.95",
            id="choice too high",
        ),
        pytest.param(
            "cell",
            Int(1, 2),
            ".type: ...categorical...int",
            id="int for a word",
        ),
        pytest.param(
            "cell",
            Categorical(("rnn",)),
            ".choices[0]: ...simple_rnn, lstm, gru...rnn",
            id="unknown choice",
        ),
        pytest.param("padding", Fixed("mid"), ": ...pre, post...mid", id="unknown fixed value"),
    ],
)
def test_a_distribution_outside_the_catalogue_is_reported(
    name: str, distribution: Distribution, problem: str
) -> None:
    found = find_dimension_problems({name: Dimension(distribution)})
    check_messages(found, f"{name}{problem}")
