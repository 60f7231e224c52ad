"""Read a file into a table.

Owns the file formats (CSV, TSV, JSON, JSON lines, Parquet, and `.gz` of the text ones) and the
wording of what is wrong with a file, down to its line. Knows no texts and no labels: every column
comes back as the file has it, as Python objects, and nothing is guessed to be missing.
"""

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from pathlib import Path

import pandas as pd

from ...errors import DataError
from ..file_errors import naming_file

TEXT_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
"""Read as UTF-8, also when compressed (`.csv.gz`)."""
PARQUET_SUFFIX = ".parquet"

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_JSON_HINT = "Write a JSON list of objects, or one object a line in a .jsonl file."


def read_table(path: Path) -> pd.DataFrame:
    """Read the file at `path`; its suffix says the format.

    Every column has dtype object. Cells of a CSV or TSV are strings exactly as written, "NA" and
    "None" too; a key that a JSON record lacks is NaN.

    Raises:
        DataError: the file is missing, a folder, empty, of an unknown format, not UTF-8, or broken.
    """
    with naming_file(path):
        suffix = _find_format(path)
        if suffix == PARQUET_SUFFIX:
            return _read_parquet(_read_bytes(path))
        # No name keeps the bytes alive beside the text: of a large file either is large.
        text = _decode(path, suffix, _read_bytes(path))
        if not text.strip():
            raise DataError("expected a table, found an empty file", "Check the download.")
        if suffix in (".csv", ".tsv"):
            return _read_delimited(text, _find_delimiter(text, suffix))
        records = _read_json(text) if suffix == ".json" else _read_json_lines(text)
        return pd.DataFrame(records, dtype=object)


def _find_format(path: Path) -> str:
    """Answer the suffix that says the format, without `.gz`."""
    name = path.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix in TEXT_SUFFIXES or (suffix == PARQUET_SUFFIX and name.endswith(suffix)):
        return suffix
    if suffix == ".npz":
        raise DataError(
            "expected a table, found arrays of NumPy (.npz)",
            "Write texts and labels as CSV, JSON lines or Parquet; the reviews that Keras "
            "distributes are the named corpus imdb.",
        )
    found = f"the suffix {''.join(path.suffixes[-2:])!r}" if path.suffixes else "no suffix"
    known = ", ".join((*TEXT_SUFFIXES, PARQUET_SUFFIX))
    raise DataError(
        f"expected one of {known}, found {found}",
        "Rename the file after its format, or convert it; all but Parquet may end in .gz.",
    )


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix.lower() == ".gz" else content
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"expected gzip, found something else ({error})"
        raise DataError(message, "Fetch the file again, or leave off .gz if it is text.") from error


def _decode(path: Path, suffix: str, content: bytes) -> str:
    # Excel writes UTF-16 as "Unicode text"; its byte order mark leaves no doubt.
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        # "utf-8-sig" counts from behind a byte order mark where there is one.
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"line {line}: expected UTF-8, found the byte 0x{error.object[error.start]:02x}"
            f" (byte {error.start} of the file)",
            f"Convert it, for example: {'gunzip -c' if path.suffix == '.gz' else 'cat'} {path} | "
            f"iconv -f WINDOWS-1252 -t UTF-8 > utf8{suffix}",
        ) from error


def _find_delimiter(text: str, suffix: str) -> str:
    """Answer what separates the fields: what the suffix says, unless the header has but one field.

    Excel separates by semicolons where the comma is the decimal point, and calls it CSV.
    """
    usual = "," if suffix == ".csv" else "\t"
    header = text.lstrip().split("\n", 1)[0]
    return next((sign for sign in (usual, ";", "\t", "|", ",") if sign in header), usual)


def _read_delimited(text: str, delimiter: str) -> pd.DataFrame:
    """Read CSV or TSV by the csv module: pandas fills short rows up without a word."""
    # The limit (131,072 characters) belongs to the module, so it is put back.
    limit = csv.field_size_limit(max(len(text), 1))
    # Not from io.StringIO, which keeps four bytes a character: 4 GiB for a file of 1 GiB.
    lines = (line[0] for line in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    line = 1
    try:
        for row in reader:
            if row:
                _check_width(line, row, rows)
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"line {line}: expected a row, found quotes that do not pair ({error})",
            'Close the quoted field that begins in this row; a quote inside one is written "".',
        ) from error
    finally:
        csv.field_size_limit(limit)
    if len(rows) < 2:
        message = f"expected a header and rows, found {len(rows)} line"
        raise DataError(message, "The first line names the columns, each further one is a row.")
    return pd.DataFrame(rows[1:], columns=_header(rows[0]), dtype=object)


def _check_width(line: int, row: list[str], rows: list[list[str]]) -> None:
    if rows and len(row) != len(rows[0]):
        raise DataError(
            f"line {line}: expected {len(rows[0])} fields as in the header, found {len(row)}",
            'Put a field that holds the delimiter or a line break in double quotes ("..."); '
            "separate fields by commas in .csv, by tabs in .tsv.",
        )


def _header(names: list[str]) -> list[str]:
    """Name the nameless columns (pandas writes its index as one), refuse repeated names."""
    header = [name.strip() or f"column {i}" for i, name in enumerate(names, start=1)]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        message = f"line 1: expected different column names, found {repeated[0]!r} twice"
        raise DataError(message, "Rename one of the two columns.")
    return header


def _read_json(text: str) -> list[dict[str, object]]:
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}: expected JSON, found: {error.msg}"
        raise DataError(message, _JSON_HINT) from error
    if not isinstance(records, list):
        found = "an object" if isinstance(records, dict) else "a single value"
        raise DataError(f"expected a list of objects, found {found}", _JSON_HINT)
    if not records:
        raise DataError("expected a list of objects, found an empty list", _JSON_HINT)
    for number, record in enumerate(records, start=1):
        _check_object(record, f"entry {number}: expected an object")
    return records


def _read_json_lines(text: str) -> list[dict[str, object]]:
    """Read one object a line; blank lines are skipped."""
    records: list[dict[str, object]] = []
    # str.splitlines would also break at U+2028, which JSON allows inside a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        expected = f"line {number}: expected a JSON object"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            message = f"{expected}, found: {error.msg} (column {error.colno})"
            raise DataError(message, _JSON_HINT) from error
        _check_object(record, expected)
        records.append(record)
    return records


def _check_object(record: object, expected: str) -> None:
    if not isinstance(record, dict):
        raise DataError(f"{expected}, found a {type(record).__name__}", _JSON_HINT)


def _read_parquet(content: bytes) -> pd.DataFrame:
    if not content:
        raise DataError("expected a table, found an empty file", "Check the download.")
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    # pyarrow's ArrowInvalid is a ValueError, its ArrowException for broken pages an OSError.
    except (ValueError, OSError) as error:
        message = f"expected Parquet, found something else ({error})"
        raise DataError(message, "Check the suffix, or write the file again.") from error
    if frame.empty:
        raise DataError("expected rows, found none", "Write the file again.")
    return frame.astype(object).rename(columns=str)
