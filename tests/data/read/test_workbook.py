"""Excel workbooks: the first sheet with rows is read, whatever the file is called."""

from pathlib import Path

import pandas as pd
import pytest

from search.data.corpus import Task, open_corpus
from tests.data.read.written import LABELS, TEXTS, list_labels, refuse, replace_one, write

FILMS = pd.DataFrame({"text": TEXTS, "label": LABELS})


def write_workbook(path: Path, *sheets: pd.DataFrame, header: bool = True, row: int = 0) -> Path:
    # pandas asks for the suffix of a path, not of a stream.
    with path.open("wb") as file, pd.ExcelWriter(file, engine="openpyxl") as writer:
        for number, sheet in enumerate(sheets):
            sheet.to_excel(
                writer, sheet_name=f"sheet {number}", index=False, header=header, startrow=row
            )
    return path


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a"])
def test_workbook_is_recognised_under_every_name(tmp_path: Path, name: str) -> None:
    corpus = open_corpus(write_workbook(tmp_path / name, FILMS))
    assert corpus.texts == TEXTS
    assert list_labels(corpus) == [{label} for label in LABELS]
    assert "Excel, sheet 'sheet 0'" in corpus.notes[0]


def test_first_sheet_with_rows_is_read_and_named(tmp_path: Path) -> None:
    corpus = open_corpus(write_workbook(tmp_path / "a.xlsx", pd.DataFrame(), FILMS, FILMS[:3]))
    assert corpus.texts == TEXTS
    assert "'sheet 1' (of 3)" in corpus.notes[0]


def test_empty_rows_are_no_rows(tmp_path: Path) -> None:
    gaps = FILMS.reindex(range(-1, 26))
    assert open_corpus(write_workbook(tmp_path / "a.xlsx", gaps, row=3)).texts == TEXTS


def test_workbook_without_a_header_is_read(tmp_path: Path) -> None:
    corpus = open_corpus(write_workbook(tmp_path / "a.xlsx", FILMS, header=False))
    assert corpus.texts == TEXTS
    assert "no header" in corpus.notes[0]


def test_line_breaks_and_quotes_stay_and_numbers_are_whole(tmp_path: Path) -> None:
    texts = replace_one(TEXTS, 0, 'two\nlines, "quoted"')
    frame = pd.DataFrame({"text": texts, "label": [0, 1] * 12})
    corpus = open_corpus(write_workbook(tmp_path / "a.xlsx", frame))
    assert corpus.texts == tuple(texts)
    assert corpus.task is Task.BINARY
    assert corpus.outcome_names == ("1", "0")


def test_one_column_a_label_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": TEXTS, "War": [True, False] * 12, "Drama": [0, 1] * 12})
    corpus = open_corpus(write_workbook(tmp_path / "a.xlsx", frame))
    assert list_labels(corpus) == [{"War"}, {"Drama"}] * 12


@pytest.mark.parametrize(
    ("cut", "expected"),
    [(slice(-200), "damaged"), (slice(0, 0), "empty")],
    ids=["cut off", "nothing"],
)
def test_damaged_workbook_is_refused(tmp_path: Path, cut: slice, expected: str) -> None:
    content = write_workbook(tmp_path / "a.xlsx", FILMS).read_bytes()
    assert expected in refuse(write(tmp_path / "b.xlsx", content[cut])).message


def test_old_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "Excel" in refuse(path).message


def test_workbook_without_rows_is_refused(tmp_path: Path) -> None:
    assert "empty workbook" in refuse(write_workbook(tmp_path / "a.xlsx", pd.DataFrame())).message
