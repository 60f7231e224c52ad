import pytest

from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE
from search.space.narrowing import find_range_problems, make_widest
from tests.space.messages import check_messages


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_widest_distribution_is_what_the_catalogue_allows(name: str) -> None:
    assert find_range_problems(name, make_widest(name)) == []


@pytest.mark.parametrize(
    ("name", "distribution", "problem"),
    [
        pytest.param("units_1", Int(1, 2_000), "high: ...1 to 1024...2000", id="high too high"),
        pytest.param(
            "units_1",
            Float(1, 2),
            "type: ...int or categorical...float",
            id="float for an int",
        ),
        pytest.param(
            "dropout",
            Int(0, 0),
            "type: ...float or categorical...int",
            id="int for a float",
        ),
        pytest.param("dropout", Float(-0.1, 0.5), "low: ...0 to 0.9...-0.1", id="low too low"),
        pytest.param(
            "dropout",
            Categorical((0, 0.95)),
            "choices[1]: ...0 to 0.9...0.95",
            id="choice too high",
        ),
        pytest.param(
            "cell",
            Int(1, 2),
            "type: ...categorical...int",
            id="int for a word",
        ),
        pytest.param(
            "cell",
            Categorical(("rnn",)),
            "choices[0]: ...simple_rnn, lstm, gru...rnn",
            id="unknown choice",
        ),
        pytest.param("padding", Fixed("mid"), "...pre, post...mid", id="unknown fixed value"),
    ],
)
def test_a_distribution_outside_the_catalogue_is_reported(
    name: str, distribution: Distribution, problem: str
) -> None:
    check_messages(find_range_problems(name, distribution), problem)
