"""Detecting columns: by name, by content, and never by a guess."""

import pandas as pd
import pytest

from search.data.read.columns import ColumnChoice, Columns, find_columns
from search.errors import DataError

LONG = [f"a story of {i} people who go far away and come back" for i in range(40)]
OTHER_LONG = [f"what {i} people said about the film after they saw it" for i in range(40)]
CLASSES = ["ham", "spam"] * 20
KEYS = [f"id {i}" for i in range(40)]


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def find(frame: pd.DataFrame, text: str | None = None, label: str | None = None) -> Columns:
    return find_columns(frame, ColumnChoice(text, label))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *(("description", "Genre"), ("Synopsis", "listed_in"), ("PLOT", "labels")),
        *(("tweet", "emotion"), ("overview", "tags"), ("Review ", " Sentiment")),
    ],
)
def test_known_names_are_found_without_case(text: str, label: str) -> None:
    found = find(table(**{"id": KEYS, text: LONG, "other": OTHER_LONG, label: CLASSES}))
    assert (found.text, found.labels) == (text, (label,))


def test_a_usual_name_that_is_a_part_of_one_decides_among_what_fits() -> None:
    frame = table(airline=CLASSES, airline_sentiment=CLASSES, text_id=KEYS, tweet_text=LONG)
    found = find(frame)
    assert (found.text, found.labels) == ("tweet_text", ("airline_sentiment",))


def test_columns_are_found_by_content_where_no_name_is_known() -> None:
    frame = table(id=KEYS, story=LONG, kind=CLASSES)
    assert find(frame) == Columns(text="story", labels=("kind",))


def test_column_of_lists_is_found_by_content() -> None:
    frame = table(story=LONG, kinds=[["a"], ["a", "b"]] * 20, title=KEYS)
    assert find(frame).labels == ("kinds",)


def test_long_one_of_two_known_text_names_is_taken() -> None:
    assert find(table(summary=["good"] * 40, text=LONG, label=CLASSES)).text == "text"


def test_known_name_wins_over_other_columns_which_are_named_as_possible() -> None:
    frame = table(plot=LONG, notes=OTHER_LONG, genre=CLASSES, kind=CLASSES)
    found = find(frame)
    assert (found.text, found.labels) == ("plot", ("genre",))
    assert found.rivals == (("text_column", "notes"), ("label_column", "kind"))


def test_much_longer_column_without_a_known_name_is_a_doubt() -> None:
    frame = table(summary=LONG, story=[text * 9 for text in LONG], label=CLASSES)
    with pytest.raises(DataError, match=r"'summary'.*'story'"):
        find(frame)


def test_split_column_is_found_and_is_never_the_label() -> None:
    frame = table(story=LONG, kind=CLASSES, Split=["train", "test"] * 20)
    assert find(frame) == Columns("story", ("kind",), split="Split")


def test_named_columns_win() -> None:
    frame = table(text=LONG, story=OTHER_LONG, label=CLASSES, kind=CLASSES)
    assert find(frame, text="story", label="kind") == Columns("story", ("kind",))
    assert find(table(text=CLASSES, story=LONG), label="text").text == "story"


@pytest.mark.parametrize(
    ("frame", "listed", "hint"),
    [
        (
            table(story=LONG, reply=OTHER_LONG, label=CLASSES),
            ("one text column", "'story' (a story of 0", "'reply' (what 0 people"),
            "`text_column` story",
        ),
        (
            table(plot=LONG, summary=OTHER_LONG, label=CLASSES),
            ("one text column", "'plot' (a story of 0", "'summary' (what 0 people"),
            "`text_column` plot",
        ),
        (table(title=CLASSES, label=CLASSES), ("text column", "'title' (ham)"), "`text_column`"),
        (
            table(**{"text": LONG, "first kind": CLASSES, "second": CLASSES}),
            ("one label column", "'first kind' (ham)", "'second' (ham)"),
            '`label_column` "first kind"',
        ),
        (
            table(text=LONG, label=CLASSES, sentiment=["", *CLASSES[1:]]),
            ("one label column", "'label' (ham)", "'sentiment' (spam)"),
            "`label_column` label",
        ),
        (table(text=LONG, title=KEYS), ("label column", "'title' (id 0)"), "`label_column`"),
        (table(text=LONG), ("label column", "no other column"), "`label_column`"),
    ],
    ids=[
        *("two long columns", "two usual names of texts", "no text"),
        *("two label-like columns", "two usual names of labels", "no label", "no other column"),
    ],
)
def test_doubt_lists_the_candidates_with_an_example_and_the_parameter(
    frame: pd.DataFrame, listed: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(DataError) as caught:
        find(frame)
    for part in listed:
        assert part in caught.value.message
    assert hint in caught.value.hint


def test_long_examples_are_cut_and_many_columns_counted() -> None:
    frame = table(**{f"column {i}": [f"{i}\n" + "x" * 500] for i in range(30)})
    with pytest.raises(DataError, match="and 18 more") as caught:
        find(frame)
    assert "'column 0' (0 xxx" in caught.value.message
    assert len(caught.value.message) < 1_500


@pytest.mark.parametrize(
    ("choice", "parameter", "suggestion"),
    [
        ({"text": "descripton"}, "text_column", "`text_column` Description"),
        ({"text": "description"}, "text_column", "`text_column` Description"),
        ({"label": "film genres"}, "label_column", '`label_column` "Film genre"'),
        ({"label": "zzz"}, "label_column", "`label_column`"),
    ],
    ids=["a letter less", "other case", "a letter more", "unlike all"],
)
def test_wrong_name_lists_the_columns_and_the_nearest(
    choice: dict[str, str], parameter: str, suggestion: str
) -> None:
    with pytest.raises(DataError) as caught:
        find(table(**{"Description": LONG, "Film genre": CLASSES}), **choice)
    (name,) = choice.values()
    for part in ("'Description'", "'Film genre'", repr(name)):
        assert part in caught.value.message
    assert caught.value.parameter == parameter
    assert suggestion in caught.value.hint
    assert f"`{parameter}` {name}?" not in caught.value.hint


def test_one_column_cannot_be_both() -> None:
    with pytest.raises(DataError, match="'text'") as caught:
        find(table(text=LONG), text="text", label="text")
    assert caught.value.parameter == "label_column"


def test_names_that_are_no_strings_are_found_by_their_text() -> None:
    frame = pd.DataFrame({0: LONG, 1: CLASSES}, dtype=object).rename(columns=str)
    assert find(frame, text="0") == Columns("0", ("1",))
