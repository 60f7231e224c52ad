"""What separates the labels of a cell."""

import pytest

from search.data.read.separators import describe_separator, infer_separator
from search.errors import DataError


@pytest.mark.parametrize(
    "separator", [",", ", ", "|", ";", "/", " / ", "\t"], ids=lambda sign: repr(sign).strip("'")
)
def test_sign_between_labels_that_repeat_is_a_separator(separator: str) -> None:
    cells = [separator.join(pair) for pair in (["Action", "Drama"], ["Drama", "War"], ["Action"])]
    assert infer_separator(cells) == (separator.strip(" "))


def test_sign_whose_pieces_do_not_repeat_is_part_of_the_label() -> None:
    assert infer_separator(["Sci-Fi/Fantasy", "Drama", "Rock, Paper", "Drama"]) is None


def test_second_sign_inside_a_label_is_no_separator() -> None:
    cells = ["Sci-Fi/Fantasy, Drama", "War, Sci-Fi/Fantasy", "Drama, War"]
    assert infer_separator(cells) == ","


def test_two_separators_are_a_doubt_that_shows_a_cell() -> None:
    cells = ["Action/Drama, War", "Drama/War, Action", "War/Action", "Drama/Action, War/Drama"]
    with pytest.raises(DataError, match=r"'/' and ','") as caught:
        infer_separator(cells)
    assert "'Action/Drama, War'" in caught.value.message
    assert "`label_separator`" in caught.value.hint


def test_spaces_separate_words_that_are_labels_of_their_own() -> None:
    words = ["drama", "war", "comedy"]
    pairs = ["drama war", "war comedy", "comedy drama", "war drama comedy"]
    assert infer_separator([*words, *pairs]) == " "


@pytest.mark.parametrize(
    "cells",
    [
        ["very bad", "bad", "good", "very good"],
        ["drama", "war", "drama war", "war drama"],
        ["science fiction", "science", "fiction", "drama", "romantic drama"],
    ],
    ids=["very bad", "few combinations", "names of two words"],
)
def test_spaces_inside_names_separate_nothing(cells: list[str]) -> None:
    assert infer_separator(cells) is None


def test_blanks_have_names() -> None:
    assert describe_separator(" ") == "spaces"
    assert describe_separator("\t") == "tabs"
    assert describe_separator(",") == "','"
