"""The rows of a text file of word vectors.

Owns the formats, GloVe's (`word v1 ... vD` from the first line on) and that of fastText and
word2vec (the same behind a first line `rows D`), and the wording of what is wrong with a line.
Knows no vocabulary, and no path: who opens the file names it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from ...errors import DataError

Vector = npt.NDArray[np.float32]

HINT = "Give word vectors as text, in the format of GloVe (.txt) or fastText (.vec), or .gz of one."

_MAX_LINE_BYTES = 1 << 20
"""A row of 1,000 numbers takes 10 kB; a line without end would fill the memory."""
_LARGEST = float(np.finfo(np.float32).max)
_HEADER = re.compile(rb"(\d{1,12}) (\d{1,6})")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_FORMATS = {
    b"PK\x03\x04": ("a zip archive", "Unpack it and give one of the files inside."),
    b"BZh": ("bzip2", "Unpack it, or pack it as .gz."),
    b"\xfd7zXZ": ("xz", "Unpack it, or pack it as .gz."),
    b"\x93NUMPY": ("a NumPy array, which has no words", HINT),
    b"\xba\x16\x4f\x2f": ("a model of fastText (.bin)", "Give the .vec that lies beside it."),
}


class Row(NamedTuple):
    """One word with its vector, not yet read as numbers."""

    line: int
    """Number of the line, from 1 on."""
    word: bytes
    """Not decoded: some releases have words that are no UTF-8."""
    numbers: bytes
    """As many fields as the file has dimensions, separated by single spaces."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the first line says of all rows."""

    n_dimensions: int
    n_rows: int | None
    """As a header says; None where there is none."""


def read_rows(stream: BinaryIO) -> Iterator[Row]:
    """Give the rows of a file, one after another; blank lines are passed over.

    The last D fields of a line are its vector, since a few words of glove.840B hold spaces. The
    first vector is read as numbers; of the others only the fields are counted, which is fast.

    Raises:
        DataError: at the first line that does not fit, with its number; a file that is empty, no
            text, or has fewer rows than its header says.
    """
    layout: _Layout | None = None
    n_rows = 0
    for number, line in _lines(stream):
        if layout is None:
            layout = _read_layout(number, line)
            if layout.n_rows is not None:
                continue
        row = _split_row(number, line, layout)
        if n_rows == 0:
            parse_vector(row)
        n_rows += 1
        yield row
    if layout is None:
        raise DataError("expected word vectors, found an empty file", "Check the download.")
    if layout.n_rows is not None and n_rows < layout.n_rows:
        raise DataError(
            f"expected {layout.n_rows:,} rows as line 1 says, found {n_rows:,}",
            "Fetch the file again; if it was shortened on purpose, put the new number in line 1.",
        )


def parse_vector(row: Row) -> Vector:
    """Read the numbers of a row: float32, (D,).

    Raises:
        DataError: a field is no number, not finite, or beyond the range of float32.
    """
    values = []
    for field in row.numbers.split(b" "):
        value = _read_number(field)
        # NaN compares false.
        if value is None or not abs(value) <= _LARGEST:
            word, found = _shown(row.word), _shown(field)
            raise DataError(
                f"line {row.line}: expected finite numbers separated by single spaces behind the "
                f"word {word}, found {found}",
                "Correct or remove this line.",
            )
        values.append(value)
    return np.array(values, np.float32)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Number the lines that are not blank, without their ends; fastText ends each in a space."""
    blocks = iter(partial(stream.readline, _MAX_LINE_BYTES), b"")
    for number, block in enumerate(blocks, start=1):
        line = block.rstrip(b" \r\n")
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
            _check_text(line)
        if len(block) == _MAX_LINE_BYTES:
            raise DataError(f"line {number}: expected at most 1 MB, found a longer line", HINT)
        if line:
            yield number, line


def _check_text(line: bytes) -> None:
    for magic, (found, hint) in _FORMATS.items():
        if line.startswith(magic):
            raise DataError(f"expected text, found {found}", hint)
    if _CONTROL.search(line):
        raise DataError("line 1: expected text, found binary data", HINT)


def _read_layout(number: int, line: bytes) -> _Layout:
    header = _HEADER.fullmatch(line)
    if header and int(header[2]) > 1:
        return _Layout(int(header[2]), int(header[1]))
    n_dimensions = line.count(b" ")
    if n_dimensions < 2:
        raise DataError(
            f"line {number}: expected a word and its vector separated by spaces, or the header "
            f"`rows dimensions`, found {_shown(line)}",
            HINT,
        )
    return _Layout(n_dimensions, None)


def _split_row(number: int, line: bytes, layout: _Layout) -> Row:
    n_fields = line.count(b" ")
    if n_fields == layout.n_dimensions:
        word, _, numbers = line.partition(b" ")
        return Row(number, word, numbers)
    fields = line.split(b" ")
    # What stands before the vector is a word with spaces, unless it ends in one more number.
    if n_fields > layout.n_dimensions and _read_number(fields[-layout.n_dimensions - 1]) is None:
        word = b" ".join(fields[: -layout.n_dimensions])
        return Row(number, word, b" ".join(fields[-layout.n_dimensions :]))
    source = "the first row has them" if layout.n_rows is None else "line 1 says"
    found = "binary data" if _CONTROL.search(line) else f"{n_fields:,}"
    raise DataError(
        f"line {number}: expected a word and {layout.n_dimensions:,} numbers, as {source}, "
        f"found {found}",
        HINT if found == "binary data" else "Correct or remove this line, or fetch the file again.",
    )


def _read_number(field: bytes) -> float | None:
    try:
        return float(field)
    except ValueError:
        return None


def _shown(text: bytes) -> str:
    return repr(text.decode("utf-8", "replace")[:40])
