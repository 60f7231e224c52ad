import codecs
import io
import struct

import numpy as np
import pytest

from search.data.word_vectors.rows import Row, parse_vector, read_rows
from search.errors import DataError


def rows_of(content: bytes) -> list[Row]:
    return list(read_rows(io.BytesIO(content)))


def test_a_file_of_glove_begins_with_a_row() -> None:
    rows = rows_of(b"the 0.5 -1 2e-1\ncat 1 2 3\n")
    assert [(row.line, row.word) for row in rows] == [(1, b"the"), (2, b"cat")]
    assert parse_vector(rows[0]).tolist() == pytest.approx([0.5, -1.0, 0.2])
    assert parse_vector(rows[1]).dtype == np.float32


def test_a_file_of_fasttext_begins_with_a_header_and_ends_its_lines_in_spaces() -> None:
    rows = rows_of(b"2 3\nthe 0.5 -1 2e-1 \ncat 1 2 3 \n")
    assert [(row.line, row.word) for row in rows] == [(2, b"the"), (3, b"cat")]
    assert parse_vector(rows[1]).tolist() == [1.0, 2.0, 3.0]


def test_two_whole_numbers_behind_a_word_are_no_header() -> None:
    assert [row.word for row in rows_of(b"1999 3 4\n2000 5 6\n")] == [b"1999", b"2000"]


def test_the_last_fields_are_the_vector_of_a_word_with_spaces() -> None:
    rows = rows_of(b"the 1 2\n. . . 3 4\nat name@domain.com 5 6\n 7 8\n")
    assert [row.word for row in rows] == [b"the", b". . .", b"at name@domain.com", b""]
    assert [parse_vector(row).tolist() for row in rows[1:]] == [[3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]


def test_only_a_space_separates_and_only_a_line_feed_ends_a_row() -> None:
    # No-break space, the separator of lines U+2028, next line U+0085, and a tab.
    words = ["a\xa0b", "c\u2028d", "e\x85f", "g\th"]
    rows = rows_of("".join(f"{word} 1 2\n" for word in words).encode())
    assert [row.word.decode() for row in rows] == words


def test_byte_order_mark_line_ends_of_windows_and_blank_lines_do_no_harm() -> None:
    rows = rows_of(codecs.BOM_UTF8 + b"the 1 2\r\n\r\ncat 3 4\r\n\n")
    assert [(row.line, row.word) for row in rows] == [(1, b"the"), (3, b"cat")]
    assert parse_vector(rows[1]).tolist() == [3.0, 4.0]


def test_more_rows_than_the_header_says_are_read() -> None:
    assert len(rows_of(b"1 2\na 1 2\nb 1 2\n")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected word vectors, found an empty file"),
        (b"\n\n", "expected word vectors, found an empty file"),
        (b"a 1 2\nb 1\n", "line 2: expected a word and 2 numbers, as the first row has them, .* 1"),
        (b"a 1 2\nb 1 2 3\n", "line 2: expected a word and 2 numbers, .* found 3"),
        (b"2 3\na 1 2\n", "line 2: expected a word and 3 numbers, as line 1 says, found 2"),
        (b"2 2\na 1 2 3\n", "line 2: expected a word and 2 numbers, as line 1 says, found 3"),
        (b"a 1 2\n\nb\n", "line 3: expected a word and 2 numbers, .* found 0"),
        (b"3 2\na 1 2\nb 3 4\n", "expected 3 rows as line 1 says, found 2"),
        (b"400000 300\n", "expected 400,000 rows as line 1 says, found 0"),
        (b"the 23135851162\n", "line 1: expected a word and its vector .* found 'the 23135851162'"),
        (b"10 1\na 1\n", "line 1: expected a word and its vector"),
        (b"word,v1,v2\n", "line 1: expected a word and its vector .* found 'word,v1,v2'"),
        (b"The quick brown fox\n", "line 1: expected finite numbers .* word 'The', found 'quick'"),
        (b"1 2\na 1 nan\n", "line 2: expected finite numbers .* word 'a', found 'nan'"),
        (b"9" * 5_000 + b" 300\n", "line 1: expected a word and its vector"),
    ],
    ids=[
        "empty",
        "blank lines",
        "too few numbers",
        "too many numbers",
        "fewer than the header says",
        "more than the header says",
        "no numbers",
        "fewer rows than the header says",
        "no rows",
        "two fields",
        "one dimension",
        "commas",
        "prose",
        "not a number",
        "a long line of digits",
    ],
)
def test_what_does_not_fit_is_told_with_its_line(content: bytes, message: str) -> None:
    with pytest.raises(DataError) as caught:
        rows_of(content)
    assert caught.match(message)
    assert caught.value.hint


@pytest.mark.parametrize(
    "field",
    [b"x", b"", b"nan", b"inf", b"-Infinity", b"1e39", b"0,5"],
    ids=["a letter", "nothing", "NaN", "infinity", "minus infinity", "too large", "a comma"],
)
def test_a_vector_holds_finite_numbers_of_single_precision(field: bytes) -> None:
    with pytest.raises(
        DataError, match=f"line 7: .* behind the word 'cat', found '{field.decode()}'"
    ):
        parse_vector(Row(7, b"cat", b"1 " + field + b" 3"))


def test_words_in_a_message_are_shown_whatever_their_bytes() -> None:
    with pytest.raises(DataError, match="behind the word 'caf\ufffd', found 'x'"):
        parse_vector(Row(1, b"caf\xe9", b"x"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04\x14\x00", "expected text, found a zip archive"),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", "expected text, found a NumPy array"),
        (b"\xba\x16\x4f\x2f\x0c\x00", r"expected text, found a model of fastText \(.bin\)"),
        (b"BZh91AY&SY", "expected text, found bzip2"),
        (b"\xfd7zXZ\x00", "expected text, found xz"),
        ("the 1 2\n".encode("utf-16"), "line 1: expected text, found binary data"),
        (b"\x00\x01\x02", "line 1: expected text, found binary data"),
    ],
    ids=["zip", "NumPy", "fastText", "bzip2", "xz", "UTF-16", "binary"],
)
def test_other_formats_are_told_by_their_first_bytes(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        rows_of(content)


def test_vectors_of_word2vec_as_bytes_are_told_though_their_header_is_text() -> None:
    numbers = struct.pack("<100f", *np.random.default_rng(1).normal(size=100))
    with pytest.raises(DataError, match=r"line 2: expected .* 100 numbers, .* found binary data"):
        rows_of(b"2 100\nthe " + numbers + b"\ncat " + numbers + b"\n")


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    with pytest.raises(DataError, match="line 2: expected at most 1 MB, found a longer line"):
        rows_of(b"a 1 2\n" + b"b" * (1 << 20))
