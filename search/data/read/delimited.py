"""Read delimited text: CSV, TSV and their relatives.

Owns delimiter and quotes: how they are recognised, and what is a broken row. Rows are read by the
csv module: pandas fills short rows up without a word. Delimiter and quotes are recognised here:
of ten real files clevercsv 0.8 recognised nine, and csv.Sniffer seven (benchmarks/LOG.md).
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TextIO

from ...errors import DataError
from .grid import Grid
from .skipped import Skipped, check_share

_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "pipes"}
SAMPLE = 1 << 16
"""Characters of the start of a file that delimiter and quotes are recognised by."""
_SIGNS = re.compile(r" ?[^\w\s\"'.]{2,4} ?")
_LINES_COMPARED = 100
_LEAST_EVEN = 0.5
"""Share of rows with as many fields as the first, below which another delimiter is looked for."""
_CHUNK = 10_000
"""Rows that are put into columns at a time."""
_LONGEST_FIELD = 1 << 24
"""Characters of a field: the quote of a longer one never closes."""
_LONGEST_FIELD_SKIPPING = 1 << 20
"""The same where broken rows are left out, and the lines after such a quote are read again."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a line are separated."""

    delimiter: str
    quote: str | None = '"'
    """Encloses a field that holds the delimiter or a line break; None where nothing does."""
    escapes: bool = False
    """Whether a quote inside a field is written with a backslash, and not twice."""
    has_short_header: bool = False
    """Whether each row has one field more than the first: of numbers in front, as R writes them, or
    of nothing behind the last delimiter."""

    def __str__(self) -> str:
        delimiter = _DELIMITERS.get(self.delimiter, repr(self.delimiter))
        quotes = {'"': "", None: ", quotes are plain characters"}
        enclosed = quotes.get(self.quote, f", enclosed in {self.quote}")
        escapes = ", quotes inside them after a backslash" if self.escapes else ""
        short = ", the header is one name short" if self.has_short_header else ""
        return f"fields separated by {delimiter}{enclosed}{escapes}{short}"

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Read rows from lines that keep their ends."""
        if len(self.delimiter) > 1:
            whole = (line.rstrip("\r\n") for line in lines)
            return (line.split(self.delimiter) if line else [] for line in whole)
        if self.quote is None:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar="\\" if self.escapes else None,
            # A quote may stand behind the blank that follows a comma.
            skipinitialspace=self.delimiter != "\t",
            strict=True,
        )


class _Lines:
    """The lines of a file; those of the row that is being read can be read again."""

    def __init__(self, text: Iterable[str], delimiter: str) -> None:
        self._text = iter(text)
        self._delimiter = delimiter
        self._again: list[str] = []
        self._row: list[str] = []
        self._n_first: int | None = None
        """Delimiters in the first line."""
        self.line = 1
        """The line that the row begins in."""
        self.joined: int | None = None
        """Line of the first row that spans lines of which each looks like a row itself."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._text)
        self._row.append(line)
        return line

    def end_row(self) -> None:
        """Go on to the next row."""
        if self._n_first is None:
            self._n_first = self._row[0].count(self._delimiter)
        if len(self._row) > 1 and self.joined is None:
            counts = {line.count(self._delimiter) for line in self._row}
            self.joined = self.line if counts == {self._n_first} else None
        self.line += len(self._row)
        self._row.clear()

    def leave_out_line(self) -> None:
        """Leave out the first line of the row, and read the others again."""
        self._again += reversed(self._row[1:])
        self.line += 1
        self._row.clear()


def find_dialect(sample: str, usual: str, delimiter: str | None, quote: str | None) -> Dialect:
    """Recognise delimiter and quotes by the first lines of a file.

    The delimiter is the one that divides most rows into as many fields as the first, two at least.

    Args:
        sample: of SAMPLE characters, or the whole file.
        usual: the delimiter where several are possible, or none.
        delimiter: if it is known.
        quote: if it is known; "none" where no quotes enclose fields.
    """
    if len(sample) >= SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    delimiters = [delimiter] if delimiter else list(dict.fromkeys([usual, *_DELIMITERS]))
    dialects = [
        Dialect(sign, mark, escapes)
        for sign in delimiters
        for mark in _list_quotes(sample, sign, quote)
        for escapes in ([False, True] if mark and f"\\{mark}" in sample else [False])
    ]
    fits = {dialect: _measure_fit(sample, dialect) for dialect in dialects}
    if max(fits.values())[0] < _LEAST_EVEN:
        short = [replace(dialect, has_short_header=True) for dialect in dialects]
        fits |= {dialect: _measure_fit(sample, dialect) for dialect in short}
    # The first of equal ones: the usual delimiter, and quotes before apostrophes.
    best = max(fits, key=fits.__getitem__)
    if not delimiter and fits[best][0] < _LEAST_EVEN and (sign := _find_sign(sample)):
        raise DataError(
            f"expected fields separated by {', '.join(_DELIMITERS.values())}, found none of these "
            f"as often in each line, but {sign!r}",
            f"If that separates the fields, say so: `delimiter` {sign!r}.",
        )
    return best


