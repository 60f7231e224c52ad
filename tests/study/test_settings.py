import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from search.errors import StudyError
from search.study.settings import Budget, Fingerprint, default_name, default_target
from search.training.history import Objective

PRINT = Fingerprint(
    data="d" * 64, split="s" * 64, space="e" * 64, objective="val_loss", n_epochs=20, seed=0
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_trials": 0}, "--trials: expected 1 or more, got 0"),
        ({"timeout_seconds": 0.0}, "--timeout: expected more than 0 seconds, got 0"),
        ({"timeout_seconds": float("nan")}, "--timeout: expected more than 0 seconds, got nan"),
        ({"max_parameters": 0}, "--max-parameters: expected 1 or more, got 0"),
        ({"max_gap": -0.01}, "--max-gap: expected 0 or more, got -0.01"),
        ({"max_gap": float("nan")}, "--max-gap: expected 0 or more, got nan"),
    ],
)
def test_a_number_that_is_no_budget_is_refused_by_the_name_of_its_option(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        Budget(**({"n_trials": 10} | changes))


def test_a_budget_has_no_limit_but_its_trials_unless_told() -> None:
    budget = Budget(1)
    assert (budget.timeout_seconds, budget.target, budget.max_parameters) == (None, None, None)


def test_the_short_form_is_the_start_of_a_hash_over_everything() -> None:
    parts = json.dumps(
        {
            "data": "d" * 64,
            "split": "s" * 64,
            "space": "e" * 64,
            "objective": "val_loss",
            "epochs": 20,
            "seed": 0,
        }
    )
    assert PRINT.short == hashlib.sha256(parts.encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    "changes",
    [
        {"data": "x"},
        {"split": "x"},
        {"space": "x"},
        {"objective": "macro_f1"},
        {"n_epochs": 21},
        {"seed": 1},
        {"max_gap": 0.02},
    ],
)
def test_whatever_makes_trials_incomparable_makes_another_study(changes: dict[str, Any]) -> None:
    other = replace(PRINT, **changes)
    assert other.short != PRINT.short
    with pytest.raises(StudyError, match="cannot be compared"):
        other.check(PRINT.as_dict(), "films")


def test_a_limit_that_is_given_up_makes_another_study_too() -> None:
    limited = replace(PRINT, max_gap=0.02)
    with pytest.raises(StudyError, match=r"max_gap was 0\.02, is None"):
        PRINT.check(limited.as_dict(), "films")


def test_the_same_settings_are_the_same_study() -> None:
    PRINT.check(json.loads(json.dumps(PRINT.as_dict())), "films")


def test_all_that_differs_is_told_and_what_can_be_done() -> None:
    with pytest.raises(StudyError) as error:
        replace(PRINT, n_epochs=5, data="f" * 64).check(PRINT.as_dict(), "films")
    assert error.value.message == (
        "study films: its trials cannot be compared with new ones: "
        "data was dddddddddddd, is ffffffffffff; epochs was 20, is 5"
    )
    assert "--study" in error.value.hint


def test_a_study_begun_without_some_fact_differs_in_it() -> None:
    known = {key: value for key, value in PRINT.as_dict().items() if key != "epochs"}
    with pytest.raises(StudyError, match="epochs was None, is 20"):
        PRINT.check(known, "films")


def test_a_study_is_named_after_corpus_space_and_fingerprint() -> None:
    assert default_name("netflix", "genre", PRINT) == f"netflix-genre-{PRINT.short}"


def test_the_loss_has_a_target_and_the_f1_none() -> None:
    assert default_target(Objective.VAL_LOSS) == 0.05
    assert default_target(Objective.MACRO_F1) is None
