"""Read JSON: a list of objects, one object a line, or an object of columns.

Owns which of these a file is, by its content, and where in it an error is. Records are decoded one
by one, so that no text of a large file is in memory twice.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from math import nan
from typing import Any, TextIO

import pandas as pd

from ...errors import DataError
from .skipped import NONE_SKIPPED, Skipped, check_share

MOST_NESTED = 50
"""Lists and objects inside each other, at most."""

_BLOCK = 1 << 20
_NEAR_END = 64
"""Characters: an error so near to the end of a block may be one of the block, not of the file."""
_HINT = "Write a JSON list of objects, or one object a line."
_START = re.compile(r"""\s*(\[\s*[\[\]{]|\{\s*["}])""")
_BLANKS = re.compile(r"\s*")
_BETWEEN = re.compile(r"[\s,]*")
_REST_OF_LINE = re.compile(r"[^\n]*")


def is_json(sample: str) -> bool:
    """Whether a text begins as a JSON list of objects or as an object does."""
    return _START.match(sample) is not None


class _Text:
    """The text of a file, of which a part is in memory."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.part = ""
        self.place = 0
        """Place in the part from which on nothing was decoded."""
        self.line = 1
        """Line of the part's start."""
        self._column = 0
        """Characters of that line before the part."""
        self.is_whole = False
        """Whether the file ends with the part."""

    def read_on(self) -> None:
        """Drop what was decoded, and read another block."""
        dropped = self.part[: self.place]
        self.line += dropped.count("\n")
        self._column = len(dropped) - (dropped.rfind("\n") + 1 or -self._column)
        block = self._file.read(max(_BLOCK, len(self.part) - self.place))
        self.part, self.place = self.part[self.place :] + block, 0
        self.is_whole = not block

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Go behind what matches from here on, and give it."""
        skipped = ""
        while True:
            match = pattern.match(self.part, self.place)
            skipped += match.group() if match else ""
            self.place = match.end() if match else self.place
            if self.place < len(self.part) or self.is_whole:
                return skipped
            self.read_on()

    @property
    def rest(self) -> str:
        """What was read and not decoded."""
        return self.part[self.place : self.place + 60]

    def find_line(self, place: int) -> tuple[int, int]:
        """Give line and column of a place in the part, both from 1 on."""
        begin = self.part.rfind("\n", 0, place) + 1 or -self._column
        return self.line + self.part.count("\n", 0, place), place - begin + 1


def read_json(file: TextIO, most_broken: float) -> tuple[pd.DataFrame, str, Skipped]:
    """Read records into a table, dtype object, and say in words what form they have.

    Args:
        file: from its start.
        most_broken: share of broken lines that may be left out, in [0, 1], where each record is on
            a line of its own; 0 for none.

    Raises:
        DataError: it is no JSON, or other than records; with the line.
    """
    text = _Text(file)
    text.skip(_BLANKS)
    is_list = text.rest.startswith("[")
    text.place += is_list
    broken: list[str] = []
    leaves_out = most_broken > 0 and not is_list
    records = _decode_all(text, broken, is_list=is_list, leaves_out=leaves_out)
    begin = list(islice(records, 2))
    if not is_list and len(begin) == 1 and (columns := _find_columns(begin[0])) is not None:
        return pd.DataFrame(columns, dtype=object), "JSON, an object of columns", NONE_SKIPPED
    columns, n_records = _gather(chain(begin, records))
    if not n_records:
        raise DataError("expected a list of objects, found none", _HINT)
    if not columns:
        raise DataError("expected a list of objects, found objects without keys", _HINT)
    skipped = check_share(broken, n_records, most_broken)
    return pd.DataFrame(columns, dtype=object), "JSON list" if is_list else "JSON lines", skipped


def _decode_all(
    text: _Text, broken: list[str], *, is_list: bool, leaves_out: bool
) -> Iterator[dict[str, Any]]:
    """Decode the objects of a list, or of a text that holds nothing else.

    Args:
        text: from the first one on.
        broken: gets what is wrong with each line that is left out.
        is_list: whether commas stand between them, and a bracket at the end.
        leaves_out: whether broken lines are left out.

    Raises:
        DataError: something else stands there, and it may not be left out.
    """
    number = 0
    while True:
        between = text.skip(_BETWEEN if is_list else _BLANKS)
        if not text.rest or (is_list and text.rest[0] == "]"):
            break
        number += 1
        try:
            if is_list and between.count(",") != (number > 1):
                raise _error(text, text.place, "expected one comma between two objects", _HINT)
            yield _decode(text, f"entry {number}: " if is_list else "")
        except DataError as error:
            if not leaves_out:
                raise
            broken.append(error.message)
            text.skip(_REST_OF_LINE)
    if is_list:
        _check_end(text, number)


def _check_end(text: _Text, number: int) -> None:
    if not text.rest:
        raise _error(
            text,
            text.place,
            f"expected a list that ends, found its end missing after entry {number}",
            "The file is cut off: fetch it again.",
        )
    text.place += 1
    text.skip(_BLANKS)
    if text.rest:
        raise _error(text, text.place, "expected nothing after the list, found more", _HINT)


def _decode(text: _Text, where: str) -> dict[str, Any]:
    """Decode one object.

    Raises:
        DataError: it is no JSON, no object, or too deep.
    """
    while True:
        try:
            value, end = json.JSONDecoder().raw_decode(text.part, text.place)
            break
        except json.JSONDecodeError as error:
            may_go_on = error.pos > len(text.part) - _NEAR_END or "Unterminated" in error.msg
            if not may_go_on or text.is_whole:
                raise _error(
                    text, error.pos, f"{where}expected JSON, found: {error.msg}", _HINT
                ) from error
            text.read_on()
        except RecursionError as error:
            raise _nested(text, where) from error
        except ValueError as error:
            # Python reads whole numbers of 4,300 digits at most.
            found = f"{where}expected a number, found one of thousands of digits"
            raise _error(text, text.place, found, "Write it as a string.") from error
    if not isinstance(value, dict):
        found = f"{where}expected a JSON object, found a {type(value).__name__}"
        raise _error(text, text.place, found, _HINT)
    n_brackets = text.part.count("[", text.place, end) + text.part.count("{", text.place, end)
    if n_brackets > MOST_NESTED and measure_depth(value) > MOST_NESTED:
        raise _nested(text, where)
    text.place = end
    return value


def measure_depth(value: object) -> int:
    """Count how many lists and objects stand inside each other, 0 for a single value."""
    depth, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list | tuple)
        for inner in ([*outer.values()] if isinstance(outer, dict) else [*outer]) or [None]
    ]:
        depth += 1
    return depth


def _nested(text: _Text, where: str) -> DataError:
    found = f"{where}expected lists and objects {MOST_NESTED} deep at most, found deeper ones"
    return _error(text, text.place, found, "Write texts and labels beside each other.")


def _error(text: _Text, place: int, message: str, hint: str) -> DataError:
    line, column = text.find_line(place)
    return DataError(f"line {line}, column {column}: {message}", hint)


def _find_columns(record: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Find columns in one object, in the forms that pandas and others write.

    These are lists of one length by column; objects by column, with the same keys; objects by row,
    likewise, of which there are more than columns; lists of rows (`data`) beside the names of
    `columns`; and a list of objects beside whatever else.

    Returns:
        None for one record.
    """
    values = list(record.values())
    names, rows = record.get("columns", ()), record.get("data", ())
    if _are(list, [names, rows]) and _are(list, rows) and {len(names)} == set(map(len, rows)):
        cells = map(list, zip(*rows, strict=True))
        return dict(zip(map(str, names), cells, strict=True))
    lists_of_records = [value for value in values if isinstance(value, list) and _are(dict, value)]
    if len(lists_of_records) == 1:
        return _gather(lists_of_records[0])[0]
    if len(values) < 2:
        return None
    if _are(list, values) and len(set(map(len, values))) == 1 and len(values[0]) > 1:
        return record
    if _are(dict, values) and all(value.keys() == values[0].keys() for value in values):
        if len(values) > len(values[0]):
            return _gather(values)[0]
        return {name: list(value.values()) for name, value in record.items()}
    return None


def _are(kind: type, values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, kind) for value in values)


def _gather(records: Iterable[dict[str, Any]]) -> tuple[dict[str, list[Any]], int]:
    """Put records into columns, NaN where a record lacks a key; and count them."""
    columns: dict[str, list[Any]] = {}
    n_records = 0
    for record in records:
        for name in record:
            if name not in columns:
                if any("\ud800" <= sign <= "\udfff" for sign in name):
                    message = f"expected a key of whole characters, found {name!r}"
                    raise DataError(message, "Write the file again from its source.")
                columns[name] = [nan] * n_records
        for name, cells in columns.items():
            cells.append(record.get(name, nan))
        n_records += 1
    return columns, n_records
