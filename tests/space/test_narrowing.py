import pytest

from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE
from search.space.narrowing import narrowing_problems, widest


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_widest_distribution_is_what_the_catalogue_allows(name: str) -> None:
    assert narrowing_problems(name, widest(name)) == []


@pytest.mark.parametrize(
    ("name", "distribution", "problem"),
    [
        ("units_1", Int(1, 2_000), "high: must be from 1 to 1024, got 2000"),
        ("units_1", Float(1, 2), "type: must be int or categorical, or one fixed value, got float"),
        ("dropout", Int(0, 0), "type: must be float or categorical, or one fixed value, got int"),
        ("dropout", Float(-0.1, 0.5), "low: must be from 0 to 0.9, got -0.1"),
        ("dropout", Categorical((0, 0.95)), "choices[1]: must be from 0 to 0.9, got 0.95"),
        ("cell", Int(1, 2), "type: must be categorical, or one fixed value, got int"),
        (
            "cell",
            Categorical(("rnn",)),
            "choices[0]: must be one of simple_rnn, lstm, gru, got rnn",
        ),
        ("padding", Fixed("mid"), "must be one of pre, post, got mid"),
    ],
)
def test_a_distribution_outside_the_catalogue_is_told(
    name: str, distribution: Distribution, problem: str
) -> None:
    assert [str(found) for found in narrowing_problems(name, distribution)] == [problem]
