"""Read a file into a table.

Owns which format a file has, decided by its content: delimited text, JSON, Excel or Parquet, also
compressed. Knows no texts: every column comes back as the file has it, as Python objects, and
nothing is guessed to be missing.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TextIO

import pandas as pd

from ...errors import DataError
from ..file_errors import naming_file
from .columns import ColumnChoice
from .compression import SUFFIXES, open_bytes
from .delimited import SAMPLE, find_dialect, read_delimited
from .encoding import Encoding, find_encoding, look_up_encoding
from .grid import make_frame
from .json_records import is_json, read_json
from .skipped import NONE_SKIPPED, Skipped
from .workbook import MARKS, read_workbook

_PARQUET_MARK = b"PAR1"
_DELIMITER_HINT = re.compile(r"sep=.\r?")
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_USUAL_DELIMITERS = {".tsv": "\t", ".tab": "\t"}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a user says about the form of a file; None for what is to be detected."""

    delimiter: str | None = None
    """What separates the fields of a line."""
    quote: str | None = None
    """What encloses a field, '"' or "'"; "none" where quotes are plain characters."""
    header: bool | None = None
    """Whether the first row names the columns."""
    encoding: str | None = None
    """Name of a codec of Python's."""
    most_broken: float = 0.0
    """Share of broken rows that may be left out, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and how it was read."""

    frame: pd.DataFrame
    """Dtype object. Cells of delimited text are strings exactly as written, "NA" and "None" too; a
    key that a JSON record lacks is NaN."""
    form: str
    """In words: format, encoding and header."""
    skipped: Skipped = NONE_SKIPPED
    """Broken rows."""

    @property
    def notes(self) -> list[str]:
        """Sentences for the user."""
        n_broken = self.skipped.count
        noun = "row" if n_broken == 1 else "rows"
        note = f"{n_broken:,} broken {noun} left out; the first: {self.skipped.example}"
        return [self.form] + [note] * (n_broken > 0)


def read_table(
    path: Path, file_format: FileFormat | None = None, choice: ColumnChoice | None = None
) -> Table:
    """Read the file at `path`; its content says the format, and its suffix settles a doubt.

    Args:
        path: of a regular file.
        file_format: what is known of its form.
        choice: columns that a user named, by which a header is recognised.

    Raises:
        DataError: the file is missing, a folder, no regular file, empty, in no format that is
            known, in another encoding, or broken.
    """
    file_format, choice = file_format or FileFormat(), choice or ColumnChoice()
    with naming_file(path), open_bytes(path) as stream:
        start = stream.read(8)
        stream.seek(0)
        if start.startswith(_PARQUET_MARK):
            return Table(_read_parquet(stream.read()), "Parquet")
        if start.startswith(MARKS):
            grid, form = read_workbook(stream.read())
            frame, header = make_frame(grid, file_format.header, choice)
            return Table(frame, f"{form}, {header}")
        try:
            return _read_text(stream, _cut_suffixes(path), file_format, choice)
        except UnicodeError as error:
            if isinstance(error, UnicodeEncodeError):
                raise
            raise DataError(
                f"expected text in the encoding {file_format.encoding or 'that was detected'}, "
                f"found other bytes ({error})",
                "Name another encoding with `encoding`, or leave it off to have it detected.",
                parameter="encoding",
            ) from error


def _read_text(
    stream: IO[bytes], suffix: str, file_format: FileFormat, choice: ColumnChoice
) -> Table:
    encoding = (
        replace(look_up_encoding(file_format.encoding), is_damaged=file_format.most_broken > 0)
        if file_format.encoding is not None
        else find_encoding(stream, accepts_damage=file_format.most_broken > 0)
    )
    with _reading(stream, encoding) as open_text:
        sample = open_text().read(SAMPLE)
        _check_sample(sample)
        guessed = " (detected)" if encoding.is_guessed else ""
        is_lines = file_format.delimiter is not None or file_format.header is not None
        if suffix in _JSON_SUFFIXES or (is_json(sample) and not is_lines):
            frame, form, skipped = read_json(open_text(), file_format.most_broken)
            return Table(frame, f"{form}, {encoding.name}{guessed}", skipped)
        usual = _USUAL_DELIMITERS.get(suffix, ",")
        dialect = find_dialect(sample, usual, file_format.delimiter, file_format.quote)
        grid, dialect, skipped = read_delimited(
            open_text, dialect, file_format.most_broken, is_sure=file_format.quote is not None
        )
    if len(grid.columns) == 1:
        raise DataError(
            f"expected columns of texts and labels, found one column: no line holds {dialect}",
            "Name what separates them with `delimiter`.",
        )
    frame, header = make_frame(grid, file_format.header, choice)
    return Table(frame, f"{dialect}, {encoding.name}{guessed}, {header}", skipped)


def _check_sample(sample: str) -> None:
    """Refuse what is no table.

    Raises:
        DataError: there is nothing, a web page, or Python's way of writing objects.
    """
    if not sample.strip():
        raise DataError("expected a table, found an empty file", "Check the download.")
    if sample.lstrip().startswith(("{'", "[{'")):
        raise DataError(
            "expected JSON or delimited text, found dictionaries as Python prints them",
            "Write each with json.dumps, one a line.",
        )
    if sample.lstrip()[:15].lower().startswith(("<!doctype html", "<html", "<?xml")):
        raise DataError(
            "expected a table, found a web page", "Download the file itself, not its page."
        )


@contextmanager
def _reading(stream: IO[bytes], encoding: Encoding) -> Iterator[Callable[[], TextIO]]:
    """Give a function that opens the text from its start, with the ends of lines as they are."""
    errors = "surrogateescape" if encoding.is_damaged else "strict"
    opened: list[io.TextIOWrapper] = []
    has_hint = False

    def open_text() -> TextIO:
        close()
        stream.seek(0)
        opened.append(io.TextIOWrapper(stream, encoding=encoding.codec, errors=errors, newline=""))
        if has_hint:
            opened[-1].readline()
        return opened[-1]

    def close() -> None:
        # A wrapper that is thrown away would close the stream.
        while opened:
            opened.pop().detach()

    # Spreadsheets write the delimiter into a line above the header.
    has_hint = _DELIMITER_HINT.fullmatch(open_text().read(8).split("\n")[0]) is not None
    try:
        yield open_text
    finally:
        close()


def _cut_suffixes(path: Path) -> str:
    """Give the suffix that says the format, in small letters, without that of a compression."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in SUFFIXES:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _read_parquet(content: bytes) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    # pyarrow's ArrowInvalid is a ValueError, its ArrowException for broken pages an OSError.
    except (ValueError, OSError) as error:
        message = f"expected Parquet, found something else ({error})"
        raise DataError(message, "Write the file again.") from error
    if frame.empty:
        raise DataError("expected rows, found none", "Write the file again.")
    return frame.astype(object).rename(columns=str)