def _list_quotes(sample: str, delimiter: str, quote: str | None) -> list[str | None]:
    """List what could enclose fields: what is named, or else what the lines allow."""
    if quote is not None:
        return [None if quote == "none" else quote]
    use = _measure_quotes(io.StringIO(sample, newline=""), Dialect(delimiter))
    plain = [None] if use.are_lines_even and not use.encloses else []
    apostrophe = _measure_quotes(io.StringIO(sample, newline=""), Dialect(delimiter, "'"))
    return ['"', *plain, *(["'"] if apostrophe.encloses else [])]


def _find_sign(sample: str) -> str | None:
    """Find a sign that each of the first lines holds as often as the others."""
    lines = [line for line in sample.splitlines() if line.strip()][:_LINES_COMPARED]
    signs = dict.fromkeys(_SIGNS.findall(lines[0]))
    return next(
        (sign for sign in signs if len({line.count(sign) for line in lines}) == 1),
        None,
    )


def read_delimited(
    open_text: Callable[[], TextIO], dialect: Dialect, most_broken: float, *, is_sure: bool
) -> tuple[Grid, Dialect, Skipped]:
    """Read rows, and say with which dialect that was possible.

    Quotes are plain characters where they do not enclose fields, and a file that is read so has as
    many fields in each line: a row that ended in the middle of a line would be read wrongly.

    Args:
        open_text: opens the file from its start, with the ends of lines as they are.
        dialect: as recognised by the first lines.
        most_broken: share of broken rows that may be left out, in [0, 1]; 0 for none.
        is_sure: whether a user named the quotes.

    Raises:
        DataError: a row is broken, or more of them than may be.
    """
    lines = _Lines(open_text(), dialect.delimiter)
    limit = csv.field_size_limit(_LONGEST_FIELD_SKIPPING if most_broken else _LONGEST_FIELD)
    fault: DataError | None = None
    grid, broken = Grid(), list[str]()
    try:
        broken = _read_rows(lines, dialect, grid, leaves_out=most_broken > 0)
    except DataError as error:
        fault = error
    finally:
        # The limit belongs to the csv module.
        csv.field_size_limit(limit)
    if not is_sure and dialect.quote and (lines.joined or fault or broken):
        use = _measure_quotes(open_text(), dialect)
        if use.are_lines_even and not use.encloses:
            if lines.joined and dialect.delimiter != "\t":
                raise _make_doubt(lines.joined, dialect.quote)
            plain = replace(dialect, quote=None)
            return read_delimited(open_text, plain, most_broken, is_sure=True)
    if fault:
        raise fault
    return grid, dialect, check_share(broken, grid.n_rows, most_broken)


def _make_doubt(line: int, quote: str) -> DataError:
    return DataError(
        f"line {line}: a field in quotes spans several lines here, but each of these lines has as "
        "many fields as the first line",
        f"Say `quote` {quote!r} if the field spans these lines, or `quote` none if each line is a "
        "row.",
    )


@dataclass(frozen=True, slots=True)
class _QuoteUse:
    """What the quotes of a text seem to be, each line split at every delimiter."""

    are_lines_even: bool
    """Whether each line has as many delimiters as the first, one at least."""
    encloses: bool
    """Whether at least half of the pieces that begin with a quote end with one."""


