"""Broken rows that are left out. Owns how many may be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import DataError


@dataclass(frozen=True, slots=True)
class Skipped:
    """Broken rows that were left out."""

    count: int = 0
    example: str = ""
    """What was wrong with the first one, with its line."""


NONE_SKIPPED = Skipped()
"""Where every row was read."""


def check_share(broken: Sequence[str], n_read: int, most_broken: float) -> Skipped:
    """Check that no more rows were left out than may be.

    Args:
        broken: what is wrong with each row that was left out.
        n_read: rows that were not.
        most_broken: share of all rows that may be left out, in [0, 1].

    Raises:
        DataError: there are more.
    """
    n_rows = n_read + len(broken)
    share = len(broken) / n_rows if n_rows else 0.0
    if share > most_broken:
        raise DataError(
            f"{len(broken):,} of {n_rows:,} rows cannot be read, and {most_broken:.1%} may be left "
            f"out; the first: {broken[0]}",
            "Check how the file is read (`delimiter`, `quote`, `encoding`), or name a larger share "
            f"that may be left out, such as `skip_bad_rows` {math.ceil(100 * share) / 100}.",
            parameter="skip_bad_rows",
        )
    return Skipped(len(broken), broken[0] if broken else "")
