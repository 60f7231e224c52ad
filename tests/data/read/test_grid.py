"""The header: whether the first row is one, and what columns are called."""

from pathlib import Path

import pytest

from search.data.corpus import open_corpus
from search.data.read.tables import read_table
from tests.data.read.written import LABELS, TEXTS, delimit, refuse, write

BARE = delimit(header=())


@pytest.mark.parametrize(
    "header",
    [("text", "label"), ("story", "kind"), ("Film plot", ""), ("tag", "x")],
    ids=["usual names", "other names", "one without a name", "one usual name"],
)
def test_header_is_recognised_with_usual_and_unusual_names(
    tmp_path: Path, header: tuple[str, str]
) -> None:
    corpus = open_corpus(write(tmp_path / "a.csv", delimit(header=header)))
    assert corpus.texts == TEXTS
    assert "header in the first row" in corpus.notes[0]


@pytest.mark.parametrize("delimiter", [",", "\t"], ids=["CSV", "TSV"])
def test_first_row_with_a_label_of_the_others_is_no_header(tmp_path: Path, delimiter: str) -> None:
    content = delimit(header=(), delimiter=delimiter)
    corpus = open_corpus(write(tmp_path / "a.csv", content))
    assert corpus.texts == TEXTS
    assert "no header" in corpus.notes[0]
    assert "'column 1'" in corpus.notes[1]
    assert "'column 2'" in corpus.notes[1]


def test_first_row_whose_label_stands_nowhere_else_is_a_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"{TEXTS[0]},Western\n{BARE}")
    assert open_corpus(path).texts == TEXTS
    assert open_corpus(path, header=False).texts == (TEXTS[0], *TEXTS)


def test_said_header_wins(tmp_path: Path) -> None:
    assert open_corpus(write(tmp_path / "a.csv", BARE), header=True).texts == TEXTS[1:]
    corpus = open_corpus(write(tmp_path / "b.csv", delimit()), header=False)
    assert corpus.texts == ("text", *TEXTS)
    assert "label" in corpus.label_names


def test_column_without_a_name_is_named_by_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit(TEXTS, LABELS, header=("", "text")))
    assert read_table(path).frame.columns.tolist() == ["column 1", "text"]
    corpus = open_corpus(path, text_column="column 1", label_column="text")
    assert corpus.texts == TEXTS


def test_naming_a_column_by_its_place_says_that_there_is_no_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"{TEXTS[0]},Western\n{BARE}")
    corpus = open_corpus(path, text_column="column 1", label_column="column 2")
    assert corpus.texts == (TEXTS[0], *TEXTS)
    assert "'column 2'" in refuse(path, label_column="column 3").message


def test_repeated_header_is_dropped_and_counted(tmp_path: Path) -> None:
    content = delimit().replace(",Drama\n", ",Drama\ntext,label\n")
    corpus = open_corpus(write(tmp_path / "a.csv", content))
    assert corpus.texts == TEXTS
    assert set(corpus.label_names) == set(LABELS)
    assert "8 times" in corpus.notes[0]
    once = write(tmp_path / "b.csv", delimit() + "text,label\n")
    assert "once" in open_corpus(once).notes[0]


def test_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    error = refuse(write(tmp_path / "a.csv", delimit(header=("plot", "plot"))))
    assert "'plot'" in error.message
    assert "`header`" in error.hint


@pytest.mark.parametrize("content", ["text,label\n", "text,label"], ids=["line", "no line end"])
def test_header_alone_is_refused(tmp_path: Path, content: str) -> None:
    assert "header" in refuse(write(tmp_path / "a.csv", content)).message
