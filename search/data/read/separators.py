"""What separates the labels of a cell. Owns how a separator is recognised; knows no lists."""

import re
from collections import Counter
from collections.abc import Iterable

from ...errors import DataError
from .written_lists import clean

SEPARATORS = (",", "|", ";", "/", "\t")
"""Tried in this order; labels are stripped, so ", " is "," here."""
_DECIMAL = re.compile(r"-?\d+,(?:\d|00|25|50|75)|\d{1,3}(?:,\d{3})+")
_NUMBER = re.compile(r"-?\d+")
_RATIO = re.compile(r"[\d\s./-]+")
_OTHER_SIGNS = ("+", "&", "#", ":", " - ")
"""Not taken for separators, but told of where their pieces repeat."""
_SPACE = " "
_ALONE = 0.9
"""Share of the words that must be cells of their own for spaces to separate labels."""


def infer_separator(cells: Iterable[str]) -> str | None:
    """Find what separates the labels in these different cells; None where nothing does.

    A separator is real if at least half of the pieces it makes stand in another cell too:
    "Sci-Fi/Fantasy" beside "Drama" holds none, "Action/Drama" beside "Action" does. Of a space more
    is asked, because it stands inside many names: see `_separates_words`.

    Raises:
        DataError: a second separator is real among the pieces of the first, or the commas may be
            decimal ones.
    """
    distinct = set(cells)
    _check_no_decimals(distinct)
    # 4/5 is a rating, and 01/02/2020 a day.
    words = {cell for cell in distinct if not ("/" in cell and _RATIO.fullmatch(cell))}
    real = [sign for sign in SEPARATORS if _is_real(sign, words if sign == "/" else distinct)]
    if not real:
        return _SPACE if _separates_words(distinct) else None
    best = max(real, key=lambda sign: sum(sign in cell for cell in distinct))
    pieces = {piece for cell in distinct for piece in clean(cell.split(best))}
    rivals = [sign for sign in SEPARATORS if sign != best and _is_real(sign, pieces)]
    if rivals:
        example = next(cell for cell in sorted(distinct) if rivals[0] in cell)
        raise DataError(
            f"expected one label separator, found {best!r} and {rivals[0]!r}, as in {example!r}",
            f"Choose one, for example: `label_separator` {best!r}",
        )
    return best


def _check_no_decimals(cells: set[str]) -> None:
    """Refuse what may be numbers with a decimal comma, such as ratings from 0,5 to 5,0.

    Raises:
        DataError: each comma stands in such a number.
    """
    numbers = [_DECIMAL.fullmatch(cell) for cell in cells if "," in cell]
    plain = [cell for cell in cells if "," not in cell]
    if numbers and all(numbers) and all(_NUMBER.fullmatch(cell) for cell in plain):
        example = next(cell for cell in sorted(cells) if "," in cell)
        raise DataError(
            f"expected labels, found what may be numbers with commas, such as {example!r}",
            "If they are two labels, say `label_separator` ','; if each is one class, say `task` "
            "multiclass.",
        )


def suggest_separator(names: Iterable[str]) -> str | None:
    """Find a sign that joins names into others, although it is taken for none; None without."""
    distinct = set(names)
    return next((sign for sign in _OTHER_SIGNS if _is_real(sign, distinct)), None)


def describe_separator(separator: str) -> str:
    """Name a separator in words."""
    return {"\t": "tabs", _SPACE: "spaces"}.get(separator, repr(separator))


def _is_real(separator: str, cells: set[str]) -> bool:
    split = [clean(cell.split(separator)) for cell in cells]
    counts = Counter(piece for pieces in split for piece in pieces)
    divided = [piece for pieces in split if len(pieces) > 1 for piece in pieces]
    return bool(divided) and 2 * sum(counts[piece] > 1 for piece in divided) >= len(divided)


def _separates_words(cells: set[str]) -> bool:
    """Whether spaces separate labels: "drama war" beside "drama" and "war".

    Nine words in ten are cells of their own, and there are more combinations than words: "very bad"
    beside "bad" is one name.
    """
    combined = {cell for cell in cells if _SPACE in cell}
    words = {word for cell in cells for word in cell.split()}
    return len(combined) > len(words) and len(words & cells) >= _ALONE * len(words)
