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

from ..errors import DataError

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
    suffix = _format_of(path)
    if suffix == PARQUET_SUFFIX:
        return _read_parquet(path, _read_bytes(path))
    # No name keeps the bytes alive beside the text: of a large file either is large.
    text = _decode(path, suffix, _read_bytes(path))
    if not text.strip():
        raise DataError(f"{path}: expected a table, found an empty file", "Check the download.")
    if suffix in (".csv", ".tsv"):
        return _read_delimited(path, text, _delimiter_of(text, suffix))
    records = _read_json(path, text) if suffix == ".json" else _read_json_lines(path, text)
    return pd.DataFrame(records, dtype=object)


def _format_of(path: Path) -> str:
    """Answer the suffix that says the format, without `.gz`."""
    if path.is_dir():
        raise DataError(f"{path}: expected a file, found a folder", "Name one file inside it.")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compressed = suffixes[-1:] == [".gz"]
    suffix = "".join(suffixes[:-1][-1:] if compressed else suffixes[-1:])
    if suffix in TEXT_SUFFIXES or (suffix == PARQUET_SUFFIX and not compressed):
        return suffix
    found = f"the suffix {''.join(path.suffixes[-2:])!r}" if path.suffixes else "no suffix"
    known = ", ".join((*TEXT_SUFFIXES, PARQUET_SUFFIX, ".npz"))
    raise DataError(
        f"{path}: expected one of {known}, found {found}",
        "Rename the file after its format, or convert it; all but Parquet may end in .gz.",
    )


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix.lower() == ".gz" else content
    except FileNotFoundError as error:
        message = f"{path}: expected a file, found nothing there"
        raise DataError(message, f"Check the path; it starts from {Path.cwd()}.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"{path}: expected gzip, found something else ({error})"
        raise DataError(message, "Fetch the file again, or leave off .gz if it is text.") from error
    except OSError as error:
        message = f"{path}: expected a readable file, found: {error.strerror or error}"
        raise DataError(message, "Check the file and its permissions.") from error


def _decode(path: Path, suffix: str, content: bytes) -> str:
    # Excel writes UTF-16 as "Unicode text"; its byte order mark leaves no doubt.
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        # "utf-8-sig" counts from behind a byte order mark where there is one.
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}: line {line}: expected UTF-8, found the byte 0x{error.object[error.start]:02x}"
            f" (byte {error.start} of the file)",
            f"Convert it, for example: {'gunzip -c' if path.suffix == '.gz' else 'cat'} {path} | "
            f"iconv -f WINDOWS-1252 -t UTF-8 > utf8{suffix}",
        ) from error


def _delimiter_of(text: str, suffix: str) -> str:
    """Answer what separates the fields: what the suffix says, unless the header has but one field.

    Excel separates by semicolons where the comma is the decimal point, and calls it CSV.
    """
    usual = "," if suffix == ".csv" else "\t"
    header = text.lstrip().split("\n", 1)[0]
    if usual not in header:
        for other in (";", "\t", "|", ","):
            if other in header:
                return other
    return usual


def _read_delimited(path: Path, text: str, delimiter: str) -> pd.DataFrame:
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
                _check_width(path, line, row, rows)
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{path}: line {line}: expected a row, found quotes that do not pair ({error})",
            'Close the quoted field that begins in this row; a quote inside one is written "".',
        ) from error
    finally:
        csv.field_size_limit(limit)
    if len(rows) < 2:
        message = f"{path}: expected a header and rows, found {len(rows)} line"
        raise DataError(message, "The first line names the columns, each further one is a row.")
    return pd.DataFrame(rows[1:], columns=_header(path, rows[0]), dtype=object)


def _check_width(path: Path, line: int, row: list[str], rows: list[list[str]]) -> None:
    if rows and len(row) != len(rows[0]):
        raise DataError(
            f"{path}: line {line}: expected {len(rows[0])} fields as in the header, "
            f"found {len(row)}",
            'Put a field that holds the delimiter or a line break in double quotes ("..."); '
            "separate fields by commas in .csv, by tabs in .tsv.",
        )


def _header(path: Path, names: list[str]) -> list[str]:
    """Name the nameless columns (pandas writes its index as one), refuse repeated names."""
    header = [name.strip() or f"column {i}" for i, name in enumerate(names, start=1)]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        message = f"{path}: line 1: expected different column names, found {repeated[0]!r} twice"
        raise DataError(message, "Rename one of the two columns.")
    return header


def _read_json(path: Path, text: str) -> list[dict[str, object]]:
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{path}: line {error.lineno}: expected JSON, found: {error.msg}"
        raise DataError(message, _JSON_HINT) from error
    if not isinstance(records, list):
        found = "an object" if isinstance(records, dict) else "a single value"
        raise DataError(f"{path}: expected a list of objects, found {found}", _JSON_HINT)
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            found = type(record).__name__
            message = f"{path}: entry {number}: expected an object, found a {found}"
            raise DataError(message, _JSON_HINT)
    if not records:
        raise DataError(f"{path}: expected a list of objects, found an empty list", _JSON_HINT)
    return records


def _read_json_lines(path: Path, text: str) -> list[dict[str, object]]:
    """Read one object a line; blank lines are passed over."""
    records: list[dict[str, object]] = []
    # str.splitlines would also break at U+2028, which JSON allows inside a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            found = f"{error.msg} (column {error.colno})"
            message = f"{path}: line {number}: expected a JSON object, found: {found}"
            raise DataError(message, _JSON_HINT) from error
        if not isinstance(record, dict):
            found = type(record).__name__
            message = f"{path}: line {number}: expected a JSON object, found a {found}"
            raise DataError(message, _JSON_HINT)
        records.append(record)
    return records


def _read_parquet(path: Path, content: bytes) -> pd.DataFrame:
    if not content:
        raise DataError(f"{path}: expected a table, found an empty file", "Check the download.")
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    # pyarrow's ArrowInvalid is a ValueError, its ArrowException for broken pages an OSError.
    except (ValueError, OSError) as error:
        message = f"{path}: expected Parquet, found something else ({error})"
        raise DataError(message, "Check the suffix, or write the file again.") from error
    if frame.empty:
        raise DataError(f"{path}: expected rows, found none", "Write the file again.")
    return frame.astype(object).rename(columns=str)
