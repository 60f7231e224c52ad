import csv
import io

import pytest

from search.report.tables import (
    flatten,
    format_csv,
    format_json,
    format_markdown,
    format_value,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(0.12345, "0.1235", id="rounded"),
        pytest.param(-0.5, "-0.5000", id="negative"),
        pytest.param(1234567, "1,234,567", id="thousands"),
        pytest.param(0, "0", id="zero"),
        pytest.param(900.0, "900", id="whole float"),
        pytest.param("fit", "fit", id="word"),
    ],
)
def test_a_value_is_written_for_people(value: object, written: str) -> None:
    assert format_value(value) == written


def test_markdown_aligns_numbers_to_the_right() -> None:
    table = format_markdown({"name": "Name", "n": "Count"}, [["one", "1"]], numbers=["n"])
    assert table.splitlines() == ["| Name | Count |", "| --- | ---: |", "| one | 1 |"]


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert format_markdown({"name": "name"}, [["a|b"]]).splitlines()[-1] == "| a\\|b |"


def test_an_inner_mapping_becomes_columns_behind_the_others() -> None:
    assert flatten({"a": {"x": 1, "y": None}, "b": 2}) == {"b": 2, "a.x": 1, "a.y": None}


def test_csv_has_every_column_that_any_row_has() -> None:
    text = format_csv([{"a": 1, "inner": {"x": 2}}, {"a": 'b "c", d', "inner": {"y": None}}])
    assert text.splitlines()[0] == "a,inner.x,inner.y"
    first, second = csv.DictReader(io.StringIO(text))
    assert first == {"a": "1", "inner.x": "2", "inner.y": ""}
    assert second == {"a": 'b "c", d', "inner.x": "", "inner.y": ""}


def test_columns_that_are_asked_for_come_first_and_are_there_without_rows() -> None:
    assert format_csv([{"a": 1, "b": 2}], columns=["b"]).splitlines()[0] == "b,a"
    assert format_csv([], columns=["b"]).splitlines() == ["b"]


def test_json_has_letters_as_they_are() -> None:
    assert "Ä" in format_json(["Ä"])
