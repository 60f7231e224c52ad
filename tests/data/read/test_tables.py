"""Reading files: every format gives the same table, and every error names the file."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from search.data.corpus import open_corpus
from search.data.read.tables import read_table
from tests.data.read.written import LABELS, TEXTS, delimit, refuse, write

FILMS = pd.DataFrame({"text": TEXTS, "label": LABELS})


def make_parquet() -> bytes:
    return bytes(FILMS.to_parquet())


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a"])
@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "gzip"])
def test_parquet_is_recognised_under_every_name(tmp_path: Path, name: str, is_packed: bool) -> None:
    content = make_parquet()
    table = read_table(write(tmp_path / name, gzip.compress(content) if is_packed else content))
    assert table.frame.to_dict("records") == FILMS.to_dict("records")
    assert all(str(dtype) == "object" for dtype in table.frame.dtypes)
    assert table.form == "Parquet"


def test_lists_of_parquet_are_label_sets(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": TEXTS, "label": [["War", "Drama"], ["War"], []] * 8})
    frame.to_parquet(tmp_path / "a.parquet")
    corpus = open_corpus(tmp_path / "a.parquet", empty_labels="keep")
    assert corpus.label_names == ("War", "Drama")
    assert corpus.labels[:3].tolist() == [[1, 1], [1, 0], [0, 0]]


def test_parquet_that_is_cut_off_or_without_rows_is_refused(tmp_path: Path) -> None:
    assert "Parquet" in refuse(write(tmp_path / "a.parquet", make_parquet()[:-20])).message
    assert "rows" in refuse(write(tmp_path / "b", bytes(FILMS[:0].to_parquet()))).message


def test_words_that_look_like_missing_values_stay_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,label\nNone,NA\nnull,\nnan,0\n")
    frame = read_table(path).frame
    assert frame["text"].tolist() == ["None", "null", "nan"]
    assert frame["label"].tolist() == ["NA", "", "0"]


@pytest.mark.parametrize(
    "name", ["a.csv", "a.CSV", "a.tsv", "a.txt", "a.dat", "a.xlsx", "a.parquet", "a.b.c", "a"]
)
def test_name_does_not_decide_the_format(tmp_path: Path, name: str) -> None:
    assert open_corpus(write(tmp_path / name, delimit())).texts == TEXTS


def test_how_the_file_was_read_is_said_in_notes_and_errors(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit(delimiter=";"))
    for part in ("semicolons", "UTF-8", "header"):
        assert part in open_corpus(path).notes[0]
        assert part in refuse(path, label_column="zzz").message
