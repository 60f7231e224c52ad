"""Reading files: every format gives the same table, every fault names its line."""

import csv
import gzip
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from search.data.read.tables import read_table
from search.errors import DataError

RECORDS = [{"text": "a tale, of two", "label": "x"}, {"text": "naïve", "label": "y"}]
CSV = 'text,label\n"a tale, of two",x\nnaïve,y\n'
TSV = "text\tlabel\na tale, of two\tx\nnaïve\ty\n"
JSON_LINES = "\n".join(json.dumps(record) for record in RECORDS) + "\n"


def write(path: Path, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def fault(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read_table(path)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.CSV", CSV),
        ("a.csv.gz", CSV),
        ("a.tsv", TSV),
        ("a.tsv.gz", TSV),
        ("a.json", json.dumps(RECORDS)),
        ("a.json.gz", json.dumps(RECORDS)),
        ("a.jsonl", JSON_LINES),
        ("a.ndjson", JSON_LINES),
        ("a.jsonl.gz", JSON_LINES),
        ("bom.csv", b"\xef\xbb\xbf" + CSV.encode()),
        ("crlf.csv", CSV.replace("\n", "\r\n")),
        ("cr.csv", CSV.replace("\n", "\r")),
        ("blank.csv", CSV.replace("naïve", "\nnaïve") + "\n"),
        ("blank.jsonl", JSON_LINES.replace("\n", "\n\n")),
    ],
    ids=[
        "CSV",
        "capitals",
        "CSV packed",
        "TSV",
        "TSV packed",
        "JSON",
        "JSON packed",
        "JSON lines",
        "NDJSON",
        "JSON lines packed",
        "byte order mark",
        "CRLF",
        "CR",
        "blank line in CSV",
        "blank lines in JSON lines",
    ],
)
def test_each_format_gives_the_same_table(tmp_path: Path, name: str, content: str | bytes) -> None:
    table = read_table(write(tmp_path / name, content))
    assert table.to_dict("records") == RECORDS
    assert all(str(dtype) == "object" for dtype in table.dtypes)


def test_parquet_gives_the_same_table(tmp_path: Path) -> None:
    pd.DataFrame(RECORDS).to_parquet(tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").to_dict("records") == RECORDS


def test_words_that_look_like_missing_values_stay_text(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "text,label\nNone,NA\nnull,\nnan,0\n"))
    assert table["text"].tolist() == ["None", "null", "nan"]
    assert table["label"].tolist() == ["NA", "", "0"]


