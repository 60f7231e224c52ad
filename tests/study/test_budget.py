import math
import time
from typing import Any

import pytest

from search.errors import StudyError
from search.study.budget import Budget


@pytest.mark.parametrize(
    ("fields", "parameter", "message"),
    [
        pytest.param({"n_trials": 0}, "trials", "1 or more, got 0", id="no trials"),
        pytest.param({"timeout_seconds": 0.0}, "timeout", "seconds, got 0", id="no seconds"),
        pytest.param({"timeout_seconds": -1.0}, "timeout", "seconds, got -1", id="below 0"),
        pytest.param({"timeout_seconds": math.nan}, "timeout", "seconds, got nan", id="NaN"),
        pytest.param({"timeout_seconds": math.inf}, "timeout", "seconds, got inf", id="endless"),
        pytest.param({"patience": 0}, "patience", "1 or more, got 0", id="no patience"),
        pytest.param({"n_confirmed": -1}, "confirm", "0 or more, got -1", id="confirmed"),
    ],
)
def test_a_number_that_is_no_budget_is_refused_by_its_parameter(
    fields: dict[str, Any], parameter: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message) as error:
        Budget(**fields)
    assert error.value.parameter == parameter
    assert error.value.hint


def test_the_smallest_budget_is_taken() -> None:
    budget = Budget(n_trials=1, timeout_seconds=0.001, patience=1, n_confirmed=0)
    assert budget.n_trials == 1


def test_a_search_has_no_limit_but_its_trials_unless_one_is_given() -> None:
    budget = Budget(1)
    assert (budget.timeout_seconds, budget.patience, budget.n_confirmed) == (None, None, 0)
    assert budget.deadline() == math.inf


def test_a_search_must_end_its_timeout_after_it_begins() -> None:
    before = time.monotonic()
    deadline = Budget(timeout_seconds=3600).deadline()
    assert before + 3600 <= deadline <= time.monotonic() + 3600
