import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.space.document import read_document, write_value
from tests.space.drawing import checked
from tests.space.messages import check_messages


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("2.5", 2.5),
        (".5", 0.5),
        ("010", 10),
        ("-3", -3),
        ("no", "no"),
        ("none", "none"),
        ("TRUE", True),
        ("~", None),
        ("'1'", "1"),
        ("2026-99-99", "2026-99-99"),
        pytest.param("9" * 5000, float("inf"), id="a very long number"),
        pytest.param("", None, id="empty"),
        pytest.param("{a: [1, {b: x}]}", {"a": [1, {"b": "x"}]}, id="nested"),
        pytest.param("1: x", {"1": "x"}, id="number as a key"),
    ],
)
def test_plain_values_are_read_as_in_yaml_1_2(text: str, value: Any) -> None:
    assert read_document(text) == (value, [])


def test_a_key_that_stands_twice_is_reported_with_both_lines() -> None:
    value, problems = read_document("a:\n  b: 1\n  c: 2\n  b: 3\na: 4\n")
    assert value == {"a": {"b": 1, "c": 2}}
    check_messages(
        problems,
        "a.b: ...once...lines 2 and 4",
        "a: ...once...lines 1 and 5",
    )


def test_a_key_that_is_a_list_is_reported() -> None:
    _, problems = read_document("a: {[1]: 2}")
    check_messages([problems[0]], "a: ...keys...line 1")


def test_half_of_a_surrogate_pair_is_reported() -> None:
    value, problems = read_document('{a: ["\\ud83d"]}')
    assert value == {"a": [""]}
    check_messages([problems[0]], "a[0]: ...surrogate")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "a: 1\nb: [1, 2\nc: 3\n",
            "^line 3, column 2: .*YAML",
            id="open list",
        ),
        pytest.param("a: b: c", "^line 1, column 5: .*mapping values", id="two colons"),
        pytest.param(
            "ab:\n  - \x01",
            "^line 2, column 5: .*character",
            id="control character",
        ),
        pytest.param("a: &x 1", "^line 1, column 4: .*anchors", id="anchor"),
        pytest.param("a: !!python/name:os.system", "^line 1, column 4: .*tags", id="tag"),
        pytest.param("a: 1\n---\nb: 2", "^line 2, column 1: .*single document", id="two documents"),
        pytest.param('a: "\\UFFFFFFFF"', "YAML", id="character beyond Unicode"),
        pytest.param("%YAML 1." + "1" * 5000, "YAML", id="endless version"),
        pytest.param("[" * 5000, "nested", id="deep nesting"),
    ],
)
def test_what_is_no_yaml_is_refused_with_line_and_column(text: str, problem: str) -> None:
    value, (found,) = read_document(text)
    assert value is None
    assert re.search(problem, str(found))


@pytest.mark.parametrize(
    "value",
    [
        True,
        3,
        1e-05,
        0.1,
        "lstm",
        "true",
        "1e-3",
        ">= 2",
        pytest.param("", id="empty"),
        pytest.param('é "x": #', id="quote and hash"),
        pytest.param({"a": [1, "no", None]}, id="nested"),
    ],
)
def test_a_written_value_is_read_back(value: Any) -> None:
    assert read_document(write_value(value)) == (value, [])


@checked(200)
@given(
    st.text()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)
def test_any_text_and_number_is_read_back(value: Any) -> None:
    assert read_document(write_value({"a": [value]})) == ({"a": [value]}, [])
