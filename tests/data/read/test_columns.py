"""Finding columns: by name, by content, and never by a guess."""

import pandas as pd
import pytest

from search.data.read.columns import Columns, find_columns
from search.errors import DataError

LONG = [f"a story of {i} people who go far away and come back" for i in range(40)]
OTHER_LONG = [f"what {i} people said about the film after they saw it" for i in range(40)]
CLASSES = ["ham", "spam"] * 20


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


@pytest.mark.parametrize("text", ["description", "Synopsis", "PLOT", "overview", "extract"])
@pytest.mark.parametrize("label", ["Genre", "listed_in", "labels", "sentiment", "tags"])
def test_known_names_are_found_without_case(text: str, label: str) -> None:
    frame = table(**{"id": range(40), text: LONG, "other": OTHER_LONG, label: CLASSES})
    assert find_columns(frame) == Columns(text=text, label=label)


def test_columns_are_found_by_content_where_no_name_is_known() -> None:
    frame = table(id=[str(i) for i in range(40)], story=LONG, kind=CLASSES)
    assert find_columns(frame) == Columns(text="story", label="kind")


def test_column_of_lists_is_found_by_content() -> None:
    frame = table(story=LONG, kinds=[["a"], ["a", "b"]] * 20, title=[f"t{i}" for i in range(40)])
    assert find_columns(frame).label == "kinds"


def test_long_one_of_two_known_text_names_is_taken() -> None:
    frame = table(summary=["good"] * 40, text=LONG, label=CLASSES)
    assert find_columns(frame).text == "text"


def test_split_column_is_found_and_is_never_the_label() -> None:
    frame = table(story=LONG, kind=CLASSES, Split=["train", "test"] * 20)
    assert find_columns(frame) == Columns(text="story", label="kind", split="Split")


def test_named_columns_win() -> None:
    frame = table(text=LONG, story=OTHER_LONG, label=CLASSES, kind=CLASSES)
    found = find_columns(frame, text_column="story", label_column="kind")
    assert found == Columns(text="story", label="kind")


def test_named_label_column_is_no_candidate_for_texts() -> None:
    frame = table(text=CLASSES, story=LONG)
    assert find_columns(frame, label_column="text").text == "story"


@pytest.mark.parametrize(
    ("frame", "message", "hint"),
    [
        (
            table(story=LONG, reply=OTHER_LONG, label=CLASSES),
            "expected one text column, found 2 candidates: 'story', 'reply'",
            "`text_column` story",
        ),
        (
            table(plot=LONG, summary=OTHER_LONG, label=CLASSES),
            "expected one text column, found 2 candidates: 'plot', 'summary'",
            "`text_column` plot",
        ),
        (
            table(title=CLASSES, label=CLASSES),
            "expected a text column, found none among: 'title', 'label'",
            "`text_column`",
        ),
        (
            table(**{"text": LONG, "first kind": CLASSES, "second": CLASSES}),
            "expected one label column, found 2 candidates: 'first kind', 'second'",
            '`label_column` "first kind"',
        ),
        (
            table(text=LONG, label=CLASSES, sentiment=CLASSES),
            "expected one label column, found 2 candidates: 'label', 'sentiment'",
            "`label_column` label",
        ),
        (
            table(text=LONG, title=[f"t{i}" for i in range(40)]),
            "expected a label column, found none among: 'title'",
            "`label_column`",
        ),
        (
            table(text=LONG),
            "expected a label column, found none among: no other",
            "`label_column`",
        ),
    ],
    ids=[
        *("two long columns", "two usual names of texts", "no text"),
        *("two label-like columns", "two usual names of labels", "no label", "no other column"),
    ],
)
def test_doubt_lists_the_candidates_and_the_parameter(
    frame: pd.DataFrame, message: str, hint: str
) -> None:
    with pytest.raises(DataError) as caught:
        find_columns(frame)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_wrong_name_lists_the_columns_and_the_nearest() -> None:
    frame = table(Description=LONG, Genre=CLASSES)
    with pytest.raises(DataError) as caught:
        find_columns(frame, text_column="descripton")
    assert "one of the columns 'Description', 'Genre'" in caught.value.message
    assert caught.value.parameter == "text_column"
    assert "`text_column` Description" in caught.value.hint
    with pytest.raises(DataError, match="found 'zzz'") as caught:
        find_columns(frame, label_column="zzz")
    assert caught.value.parameter == "label_column"


def test_one_column_cannot_be_both() -> None:
    with pytest.raises(DataError, match="found 'text' named for texts and labels") as caught:
        find_columns(table(text=LONG), text_column="text", label_column="text")
    assert caught.value.parameter == "label_column"
