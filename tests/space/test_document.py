from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.space.document import read_document, write_value
from search.space.problem import Refused
from tests.space.drawing import checked


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
        ("9" * 5000, float("inf")),
        ("", None),
        ("{a: [1, {b: x}]}", {"a": [1, {"b": "x"}]}),
        ("1: x", {"1": "x"}),
    ],
)
def test_plain_values_are_read_as_in_yaml_1_2(text: str, value: Any) -> None:
    assert read_document(text) == (value, [])


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    value, problems = read_document("a:\n  b: 1\n  c: 2\n  b: 3\na: 4\n")
    assert value == {"a": {"b": 1, "c": 2}}
    assert [str(problem) for problem in problems] == [
        "a.b: must stand once, got it on lines 2 and 4",
        "a: must stand once, got it on lines 1 and 5",
    ]


def test_a_key_that_is_a_list_is_told() -> None:
    _, problems = read_document("a: {[1]: 2}")
    assert str(problems[0]) == "a: must have words as keys, got a list or mapping on line 1"


def test_half_of_a_surrogate_pair_is_told() -> None:
    value, problems = read_document('{a: ["\\ud83d"]}')
    assert value == {"a": [""]}
    assert str(problems[0]) == "a[0]: must be characters, got half of a surrogate pair"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "^line 3, column 2: is not YAML that is taken here: "),
        ("a: b: c", "^line 1, column 5: .*mapping values are not allowed here"),
        ("ab:\n  - \x01", "^line 2, column 5: a character that YAML forbids"),
        ("a: &x 1", "^line 1, column 4: .*aliases, anchors and tags are not taken"),
        ("a: !!python/name:os.system", "^line 1, column 4: .*tags are not taken"),
        ("a: 1\n---\nb: 2", "^line 2, column 1: .*expected a single document"),
        ('a: "\\UFFFFFFFF"', "^is not YAML that is taken here: "),
        ("%YAML 1." + "1" * 5000, "^is not YAML that is taken here: "),
        ("[" * 5000, "^must not be nested so deeply"),
    ],
)
def test_what_is_no_yaml_is_refused_with_line_and_column(text: str, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        read_document(text)


@pytest.mark.parametrize(
    "value",
    [True, 3, 1e-05, 0.1, "lstm", "true", "1e-3", ">= 2", "", 'é "x": #', {"a": [1, "no", None]}],
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
