"""One column a label: detected, chosen by name, and what counts as yes and no."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from search.data.corpus import Task, open_corpus
from tests.data.read.written import TEXTS, list_labels, refuse, write

ROWS = ("1,0,1", "0,1,0", "0,0,0") * 8


def flag(rows: Sequence[str] = ROWS, names: str = "War,Drama,Comedy") -> str:
    lines = (f"{text},{row}\n" for text, row in zip(TEXTS, rows, strict=True))
    return "".join([f"text,{names}\n", *lines])


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        ("true,FALSE,True", "False,TRUE,false", "false,False,FALSE") * 8,
        ("yes,No,YES", "no,Yes,NO", "NO,no,No") * 8,
        ("1.0,0,1", "0.0,1.0,0", "0, 0 ,0.0") * 8,
    ],
    ids=["0 and 1", "true and false", "yes and no", "floats"],
)
def test_columns_of_yes_and_no_are_detected(tmp_path: Path, rows: Sequence[str]) -> None:
    corpus = open_corpus(write(tmp_path / "a.csv", flag(rows)))
    assert corpus.texts == TEXTS
    assert corpus.task is Task.MULTILABEL
    assert list_labels(corpus) == [{"War", "Comedy"}, {"Drama"}, set()] * 8
    for part in ("'War', 'Drama', 'Comedy'", "one column a label"):
        assert part in corpus.notes[1]


def test_texts_without_a_label_are_kept_and_counted(tmp_path: Path) -> None:
    corpus = open_corpus(write(tmp_path / "a.csv", flag()))
    assert any("8 of 24 texts have no label" in note for note in corpus.notes)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (("War", "Drama"), {"War", "Drama"}),
        (("is_*",), {"is_long", "is_new"}),
        (("is_?ew", "Dra*", "War"), {"is_new", "Drama", "War"}),
        (("g[1]", "g[2]"), {"g[1]", "g[2]"}),
    ],
    ids=["names", "pattern", "both", "brackets in names"],
)
def test_columns_are_chosen_by_name_and_pattern(
    tmp_path: Path, chosen: tuple[str, ...], names: set[str]
) -> None:
    content = flag(["1,0,1,1,1,0", "0,1,1,0,0,1"] * 12, "War,Drama,is_long,is_new,g[1],g[2]")
    corpus = open_corpus(write(tmp_path / "a.csv", content), label_columns=chosen)
    assert set(corpus.label_names) == names


def test_empty_cell_drops_the_row(tmp_path: Path) -> None:
    rows = [*ROWS[:-3], "1,,0", "1,0,1", ",,"]
    names = ["War", "Drama", "Comedy"]
    corpus = open_corpus(write(tmp_path / "a.csv", flag(rows)), label_columns=names)
    assert corpus.texts == (*TEXTS[:-3], TEXTS[-2])
    assert any("2 without a label" in note for note in corpus.notes)


@pytest.mark.parametrize("value", ["2", "maybe", "0.5", "-1"])
def test_other_value_is_refused_with_its_column(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "a.csv", flag([*ROWS[:-1], f"1,{value},0"]))
    error = refuse(path, label_columns=["War", "Drama", "Comedy"])
    assert "'Drama'" in error.message
    assert repr(value) in error.message
    assert error.parameter == "label_columns"


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (("1,0,x", "0,1,y", "0,0,z") * 8, "War,Drama,kind"),
        (("1,0,5,0,1", "0,1,6,1,0", "0,0,7,1,1") * 8, "War,Drama,id,new,long"),
        ([*ROWS[:-1], "1,,0"], "War,Drama,Comedy"),
    ],
    ids=["beside another label column", "two groups", "an empty cell"],
)
def test_doubt_names_label_columns(tmp_path: Path, rows: Sequence[str], names: str) -> None:
    error = refuse(write(tmp_path / "a.csv", flag(rows, names)))
    assert "'War' (1)" in error.message
    assert "`label_columns`" in error.hint


def test_usual_label_column_wins_over_columns_of_yes_and_no(tmp_path: Path) -> None:
    content = flag(("1,0,x", "0,1,y", "0,0,z") * 8, "new,long,label")
    corpus = open_corpus(write(tmp_path / "a.csv", content))
    assert corpus.label_names == ("x", "y", "z")
    assert "`label_column` new" in corpus.notes[1]


def test_usual_label_column_of_yes_and_no_is_not_one_of_several(tmp_path: Path) -> None:
    content = flag(["0,1", "1,1", "0,0"] * 8, "label,verified")
    corpus = open_corpus(write(tmp_path / "a.csv", content))
    assert corpus.outcome_names == ("1", "0")
    assert corpus.labels[:3].tolist() == [[0], [1], [0]]


@pytest.mark.parametrize(
    ("options", "parameter", "expected"),
    [
        ({"label_columns": ["zzz*"]}, "label_columns", "zzz*"),
        ({"label_columns": ["Wars", "Drama"]}, "label_columns", "Wars"),
        ({"label_columns": ["War"]}, "label_columns", "War"),
        ({"label_columns": ["War", "Drama"], "label_column": "Comedy"}, "label_columns", "either"),
        ({"label_columns": ["text", "War"], "text_column": "text"}, "label_columns", "'text'"),
        ({"label_separator": ","}, "label_separator", "one column a label"),
    ],
    ids=["no match", "no such name", "one column", "both ways", "the texts", "a separator"],
)
def test_choice_that_cannot_be_is_refused(
    tmp_path: Path, options: dict[str, object], parameter: str, expected: str
) -> None:
    error = refuse(write(tmp_path / "a.csv", flag()), **options)
    assert error.parameter == parameter
    assert expected in error.message
