import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from search.errors import StudyError
from search.study.objectives import Objectives
from search.study.settings import (
    Budget,
    Fingerprint,
    check_name,
    default_name,
    default_target,
    short_hash,
)

from .scripted import trial

PRINT = Fingerprint(
    data="d" * 64, split="s" * 64, space="e" * 64, objective="val_loss", n_epochs=20, seed=0
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_trials": 0}, "--trials: expected 1 or more, got 0"),
        ({"timeout_seconds": 0.0}, "--timeout: expected more than 0 seconds, got 0"),
        ({"timeout_seconds": float("nan")}, "--timeout: expected more than 0 seconds, got nan"),
        ({"patience": 0}, "--patience: expected 1 or more, got 0"),
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
    assert (budget.timeout_seconds, budget.target, budget.patience) == (None, None, None)
    assert (budget.max_parameters, budget.max_gap) == (None, None)


def test_what_lies_beyond_a_limit_is_told_in_nats_and_as_a_share_of_the_weights() -> None:
    record = trial(0, 0.1, metrics={"gap": 0.05, "parameters": 150})
    excess = Budget(1, max_gap=0.02, max_parameters=100).excess_of(record)
    assert excess == pytest.approx({"gap": 0.03, "parameters": 0.5})
    within = Budget(1, max_gap=0.05, max_parameters=300).excess_of(record)
    assert within == pytest.approx({"gap": 0.0, "parameters": -0.5})


def test_nothing_is_beyond_a_limit_that_is_not_there_or_that_nobody_measured() -> None:
    record = trial(0, 0.1, metrics={"gap": 0.05, "parameters": 150})
    assert Budget(1).excess_of(record) == {}
    assert Budget(1, max_gap=0.02, max_parameters=100).excess_of(trial(1, None)) == {}


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
        {"embeddings": "v" * 64},
        {"engine": "keras-tuner hyperband"},
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


def test_all_that_differs_is_told_with_both_hashes_and_what_can_be_done() -> None:
    other = replace(PRINT, n_epochs=5, data="f" * 64)
    with pytest.raises(StudyError) as error:
        other.check(PRINT.as_dict(), "films")
    assert error.value.message == (
        "study films: its trials cannot be compared with new ones (its fingerprint is "
        f"{PRINT.short}, that of these settings {other.short}): "
        "data was dddddddddddd, is ffffffffffff; epochs was 20, is 5"
    )
    assert "--fork NEW" in error.value.hint
    assert "--study" in error.value.hint


def test_a_part_that_was_not_there_when_a_study_was_begun_changes_no_fingerprint() -> None:
    assert set(PRINT.as_dict()) == {"data", "split", "space", "objective", "epochs", "seed"}
    whole = replace(PRINT, embeddings="v" * 64, engine="keras-tuner random", max_gap=0.1)
    assert whole.as_dict() == PRINT.as_dict() | {
        "max_gap": 0.1,
        "embeddings": "v" * 64,
        "engine": "keras-tuner random",
    }


@pytest.mark.parametrize(
    ("changes", "is_comparable"),
    [
        ({}, True),
        ({"space": "x", "seed": 1, "max_gap": 0.02, "engine": "keras-tuner random"}, True),
        ({"data": "x"}, False),
        ({"split": "x"}, False),
        ({"objective": "macro_f1"}, False),
        ({"n_epochs": 21}, False),
        ({"embeddings": "v" * 64}, False),
    ],
)
def test_values_compare_where_they_were_measured_alike_whatever_was_searched(
    changes: dict[str, Any], is_comparable: bool
) -> None:
    other = replace(PRINT, **changes)
    assert other.is_comparable(PRINT.as_dict()) is is_comparable
    assert PRINT.is_comparable(other.as_dict()) is is_comparable


def test_a_study_begun_without_some_fact_differs_in_it() -> None:
    known = {key: value for key, value in PRINT.as_dict().items() if key != "epochs"}
    with pytest.raises(StudyError, match="epochs was None, is 20"):
        PRINT.check(known, "films")


def test_a_study_is_named_after_corpus_space_and_fingerprint() -> None:
    assert default_name("netflix", "genre", PRINT, {}) == f"netflix-genre-{PRINT.short}"


def test_what_else_makes_another_study_changes_its_name() -> None:
    tpe, grid = {"sampler": "tpe"}, {"sampler": "grid"}
    names = {default_name("netflix", "genre", PRINT, variant) for variant in ({}, tpe, grid)}
    assert len(names) == 3
    parts = json.dumps(PRINT.as_dict() | {"variant": grid})
    assert f"netflix-genre-{hashlib.sha256(parts.encode()).hexdigest()[:8]}" in names


def test_a_corpus_is_written_in_a_name_as_a_path_and_a_query_can_have_it() -> None:
    assert default_name("my films/2 & 3", "genre", PRINT, {}).startswith("my_films_2_3-genre-")


def test_a_short_hash_is_that_of_the_parts_as_json() -> None:
    assert short_hash({"a": 1}) == hashlib.sha256(b'{"a": 1}').hexdigest()[:8]


@pytest.mark.parametrize("name", ["films", "films-2.1_b", "2"])
def test_a_plain_name_is_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("two words", "--fork: expected letters, digits, .* got 'two words'"),
        ("a/b", "--fork: expected letters"),
        ("", "--fork: expected letters"),
        ("latest", "--fork: expected a name, got 'latest', which stands for"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_by_the_name_of_its_option(
    name: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        check_name(name, "--fork")


def test_the_loss_alone_has_a_target() -> None:
    assert default_target(Objectives(("val_loss",))) == 0.05
    assert default_target(Objectives(("macro_f1",))) is None
    assert default_target(Objectives(("val_loss", "parameters"))) is None
