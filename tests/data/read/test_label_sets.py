"""Label columns: lists, separated and single labels become label sets."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from search.data.corpus import open_corpus
from search.data.read.label_sets import (
    choose_positive,
    is_label_like,
    merge_case,
    order_labels,
    parse_labels,
)
from search.errors import DataError
from tests.data.read.written import TEXTS, delimit, list_labels, refuse, write


def parse(cells: list[Any], separator: str | None = None) -> tuple[tuple[str, ...] | None, ...]:
    return parse_labels(pd.Series(cells, dtype=object), separator).rows


def test_separated_labels_are_stripped_and_stand_once() -> None:
    assert parse(["a, b,, a", "b , a", "a"]) == (("a", "b"), ("b", "a"), ("a",))


def test_given_separator_wins_and_may_stand_nowhere() -> None:
    assert parse(["a/b", "b/a"], "/") == (("a", "b"), ("b", "a"))
    labels = parse_labels(pd.Series(["a/b", "b/a", "a"], dtype=object), "|")
    assert labels.rows == (("a/b",), ("b/a",), ("a",))
    assert "'|' stands in none" in labels.form


def test_list_has_no_separator() -> None:
    with pytest.raises(DataError, match="found lists") as caught:
        parse([["a", "b"]], ",")
    assert caught.value.parameter == "label_separator"


@pytest.mark.parametrize(
    "cells",
    [
        ["['a', 'b']", "['b']"],
        ['["a", "b"]', '["b"]'],
        ['[{"name": "a"}, {"name": "b"}]', '[{"name": "b"}]'],
    ],
    ids=["Python", "JSON", "JSON objects"],
)
@pytest.mark.parametrize(
    ("n_others", "is_read"), [(4, True), (5, True), (6, False)], ids=["96 %", "95 %", "94 %"]
)
def test_column_of_95_percent_lists_is_one_of_lists(
    tmp_path: Path, cells: list[str], n_others: int, is_read: bool
) -> None:
    labels = [*cells * 46, *[cells[1]] * (8 - n_others), *["Sci-Fi, really"] * n_others]
    path = write(tmp_path / "a.csv", delimit([f"text {i}" for i in range(100)], labels))
    if not is_read:
        error = refuse(path)
        for part in ("94 lists", "6 other", "'Sci-Fi, really'"):
            assert part in error.message
        return
    corpus = open_corpus(path)
    assert corpus.label_names == ("b", "a")
    assert list_labels(corpus)[:2] == [{"a", "b"}, {"b"}]
    notes = " ".join(corpus.notes)
    for part in (f"{n_others} of 100 rows dropped", "no list", "'Sci-Fi, really'"):
        assert part in notes


@pytest.mark.parametrize(
    ("n_lists", "is_read"), [(4, True), (5, True), (6, False)], ids=["4 %", "5 %", "6 %"]
)
def test_few_lists_in_a_column_of_names_are_dropped_and_counted(
    tmp_path: Path, n_lists: int, is_read: bool
) -> None:
    labels = [*["x, y", "y"] * 47, *["x"] * (6 - n_lists), *["['x']"] * n_lists]
    path = write(tmp_path / "a.csv", delimit([f"text {i}" for i in range(100)], labels))
    if not is_read:
        assert "6 lists, such as" in refuse(path).message
        return
    corpus = open_corpus(path)
    assert corpus.label_names == ("y", "x")
    assert f"{n_lists} whose label is a list" in " ".join(corpus.notes)


def test_one_name_in_brackets_makes_no_lists_of_the_others() -> None:
    assert parse(["[REC]", "Drama", "Drama"]) == (("[REC]",), ("Drama",), ("Drama",))


def test_brackets_around_what_is_no_list_are_refused_and_never_split(tmp_path: Path) -> None:
    error = refuse(write(tmp_path / "a.csv", delimit(labels=["[Action, Drama]", "[Drama]"] * 12)))
    assert "[Action, Drama]" in error.message
    assert '["Action", "Drama"]' in error.hint


def test_objects_without_a_name_are_refused_and_one_is_shown(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit(labels=['[{"id": 28}]', '[{"id": 7}]'] * 12))
    assert "{'id': 28}" in refuse(path).message


def test_deep_cell_is_refused(tmp_path: Path) -> None:
    labels = [*["a", "b"] * 11, "a", "[" * 60 + "]" * 60]
    assert "50" in refuse(write(tmp_path / "a.csv", delimit(labels=labels))).message


def test_empty_forms_are_no_labels() -> None:
    empty: list[Any] = ["", "  ", None, float("nan"), pd.NA, pd.NaT, " ; "]
    assert parse([*empty, "a;b", "b;a"], ";")[:7] == ((),) * 7
    assert parse([[], ["a"]]) == ((), ("a",))
    assert parse(["[]", "['a']"]) == ((), ("a",))


def test_numbers_and_truth_values_are_single_labels() -> None:
    assert parse([1, 0.0, np.int64(1), np.float32(2.5)]) == (("1",), ("0",), ("1",), ("2.5",))
    assert parse([True, np.bool_(False)]) == (("true",), ("false",))


def test_control_characters_in_labels_are_taken_out_and_counted(tmp_path: Path) -> None:
    labels = ["Dra\x07ma", "Dra ma", "War\x1b[0m"] * 8
    corpus = open_corpus(write(tmp_path / "a.csv", delimit(labels=labels)))
    assert set(corpus.outcome_names) == {"Dra ma", "War [0m"}
    assert "16 label cells with control characters" in " ".join(corpus.notes)


def test_tabs_and_spaces_separate_labels(tmp_path: Path) -> None:
    tabs = ["drama\twar", "war", "drama", "war\tcomedy"] * 6
    corpus = open_corpus(write(tmp_path / "a.csv", delimit(labels=tabs)))
    assert corpus.label_names == ("war", "drama", "comedy")
    assert "tabs" in corpus.notes[1]
    spaces = ["drama war", "war comedy", "comedy drama", "war drama comedy"]
    labels = [*spaces * 3, *["drama", "war", "comedy"] * 4]
    corpus = open_corpus(write(tmp_path / "b.csv", delimit(labels=labels)))
    assert set(corpus.label_names) == {"war", "drama", "comedy"}
    assert "spaces" in corpus.notes[1]


def test_labels_that_differ_in_case_are_merged_where_that_is_asked_for(tmp_path: Path) -> None:
    labels = ["Drama, WAR", "drama, War", "War", "Drama"] * 6
    path = write(tmp_path / "a.csv", delimit(labels=labels))
    assert len(open_corpus(path, label_separator=",").label_names) == 4
    corpus = open_corpus(path, label_separator=",", merge_label_case=True)
    assert corpus.label_names == ("Drama", "War")
    assert list_labels(corpus)[:3] == [{"Drama", "War"}, {"Drama", "War"}, {"War"}]


def test_most_frequent_spelling_wins_and_unreadable_rows_stay() -> None:
    rows = [("War", "war"), ("WAR",), ("WAR", "a"), None, ()]
    assert merge_case(rows) == [("WAR",), ("WAR",), ("WAR", "a"), None, ()]


@pytest.mark.parametrize(
    "labels",
    [["['a', 'b']", "[]", "['b']"] * 12, ["a, b", "", "b"] * 12],
    ids=["lists", "separated"],
)
def test_texts_with_an_empty_label_set_are_dropped_or_kept(
    tmp_path: Path, labels: list[str]
) -> None:
    path = write(tmp_path / "a.csv", delimit([f"text {i}" for i in range(36)], labels))
    assert len(open_corpus(path).texts) == 24
    corpus = open_corpus(path, empty_labels="keep", label_separator=None)
    assert list_labels(corpus) == [{"a", "b"}, set(), {"b"}] * 12
    assert "12 of 36 texts have no label" in " ".join(corpus.notes)


def test_row_without_a_class_cannot_be_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit(labels=["a", "b", ""] * 8))
    assert refuse(path, empty_labels="keep").parameter == "empty_labels"
    assert refuse(path, empty_labels="keep").message.count("'label'") == 1
    assert TEXTS[2] not in open_corpus(write(tmp_path / "b.csv", path.read_bytes() * 2)).texts


def test_labels_are_ordered_by_rows_then_alphabet() -> None:
    assert order_labels([("b", "c"), ("c", "a"), ("c",)]) == ("c", "a", "b")


def test_label_like_columns_have_few_values_that_repeat() -> None:
    assert is_label_like(pd.Series(["a", "b"] * 3))
    assert not is_label_like(pd.Series(["a"] * 6))
    assert not is_label_like(pd.Series([f"id {i}" for i in range(20)]))


@pytest.mark.parametrize(
    ("classes", "positive"),
    [
        (("0", "1"), "1"),
        (("TRUE", "zzz"), "TRUE"),
        (("Yes", "no"), "Yes"),
        (("neg", "pos"), "pos"),
        (("bad", "good"), "good"),
        (("negative", "positive"), "positive"),
        (("ham", "spam"), "spam"),
        (("good", "pos"), "pos"),
    ],
    ids=["0 1", "TRUE", "Yes", "pos", "good", "positive", "unknown names", "two known names"],
)
def test_positive_class_is_known_or_the_later_one(classes: tuple[str, str], positive: str) -> None:
    expected = (positive, next(name for name in classes if name != positive))
    assert choose_positive(*classes) == expected
    assert choose_positive(*reversed(classes)) == expected