def _measure_quotes(lines: Iterable[str], dialect: Dialect) -> _QuoteUse:
    quote, n_first = dialect.quote or '"', None
    n_open = n_closed = 0
    for line in lines:
        if not line.strip():
            continue
        n_first = line.count(dialect.delimiter) if n_first is None else n_first
        if not n_first or line.count(dialect.delimiter) != n_first:
            return _QuoteUse(False, True)
        if quote in line:
            pieces = [piece.strip() for piece in line.split(dialect.delimiter)]
            n_open += sum(piece.startswith(quote) for piece in pieces)
            n_closed += sum(len(p) > 1 and p[0] == quote == p[-1] for p in pieces)
    return _QuoteUse(True, n_open > 0 and 2 * n_closed >= n_open)


def _read_rows(lines: _Lines, dialect: Dialect, grid: Grid, *, leaves_out: bool) -> list[str]:
    """Read all rows into a grid, and list what is wrong with those that are left out.

    Raises:
        DataError: a row is broken, and none may be left out.
    """
    broken, width = list[str](), 0
    chunk: list[list[str]] = []
    for row in _list_rows(lines, dialect):
        if dialect.has_short_header and len(chunk) == 1 and not grid.n_rows:
            chunk[0] = ["", *chunk[0]] if row[-1] else [*chunk[0], ""]
            width += 1
        width = width or (0 if isinstance(row, _Unpaired) else len(row))
        fault = _find_fault(lines.line, row, width, looks_for_damage=leaves_out)
        if fault is None:
            chunk.append(row)
            if len(chunk) == _CHUNK:
                grid.extend(chunk)
                chunk.clear()
        elif leaves_out and (chunk or grid.n_rows):
            broken.append(fault.message)
        else:
            raise fault
    grid.extend(chunk)
    return broken


class _Unpaired(list[str]):
    """No row: why none could be read."""


def _list_rows(lines: _Lines, dialect: Dialect) -> Iterator[list[str]]:
    """Give the rows, blank lines left out; where one cannot be read, an `_Unpaired`.

    After that, reading goes on in the line below the one in which that row begins.
    """
    reader = dialect.reader(lines)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Unpaired([str(error)])
            lines.leave_out_line()
            reader = dialect.reader(lines)
        else:
            if row:
                yield row
            lines.end_row()


def _find_fault(
    line: int, row: list[str], width: int, *, looks_for_damage: bool
) -> DataError | None:
    """Find what is wrong with a row; None where nothing is.

    Args:
        line: in which the row begins.
        row: of `_list_rows`.
        width: fields of the first row.
        looks_for_damage: whether bytes may be in it that were no characters.
    """
    skip = "Leave out broken rows with `skip_bad_rows` 0.01."
    if isinstance(row, _Unpaired):
        return DataError(
            f"line {line}: expected a row, found quotes that do not pair ({row[0]})",
            'Close the quoted field that begins in this row (a quote inside one is written ""); if '
            f"quotes are plain characters in this file, say `quote` none. {skip}",
        )
    if len(row) != width:
        return DataError(
            f"line {line}: expected {width} fields as in the first row, found {len(row)}",
            'Put a field that holds the delimiter or a line break in double quotes ("..."), or '
            f"name what separates the fields: `delimiter`. {skip}",
        )
    if looks_for_damage and any("\udc80" <= sign <= "\udcff" for cell in row for sign in cell):
        return DataError(f"line {line}: expected UTF-8, found other bytes", skip)
    return None


def _measure_fit(sample: str, dialect: Dialect) -> tuple[float, bool]:
    """Measure how even the rows of a sample are.

    Returns:
        Share of the lines in rows with as many fields as the first, two at least; and whether the
        quotes are apostrophes that enclose whole columns.
    """
    lines = _Lines(io.StringIO(sample, newline=""), dialect.delimiter)
    widths = [0 if isinstance(row, _Unpaired) else len(row) for row in _list_rows(lines, dialect)]
    if not widths or widths[0] < 2:
        return 0.0, False
    is_enclosed = dialect.quote == "'" and _has_enclosed_column(sample, dialect)
    width = widths[0] + dialect.has_short_header
    n_even = widths.count(width) + dialect.has_short_header
    return n_even / len(widths), is_enclosed


def _has_enclosed_column(sample: str, dialect: Dialect) -> bool:
    """Whether apostrophes stand around the cells of a whole column, the header left out."""
    plain = replace(dialect, quote='"')
    try:
        rows = [row for row in plain.reader(io.StringIO(sample, newline="")) if row][1:]
    except csv.Error:
        return False
    return any(
        all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in column)
        for column in zip(*rows, strict=False)
    )
