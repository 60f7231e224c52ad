import hashlib
import json
from dataclasses import fields, replace
from typing import Any

import pytest

from search.errors import StudyError
from search.trial.fingerprint import Fingerprint, hash_parts

PRINT = Fingerprint(
    data="d" * 64, split="s" * 64, space="e" * 64, objective="val_loss", epochs=20, seed=0
)
EVERY = replace(PRINT, max_gap=0.02, embeddings="v" * 64, engine="keras-tuner random")
CHANGES: dict[str, Any] = {
    "data": "x",
    "split": "x",
    "space": "x",
    "objective": "macro_f1",
    "epochs": 21,
    "seed": 1,
    "max_gap": 0.02,
    "embeddings": "v" * 64,
    "engine": "keras-tuner hyperband",
    "task": "multiclass",
}
"""Another value for each part."""
SHARED = {"data", "split", "objective", "epochs", "embeddings", "task"}
EACH_PART = pytest.mark.parametrize("part", CHANGES)


def test_every_part_is_changed_here() -> None:
    assert list(CHANGES) == [field.name for field in fields(Fingerprint)]


def test_parts_are_written_in_a_fixed_order_without_those_that_are_none() -> None:
    required = {
        "data": "d" * 64,
        "split": "s" * 64,
        "space": "e" * 64,
        "objective": "val_loss",
        "epochs": 20,
        "seed": 0,
    }
    optional = {"max_gap": 0.02, "embeddings": "v" * 64, "engine": "keras-tuner random"}
    assert list(PRINT.parts.items()) == list(required.items())
    assert list(EVERY.parts.items()) == list((required | optional).items())


def test_a_limit_of_zero_is_a_part() -> None:
    assert replace(PRINT, max_gap=0.0).parts["max_gap"] == 0.0


def test_the_short_form_is_the_start_of_a_sha256_of_the_parts_as_json() -> None:
    text = (
        f'{{"data": "{"d" * 64}", "split": "{"s" * 64}", "space": "{"e" * 64}", '
        '"objective": "val_loss", "epochs": 20, "seed": 0}'
    )
    assert PRINT.short == hashlib.sha256(text.encode()).hexdigest()[:8]
    # As `sha256sum` gives it: default names of studies must not change.
    assert PRINT.short == "54bf078d"


def test_parts_are_hashed_in_their_order() -> None:
    assert hash_parts({"a": 1}) == hashlib.sha256(b'{"a": 1}').hexdigest()[:8]
    parts = {"b": {"c": None}, "a": 0.5}
    assert hash_parts(parts) == hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
    assert hash_parts(parts) != hash_parts(dict(reversed(parts.items())))


@EACH_PART
def test_another_value_of_any_part_makes_another_study(part: str) -> None:
    other = replace(PRINT, **{part: CHANGES[part]})
    assert other.short != PRINT.short
    assert other.list_differences(PRINT) == PRINT.list_differences(other) == [part]
    with pytest.raises(StudyError, match="cannot be compared") as error:
        other.check(PRINT, "films")
    assert f"{part} was " in error.value.message


def test_the_same_settings_are_the_same_study() -> None:
    same = replace(PRINT)
    assert same.list_differences(PRINT) == []
    same.check(PRINT, "films")
    same.check_comparable(PRINT, ("films", "reviews"))


def test_all_differences_are_named_with_both_values_and_both_hashes() -> None:
    other = replace(PRINT, epochs=5, data="f" * 64, max_gap=0.02)
    with pytest.raises(StudyError) as error:
        other.check(PRINT, "films")
    message = error.value.message
    assert "study films" in message
    assert PRINT.short in message and other.short in message
    # Of a hash the first 12 characters.
    differences = "data was dddddddddddd, is ffffffffffff; epochs was 20, is 5; "
    assert message.endswith(differences + "max_gap was None, is 0.02")
    assert "`start_from`" in error.value.hint and "`name`" in error.value.hint


@pytest.mark.parametrize(
    ("part", "before", "now"),
    [
        pytest.param("engine", "keras-tuner random", "keras-tuner hyperband", id="engine"),
        pytest.param("objective", "val_loss,gap", "val_loss,parameters", id="objective"),
    ],
)
def test_what_is_no_hash_is_named_in_full(part: str, before: str, now: str) -> None:
    values: list[dict[str, Any]] = [{part: before}, {part: now}]
    known, other = (replace(PRINT, **value) for value in values)
    with pytest.raises(StudyError) as error:
        other.check(known, "films")
    assert f"{part} was {before}, is {now}" in error.value.message


@EACH_PART
def test_values_compare_where_they_were_measured_alike_whatever_was_searched(part: str) -> None:
    other = replace(PRINT, **{part: CHANGES[part]})
    assert other.is_comparable(PRINT) is PRINT.is_comparable(other) is (part not in SHARED)


@EACH_PART
def test_only_data_split_and_task_make_the_split_another(part: str) -> None:
    other = replace(PRINT, **{part: CHANGES[part]})
    assert other.has_same_split(PRINT) is (part not in ("data", "split", "task"))


def test_tasks_on_the_same_data_are_no_study_of_each_other() -> None:
    # The label matrix of one choice can be read as one of several labels: the same hashes.
    choice = replace(PRINT, task="multiclass")
    assert choice.parts == {**PRINT.parts, "task": "multiclass"}
    with pytest.raises(StudyError, match="task was None, is multiclass"):
        choice.check(PRINT, "films")


@pytest.mark.parametrize("part", sorted(SHARED))
def test_studies_whose_values_do_not_compare_are_refused_by_what_differs(part: str) -> None:
    # That the spaces differ as well is no obstacle, and not named.
    other = replace(PRINT, **{part: CHANGES[part], "space": "x"})
    with pytest.raises(StudyError, match="films and reviews") as error:
        PRINT.check_comparable(other, ("films", "reviews"))
    here, there = (str(getattr(entry, part))[:12] for entry in (PRINT, other))
    assert error.value.message.endswith(f"in {part} {here} and {there}")
    assert error.value.hint


@pytest.mark.parametrize("part", [part for part in CHANGES if part not in SHARED])
def test_studies_whose_values_compare_are_ranked_together(part: str) -> None:
    PRINT.check_comparable(replace(PRINT, **{part: CHANGES[part]}), ("films", "reviews"))
