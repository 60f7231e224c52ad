"""Lists and objects in cells, of JSON and of Python, as label sets."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from search.data.read.written_lists import (
    clean,
    is_bracketed,
    parse_list,
    parse_written_list,
    write_single,
)
from search.errors import DataError


@pytest.mark.parametrize(
    "cell",
    [
        '["Action", "Drama", null]',
        "['Action', 'Drama', None]",
        "{'Action'}",
        '[{"id": 1, "name": "Action"}, {"id": 2, "name": "Drama"}]',
        "[{'id': 1, 'Name': ' Action '}, {'id': 2, 'NAME': 'Drama'}]",
        '{"name": "Action", "id": 7}',
        '["Action", "Action", "", " Drama"]',
        '["Action", {"genre": "Drama"}]',
    ],
    ids=[
        *("JSON", "Python", "set", "JSON objects", "Python objects", "one object", "repeated"),
        "names and objects",
    ],
)
def test_list_written_as_text_is_a_label_set(cell: str) -> None:
    assert parse_written_list(cell) in {("Action", "Drama"), ("Action",)}


@pytest.mark.parametrize(
    "cell",
    ["[Action, Drama]", "[REC]", "{Action}", "Action, Drama", "", "[[1], [2]]", '["a"] and ["b"]'],
    ids=["bare", "a name", "braces", "no brackets", "empty", "lists in a list", "two lists"],
)
def test_other_text_is_no_list(cell: str) -> None:
    assert parse_written_list(cell) is None


def test_brackets_around_anything_are_seen() -> None:
    assert is_bracketed("[REC]")
    assert is_bracketed("{}")
    assert not is_bracketed("[REC] again")
    assert not is_bracketed("")


@pytest.mark.parametrize(
    "value",
    [
        ["Action", " Drama ", "", None, "Action"],
        ("Action", "Drama"),
        {"Drama", "Action"},
        np.array(["Action", "Drama"]),
        [{"title": "Action"}, {"id": 3, "tag": "Drama"}],
    ],
    ids=["list", "tuple", "set", "array", "objects"],
)
def test_list_of_a_file_is_a_label_set(value: Any) -> None:
    assert parse_list(value) == ("Action", "Drama")


@pytest.mark.parametrize("value", ["Action", 7, None, [["a"]]], ids=["str", "int", "None", "lists"])
def test_other_value_is_no_list(value: Any) -> None:
    assert parse_list(value) is None


def test_empty_lists_and_objects_are_no_labels() -> None:
    assert [parse_written_list(cell) for cell in ("[]", "{}", "[null]", "['']")] == [()] * 4
    assert parse_list([]) == parse_list({}) == ()


def test_whole_numbers_and_truth_values_have_one_name_each() -> None:
    assert parse_written_list("[1, 2.0, true, 2.5]") == ("1", "2", "true", "2.5")
    single = [1, 0.0, np.int64(1), np.float32(2.5), True, np.bool_(False)]
    assert [write_single(value) for value in single] == ["1", "0", "1", "2.5", "true", "false"]
    missing = [None, float("nan"), pd.NA, pd.NaT, " "]
    assert [write_single(value) for value in missing] == [""] * 5


def test_object_without_a_name_is_refused_and_shown() -> None:
    for value in ('[{"id": 28, "code": "x"}]', "{'id': 28}"):
        with pytest.raises(DataError, match="28") as caught:
            parse_written_list(value)
        assert "name, label" in caught.value.message
        assert "code" in caught.value.message or "id" in caught.value.message


@pytest.mark.parametrize("n", [51, 5_000, 200_000])
@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "not closed"])
def test_deep_nesting_is_refused(n: int, is_closed: bool) -> None:
    with pytest.raises(DataError, match="50") as caught:
        parse_written_list("[" * n + "]" * (n if is_closed else 1))
    assert len(caught.value.message) < 300


def test_brackets_in_names_are_no_nesting() -> None:
    cell = str([f"a ({i})" for i in range(60)])
    assert len(parse_written_list(cell) or ()) == 60


def test_backslash_in_a_list_of_python_gives_no_warning() -> None:
    # Python 3.12 and later print a SyntaxWarning for "\\#"; here a warning is an error.
    assert parse_written_list(r"['C\#', 'Drama']") == (r"C\#", "Drama")


def test_number_of_5_000_digits_in_a_list_is_no_list() -> None:
    assert parse_written_list(f"[{'9' * 5_000}]") is None


def test_names_are_stripped_and_stand_once() -> None:
    assert clean([" a", "b ", "", "a", "  "]) == ("a", "b")


def test_tags_in_angle_brackets_are_a_list() -> None:
    assert parse_written_list("<c#><sql>") == ("c#", "sql")
    assert parse_written_list("a < b, c > d") is None
