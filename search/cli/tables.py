"""Tables on the terminal. Owns how a leaderboard is printed."""

from collections.abc import Sequence
from typing import Any

_TEXTS = ("name", "state", "verdict")
_PIPED_WIDTH = 120


def print_leaderboard(rows: Sequence[dict[str, Any]]) -> None:
    """Print the rows of a leaderboard as a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ..report.leaderboard import shown_cell, shown_columns

    columns = shown_columns(rows)
    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, justify="left" if column in _TEXTS else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(shown_cell(row, column)) for column in columns))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    console.print(table)
