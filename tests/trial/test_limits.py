import math
from typing import Any

import pytest

from search.errors import StudyError
from search.trial.limits import Limits

METRICS = {"gap": 0.05, "parameters": 150.0, "val_loss": 0.2}
BOTH = Limits(max_parameters=100, max_gap=0.02)


@pytest.mark.parametrize(
    ("fields", "parameter", "message"),
    [
        pytest.param(
            {"max_parameters": 0}, "max_parameters", "1 or more, got 0", id="no parameter"
        ),
        pytest.param({"max_gap": -0.01}, "max_gap", "0 or more, got -0.01", id="gap below 0"),
        pytest.param({"max_gap": math.nan}, "max_gap", "0 or more, got nan", id="gap is NaN"),
        pytest.param({"max_gap": math.inf}, "max_gap", "got inf", id="gap is infinite"),
    ],
)
def test_a_number_that_is_no_limit_is_refused_by_its_parameter(
    fields: dict[str, Any], parameter: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message) as error:
        Limits(**fields)
    assert error.value.parameter == parameter


def test_the_smallest_limits_are_one_parameter_and_no_gap() -> None:
    limits = Limits(max_parameters=1, max_gap=0.0)
    assert limits.violations({"gap": 0.0, "parameters": 1.0}) == {"gap": 0.0, "parameters": 0.0}


@pytest.mark.parametrize(
    ("limits", "violations"),
    [
        pytest.param(BOTH, {"gap": 0.03, "parameters": 0.5}, id="beyond both"),
        pytest.param(Limits(300, 0.05), {"gap": 0.0, "parameters": -0.5}, id="within both"),
        pytest.param(Limits(150, 0.1), {"gap": -0.05, "parameters": 0.0}, id="on the size"),
        pytest.param(Limits(max_parameters=100), {"parameters": 0.5}, id="size alone"),
        pytest.param(Limits(max_gap=0.02), {"gap": 0.03}, id="gap alone"),
        pytest.param(Limits(), {}, id="no limit"),
    ],
)
def test_a_violation_is_above_zero_beyond_a_limit_in_nats_and_as_a_share_of_the_weights(
    limits: Limits, violations: dict[str, float]
) -> None:
    assert limits.violations(METRICS) == pytest.approx(violations)


@pytest.mark.parametrize("limit", ["gap", "parameters"])
def test_a_trial_violates_no_limit_of_what_was_not_measured(limit: str) -> None:
    metrics = {name: value for name, value in METRICS.items() if name != limit}
    violations = BOTH.violations(metrics)
    assert violations == pytest.approx(
        {name: value for name, value in BOTH.violations(METRICS).items() if name != limit}
    )
    assert BOTH.violations({}) == {}


def test_a_size_is_held_against_its_limit_before_training() -> None:
    assert BOTH.violations({"parameters": 125}) == {"parameters": 0.25}
    assert BOTH.violations({"parameters": 75}) == {"parameters": -0.25}
    assert Limits(max_gap=0.02).violations({"parameters": 125}) == {}


def test_a_gap_is_held_against_its_limit() -> None:
    assert BOTH.violations({"gap": 0.02}) == {"gap": 0.0}
    assert BOTH.violations({"gap": -0.02}) == pytest.approx({"gap": -0.04})
    assert Limits(max_parameters=100).violations({"gap": 0.5}) == {}
