from typing import Any

import pytest

from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.problem import ProblemsError


@pytest.mark.parametrize(
    ("kind", "arguments", "problem"),
    [
        pytest.param(
            Int,
            {"low": 128, "high": 64},
            r"^low: .*\(64\).*128$",
            id="low above high",
        ),
        pytest.param(
            Int,
            {"low": 0, "high": 64, "log": True},
            "^low: .*above 0.*log.*0$",
            id="log from 0",
        ),
        pytest.param(
            Int,
            {"low": 1, "high": 9, "log": True, "step": 2},
            "^step: .*left out.*log",
            id="log with a step",
        ),
        pytest.param(
            Int,
            {"low": 0, "high": 10, "step": 3},
            r"^step: .*divide.*\(0\).*\(10\).*3$",
            id="step that does not divide",
        ),
        pytest.param(
            Int, {"low": 0, "high": 10, "step": 0}, "^step: .*above 0.*0$", id="step of 0"
        ),
        pytest.param(
            Int,
            {"low": 0.5, "high": 10},
            r"^low: .*whole number.*0\.5$",
            id="fraction for an int",
        ),
        pytest.param(
            Int,
            {"low": True, "high": 10},
            "^low: .*whole number.*true$",
            id="true for an int",
        ),
        pytest.param(
            Float,
            {"low": "a", "high": None},
            "^low: .*number.* a\nhigh: .*nothing$",
            id="word and nothing for a float",
        ),
        pytest.param(
            Float, {"low": 0, "high": float("inf")}, "^high: .*finite.*inf$", id="infinity"
        ),
        pytest.param(Float, {"low": float("nan"), "high": 1}, "^low: .*finite.*nan$", id="nan"),
        pytest.param(
            Float,
            {"low": 0, "high": 1, "log": "yes"},
            "^log: .*true or false.*yes$",
            id="word for log",
        ),
        pytest.param(
            Float,
            {"low": 0.0, "high": 0.5, "step": 0.2},
            "^step: .*divide",
            id="decimal step that does not divide",
        ),
        pytest.param(
            Float,
            {"low": 0, "high": 1e300, "step": 0.7},
            "^step: .*divide",
            id="step in a huge range",
        ),
        pytest.param(
            Categorical,
            {"choices": ()},
            "^choices: .*at least one",
            id="no choices",
        ),
        pytest.param(
            Categorical,
            {"choices": (1, 1.0)},
            r"^choices\[1\]: .*repeat.* 1\b",
            id="a choice twice",
        ),
        pytest.param(
            Categorical,
            {"choices": ([1],)},
            r"^choices\[0\]: .*value.*list",
            id="list as a choice",
        ),
        pytest.param(Fixed, {"value": None}, "value.*nothing", id="nothing as the fixed value"),
    ],
)
def test_a_distribution_refuses_what_breaks_its_rules(
    kind: type[Any], arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ProblemsError, match=problem):
        kind(**arguments)


def test_a_decimal_step_divides_its_range_though_binary_floats_do_not() -> None:
    assert 0.3 % 0.1 != 0
    assert Float(0.0, 0.3, step=0.1).find_problem(0.3) == ""
    assert Float(0.0, 0.5, step=0.1).find_problem(0.1 + 0.2) == ""


@pytest.mark.parametrize(
    ("distribution", "inside", "outside"),
    [
        pytest.param(Int(16, 128), [16, 17, 128], [15, 129, 16.0, True, "16"], id="int"),
        pytest.param(Int(0, 6, step=3), [0, 3, 6], [1, 5, 9], id="int with a step"),
        pytest.param(
            Float(0, 0.6), [0, 0.0, 0.33, 0.6], [-0.1, 0.61, float("nan"), False, "0.1"], id="float"
        ),
        pytest.param(
            Float(0.1, 0.5, step=0.2), [0.1, 0.3, 0.5], [0.2, 0.4], id="float with a step"
        ),
        pytest.param(
            Categorical((False, True)),
            [False, True],
            [0, 1, "true"],
            id="choices of true and false",
        ),
        pytest.param(Categorical((0, 32)), [0, 32], [False, 31], id="choices of numbers"),
        pytest.param(Fixed("pre"), ["pre"], ["post", None], id="fixed"),
    ],
)
def test_values_outside_have_a_problem_and_values_inside_have_none(
    distribution: Distribution, inside: list[object], outside: list[object]
) -> None:
    assert [distribution.find_problem(value) for value in inside] == [""] * len(inside)
    assert all(distribution.find_problem(value).startswith("must be ") for value in outside)


def test_a_distribution_reads_as_a_person_would_say_it() -> None:
    assert str(Int(16, 128, log=True)) == "16 to 128, log"
    assert str(Float(0, 0.6, step=0.2)) == "0 to 0.6, step 0.2"
    assert str(Categorical((False, True))) == "false, true"
    assert str(Fixed(0.5)) == "0.5"
