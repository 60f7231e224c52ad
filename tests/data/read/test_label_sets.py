"""Label fields: lists, separators and single values become label sets."""

import numpy as np
import pandas as pd
import pytest

from search.data.read.label_sets import choose_positive, infer_separator, order_labels, parse_labels
from search.errors import DataError


def parse(cells: list[object], separator: str | None = None) -> tuple[tuple[str, ...], ...]:
    return parse_labels(pd.Series(cells, dtype=object), separator).rows


@pytest.mark.parametrize("separator", [",", ", ", "|", ";", "/", " / "])
def test_separator_is_inferred_and_labels_are_stripped(separator: str) -> None:
    cells = [separator.join(pair) for pair in (["Action", "Drama"], ["Drama", "War"], ["Action"])]
    assert infer_separator(cells) == separator.strip()
    assert parse(list(cells)) == (("Action", "Drama"), ("Drama", "War"), ("Action",))


def test_sign_whose_pieces_do_not_repeat_is_part_of_the_label() -> None:
    cells: list[object] = ["Sci-Fi/Fantasy", "Drama", "Rock, Paper", "Drama"]
    assert infer_separator(map(str, cells)) is None
    assert parse(cells) == (("Sci-Fi/Fantasy",), ("Drama",), ("Rock, Paper",), ("Drama",))


def test_second_sign_inside_a_label_is_no_separator() -> None:
    cells: list[object] = ["Sci-Fi/Fantasy, Drama", "War, Sci-Fi/Fantasy", "Drama, War"]
    assert parse(cells)[0] == ("Sci-Fi/Fantasy", "Drama")


def test_two_separators_are_a_doubt_that_names_the_parameter() -> None:
    cells = ["Action/Drama, War", "Drama/War, Action", "War/Action", "Drama/Action, War/Drama"]
    with pytest.raises(DataError, match=r"found '/' and ','") as caught:
        infer_separator(cells)
    assert "`label_separator`" in caught.value.hint


def test_given_separator_wins_and_may_stand_nowhere() -> None:
    assert parse(["a/b", "b/a"], "/") == (("a", "b"), ("b", "a"))
    labels = parse_labels(pd.Series(["a/b", "b/a", "a"], dtype=object), "|")
    assert labels.rows == (("a/b",), ("b/a",), ("a",))
    assert labels.form == "one a row: '|' stands in none of the fields"


@pytest.mark.parametrize(
    "cell",
    [
        ["Action", " Drama ", "", "Action"],
        ("Action", "Drama"),
        np.array(["Action", "Drama"]),
        "['Action', 'Drama']",
        '["Action", "Drama", null]',
        "[Action, Drama]",
        [{"id": 1, "name": "Action"}, {"id": 2, "name": "Drama"}],
        '[{"id": 1, "name": "Action"}, {"id": 2, "name": "Drama"}]',
    ],
    ids=["list", "tuple", "array", "Python", "JSON", "bare", "objects", "JSON objects"],
)
def test_list_is_a_label_set_in_each_form(cell: object) -> None:
    assert parse([cell]) == (("Action", "Drama"),)


def test_list_has_no_separator() -> None:
    with pytest.raises(DataError, match="found lists") as caught:
        parse([["a", "b"]], ",")
    assert caught.value.parameter == "label_separator"


def test_one_name_in_brackets_makes_no_lists_of_the_others() -> None:
    assert parse(["[REC]", "Drama", "Drama"]) == (("[REC]",), ("Drama",), ("Drama",))


def test_a_single_name_beside_lists_is_one_label() -> None:
    cells: list[object] = [["Action"], "Drama", "['War', 'Drama']", "Sci-Fi, really", ""]
    assert parse(cells) == (("Action",), ("Drama",), ("War", "Drama"), ("Sci-Fi, really",), ())


def test_empty_forms_are_no_labels() -> None:
    empty: list[object] = ["", "  ", None, float("nan"), pd.NA, pd.NaT, " ; "]
    assert parse([*empty, "a;b", "b;a"], ";")[:7] == ((),) * 7
    assert parse([[], ["a"]]) == ((), ("a",))
    assert parse(["[]", "['a']"]) == ((), ("a",))


def test_repeated_and_empty_pieces_are_dropped() -> None:
    assert parse(["a, b,, a", "b, a"]) == (("a", "b"), ("b", "a"))


def test_numbers_and_truth_values_are_single_labels() -> None:
    assert parse([1, 0.0, np.int64(1), np.float32(2.5)]) == (("1",), ("0",), ("1",), ("2.5",))
    assert parse([True, np.bool_(False)]) == (("true",), ("false",))


def test_labels_are_ordered_by_rows_then_alphabet() -> None:
    assert order_labels([("b", "c"), ("c", "a"), ("c",)]) == ("c", "a", "b")


@pytest.mark.parametrize(
    ("classes", "positive"),
    [
        (("0", "1"), "1"),
        (("1", "0"), "1"),
        (("TRUE", "zzz"), "TRUE"),
        (("Yes", "no"), "Yes"),
        (("neg", "pos"), "pos"),
        (("bad", "good"), "good"),
        (("negative", "positive"), "positive"),
        (("ham", "spam"), "spam"),
        (("good", "pos"), "pos"),
    ],
    ids=[
        "numbers",
        "numbers reversed",
        "TRUE",
        "Yes",
        "pos",
        "good",
        "positive",
        "unknown names",
        "two known names",
    ],
)
def test_positive_class_is_known_or_the_later_one(classes: tuple[str, str], positive: str) -> None:
    expected = (positive, next(name for name in classes if name != positive))
    assert choose_positive(*classes) == expected
    assert choose_positive(*reversed(classes)) == expected
