from typing import Any

import pytest

from search.space.distribution import Categorical, Distribution, Fixed, Float, Int, same
from search.space.problem import Refused


@pytest.mark.parametrize(
    ("kind", "arguments", "problem"),
    [
        (Int, {"low": 128, "high": 64}, r"^low: must be at most high \(64\), got 128$"),
        (Int, {"low": 0, "high": 64, "log": True}, "^low: must be above 0 when log is true, got 0"),
        (Int, {"low": 1, "high": 9, "log": True, "step": 2}, "^step: must be left out when log"),
        (
            Int,
            {"low": 0, "high": 10, "step": 3},
            r"^step: must divide the range from low \(0\) to high \(10\), got 3$",
        ),
        (Int, {"low": 0, "high": 10, "step": 0}, "^step: must be above 0, got 0"),
        (Int, {"low": 0.5, "high": 10}, "^low: must be a whole number, got 0.5"),
        (Int, {"low": True, "high": 10}, "^low: must be a whole number, got true"),
        (Float, {"low": "a", "high": None}, "^low: must be a number, got a\nhigh: .* got nothing"),
        (Float, {"low": 0, "high": float("inf")}, "^high: must be finite, got inf"),
        (Float, {"low": float("nan"), "high": 1}, "^low: must be finite, got nan"),
        (Float, {"low": 0, "high": 1, "log": "yes"}, "^log: must be true or false, got yes"),
        (Float, {"low": 0.0, "high": 0.5, "step": 0.2}, "^step: must divide the range"),
        (Float, {"low": 0, "high": 1e300, "step": 0.7}, "^step: must divide the range"),
        (Categorical, {"choices": ()}, "^choices: must have at least one value, got none"),
        (Categorical, {"choices": (1, 1.0)}, r"^choices\[1\]: must not repeat a choice, got 1 "),
        (Categorical, {"choices": ([1],)}, r"^choices\[0\]: must be a value, got a list"),
        (Fixed, {"value": None}, "^must be a value, got nothing"),
    ],
)
def test_a_distribution_refuses_what_breaks_its_rules(
    kind: type[Any], arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(Refused, match=problem):
        kind(**arguments)


def test_a_decimal_step_divides_its_range_though_binary_floats_do_not() -> None:
    assert 0.3 % 0.1 != 0
    assert Float(0.0, 0.3, step=0.1).problem(0.3) == ""
    assert Float(0.0, 0.5, step=0.1).problem(0.1 + 0.2) == ""


@pytest.mark.parametrize(
    ("distribution", "inside", "outside"),
    [
        (Int(16, 128), [16, 17, 128], [15, 129, 16.0, True, "16"]),
        (Int(0, 6, step=3), [0, 3, 6], [1, 5, 9]),
        (Float(0, 0.6), [0, 0.0, 0.33, 0.6], [-0.1, 0.61, float("nan"), False, "0.1"]),
        (Float(0.1, 0.5, step=0.2), [0.1, 0.3, 0.5], [0.2, 0.4]),
        (Categorical((False, True)), [False, True], [0, 1, "true"]),
        (Categorical((0, 32)), [0, 32], [False, 31]),
        (Fixed("pre"), ["pre"], ["post", None]),
    ],
)
def test_values_inside_are_told_from_values_outside(
    distribution: Distribution, inside: list[object], outside: list[object]
) -> None:
    assert [distribution.problem(value) for value in inside] == [""] * len(inside)
    assert all(distribution.problem(value).startswith("must be ") for value in outside)


def test_a_distribution_reads_as_a_person_would_say_it() -> None:
    assert str(Int(16, 128, log=True)) == "16 to 128, log"
    assert str(Float(0, 0.6, step=0.2)) == "0 to 0.6, step 0.2"
    assert str(Categorical((False, True))) == "false, true"
    assert str(Fixed(0.5)) == "0.5"


def test_true_is_not_one() -> None:
    assert same(1, 1.0)
    assert not same(1, True)
