"""Delimited text: delimiter and quotes are recognised, broken rows are named by their line."""

import csv
from pathlib import Path

import pytest

from search.data.corpus import open_corpus
from tests.data.read.written import LABELS, TEXTS, delimit, join, refuse, replace_one, write

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# Each has every delimiter, one quote of each kind, and is long enough for a text.
ROUGH = tuple(f'{text}, one; two | three\tsay "four" o\'clock' for text in TEXTS)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a"])
@pytest.mark.parametrize("quote", ['"', "'"], ids=["quotes", "apostrophes"])
@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS)
def test_delimiter_and_quotes_are_recognised(
    tmp_path: Path, delimiter: str, quote: str, name: str
) -> None:
    path = write(tmp_path / name, delimit(ROUGH, delimiter=delimiter, quote=quote))
    assert open_corpus(path).texts == ROUGH


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"], ids=["LF", "CRLF", "CR", "blank"])
def test_ends_of_lines_and_blank_lines_do_not_matter(tmp_path: Path, end: str) -> None:
    path = write(tmp_path / "a.csv", delimit().replace("\n", end))
    assert open_corpus(path).texts == TEXTS


def test_other_delimiter_is_named_in_the_advice_and_read_where_it_is_given(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", join(ROUGH, delimiter=" ::: "))
    error = refuse(path)
    assert "`delimiter` ' ::: '" in error.hint
    assert open_corpus(path, delimiter=" ::: ").texts == ROUGH


def test_file_of_one_column_says_that_no_line_is_divided(tmp_path: Path) -> None:
    error = refuse(write(tmp_path / "a.csv", "text\n" + "\n".join(TEXTS)))
    assert "one column" in error.message
    assert "`delimiter`" in error.hint


@pytest.mark.parametrize(
    "delimiter",
    ['"', "\n", "\0", "zzz", " "],
    ids=["quote", "line break", "zero", "in no line", "space"],
)
def test_delimiter_that_divides_nothing_is_refused(tmp_path: Path, delimiter: str) -> None:
    error = refuse(write(tmp_path / "a.csv", delimit()), delimiter=delimiter)
    assert "`delimiter`" in error.hint


def test_field_in_quotes_may_span_lines_and_hold_quotes(tmp_path: Path) -> None:
    texts = tuple(f'{text}\nsecond "line"\r\n\nand, last' for text in TEXTS)
    assert open_corpus(write(tmp_path / "a.csv", delimit(texts))).texts == texts


TWO_LINES = replace_one(TEXTS, 4, "Well, she said\nand left for the island again that night")
"""The field of two lines has a comma on its first, and one follows its second."""


def test_comma_on_the_first_line_of_a_field_of_two_lines_divides_no_row(tmp_path: Path) -> None:
    corpus = open_corpus(write(tmp_path / "a.csv", delimit(TWO_LINES, all_quoted=True)))
    assert corpus.texts == tuple(TWO_LINES)
    assert set(corpus.label_names) == set(LABELS)


def test_one_field_in_quotes_over_lines_that_look_like_rows_is_a_doubt(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit(TWO_LINES))
    error = refuse(path)
    assert "line 6" in error.message
    assert "`quote` none" in error.hint
    assert open_corpus(path, quote='"').texts == tuple(TWO_LINES)
    assert len(open_corpus(path, quote="none").texts) == len(TWO_LINES) + 1


def test_field_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    texts = replace_one(TEXTS, 0, "word " * 40_000 + "end")
    assert open_corpus(write(tmp_path / "a.csv", delimit(texts))).texts == tuple(texts)
    assert csv.field_size_limit() == limit


def test_fields_longer_than_the_sample_are_divided_as_the_others(tmp_path: Path) -> None:
    texts = tuple("one; two\n" * 9_000 + text for text in TEXTS)
    assert open_corpus(write(tmp_path / "a.csv", delimit(texts))).texts == texts


UNCLOSED = tuple(f'"{text}' if i % 3 == 0 else text for i, text in enumerate(TEXTS))
APART = replace_one(replace_one(TEXTS, 3, f'"{TEXTS[3]}'), 7, f'{TEXTS[7]}"')


@pytest.mark.parametrize(
    "texts",
    [UNCLOSED, replace_one(TEXTS, 5, f'"{TEXTS[5]}'), APART, [f"'{text}" for text in TEXTS]],
    ids=["often", "once", "closed some lines below", "apostrophes"],
)
def test_quotes_without_their_partner_are_plain_characters_in_unquoted_text(
    tmp_path: Path, texts: list[str]
) -> None:
    corpus = open_corpus(write(tmp_path / "a.tsv", join(texts)))
    assert corpus.texts == tuple(texts)
    assert set(corpus.label_names) == set(LABELS)


def test_said_quotes_win(tmp_path: Path) -> None:
    texts = tuple(f'"{text}"' for text in TEXTS)
    path = write(tmp_path / "a.tsv", join(texts))
    assert open_corpus(path).texts == TEXTS
    assert open_corpus(path, quote="none").texts == texts
    assert open_corpus(path, quote="'").texts == texts
    path = write(tmp_path / "a.tsv", join(UNCLOSED))
    assert "quotes" in refuse(path, quote='"').message


@pytest.mark.parametrize(
    ("row", "found"),
    [("only one", "found 1"), ("one,two,three", "found 3"), ('"two, parts', "quotes")],
    ids=["too narrow", "too wide", "never closed"],
)
def test_broken_row_is_named_by_its_line_and_left_out_where_that_is_allowed(
    tmp_path: Path, row: str, found: str
) -> None:
    lines = delimit(replace_one(ROUGH, 0, f"two\nlines, {TEXTS[0]}")).splitlines(keepends=True)
    path = write(tmp_path / "a.csv", "".join([*lines[:9], row, "\n", *lines[9:]]))
    error = refuse(path)
    assert "line 10" in error.message
    assert found in error.message
    assert "`skip_bad_rows`" in error.hint
    corpus = open_corpus(path, skip_bad_rows=0.1)
    assert len(corpus.texts) == len(TEXTS)
    assert corpus.texts[1:] == ROUGH[1:]
    assert "1 broken row" in corpus.notes[1]
    assert "line 10" in corpus.notes[1]


def test_quote_that_never_closes_in_a_file_with_all_fields_in_quotes_is_named(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.csv", delimit(all_quoted=True) + '"never closed,"War"\n')
    assert "line 26" in refuse(path).message


def test_broken_row_changes_no_quotes_of_the_others(tmp_path: Path) -> None:
    content = delimit((f"{text} é" for text in TEXTS), all_quoted=True).encode()
    path = write(tmp_path / "a.csv", content.replace(b"keeps 5 ", b"keeps \xff "))
    corpus = open_corpus(path, skip_bad_rows=0.05)
    assert corpus.texts[0] == f"{TEXTS[0]} é"
    assert set(corpus.label_names) == set(LABELS)


def test_more_broken_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", delimit() + "a,b,c\n" * 5)
    error = refuse(path, skip_bad_rows=0.1)
    assert error.parameter == "skip_bad_rows"
    for part in ("5 of", "10", "line 26"):
        assert part in error.message
    assert len(open_corpus(path, skip_bad_rows=0.2).texts) == len(TEXTS)