def test_quoted_field_may_span_lines_and_hold_quotes(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", 'text,label\n"one\ntwo ""three""",x\n'))
    assert table["text"].tolist() == ['one\ntwo "three"']


def test_field_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    table = read_table(write(tmp_path / "a.csv", f"text,label\n{'word ' * 40_000},x\n"))
    assert len(table["text"][0]) == 200_000
    assert csv.field_size_limit() == limit


def test_column_without_a_name_is_named_by_its_place(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", ",text\n0,x\n"))
    assert table.columns.tolist() == ["column 1", "text"]


def test_line_separator_character_inside_a_json_line_ends_no_line(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.jsonl", '{"text": "one\u2028two"}\n'))
    assert table["text"].tolist() == ["one\u2028two"]


@pytest.mark.parametrize(
    ("row", "found"),
    [("only one", "found 1"), ("one,two,three", "found 3")],
    ids=["too narrow", "too wide"],
)
def test_row_of_another_width_is_told_with_line_and_counts(
    tmp_path: Path, row: str, found: str
) -> None:
    error = fault(write(tmp_path / "a.csv", f'text,label\n"two\nlines",x\n{row}\n'))
    assert f"line 4: expected 2 fields as in the header, {found}" in error.message
    assert "double quotes" in error.hint


def test_quote_that_never_closes_is_told_where_its_row_begins(tmp_path: Path) -> None:
    error = fault(write(tmp_path / "a.csv", 'label,text\nx,one\ny,"two\nx,three\n'))
    assert "line 3: expected a row, found quotes that do not pair" in error.message


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.csv.gz"])
def test_other_encoding_is_told_with_line_and_byte(tmp_path: Path, name: str) -> None:
    error = fault(write(tmp_path / name, b"text,label\nna\xefve,x\n"))
    assert "line 2: expected UTF-8, found the byte 0xef (byte 13 of the file)" in error.message
    assert "iconv -f WINDOWS-1252 -t UTF-8" in error.hint


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "found an empty file"),
        ("a.parquet", b"", "found an empty file"),
        ("a.jsonl", " \n\n", "found an empty file"),
        ("a.csv", "text,label\n", "expected a header and rows, found 1 line"),
        ("a.csv", "text,text\na,b\n", "line 1: .* found 'text' twice"),
        ("a.xlsx", "x", r"expected one of \.csv, .*found the suffix '\.xlsx'"),
        ("a.parquet.gz", "x", r"found the suffix '\.parquet\.gz'"),
        ("noformat", "x", "found no suffix"),
        ("a.json", '[{"a": 1},\n {"a": }]', "line 2: expected JSON, found: Expecting value"),
        ("a.json", '{"a": 1}', "expected a list of objects, found an object"),
        ("a.json", '[{"a": 1}, 7]', "entry 2: expected an object, found a int"),
        ("a.json", "[]", "found an empty list"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "line 2: expected a JSON object, found: Expecting"),
        ("a.jsonl", '{"a": 1}\n\n[1]\n', "line 3: expected a JSON object, found a list"),
        ("a.parquet", "text,label\n", "expected Parquet, found something else"),
    ],
    ids=[
        "empty CSV",
        "empty Parquet",
        "blank JSON lines",
        "header alone",
        "a name twice",
        "another suffix",
        "Parquet packed",
        "no suffix",
        "broken JSON",
        "an object",
        "a number in the list",
        "an empty list",
        "a broken line",
        "a list in a line",
        "no Parquet",
    ],
)
def test_file_that_is_no_table_says_what_was_found(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = write(tmp_path / name, content)
    error = fault(path)
    assert error.message.startswith(f"{path}: ")
    assert re.search(message, error.message)


def test_broken_gzip_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(b"text,label\n")
    assert "expected gzip, found something else" in fault(tmp_path / "a.csv.gz").message
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(CSV.encode())[:-12])
    assert "expected gzip, found something else" in fault(tmp_path / "b.csv.gz").message


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    assert "expected a file, found nothing there" in fault(tmp_path / "a.csv").message
    assert "expected a file, found a folder" in fault(tmp_path).message


def test_netflix_has_8807_rows_though_a_field_spans_two_lines(real_data: Path) -> None:
    path = real_data / "netflix_titles.csv"
    assert path.read_bytes().count(b"\n") == 8_809
    assert read_table(path).shape == (8_807, 12)


def test_wikipedia_genres_come_as_lists(real_data: Path) -> None:
    table = read_table(real_data / "wikipedia_movies.jsonl.gz")
    assert len(table) == 36_273
    assert all(isinstance(cell, list) for cell in table["genres"])


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_csv_with_another_delimiter_in_its_header_is_read_with_it(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "films.csv"
    rows = ["plot", "genre"], ["A storm, at sea", "Drama"], ["Two thieves", "Crime"]
    path.write_text("\n".join(delimiter.join(row) for row in rows))
    frame = read_table(path)
    assert list(frame.columns) == ["plot", "genre"]
    assert list(frame["plot"]) == ["A storm, at sea", "Two thieves"]


def test_utf_16_with_its_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "films.tsv"
    path.write_bytes("plot\tgenre\nUne forêt\tDrame\n".encode("utf-16"))
    assert list(read_table(path)["plot"]) == ["Une forêt"]
