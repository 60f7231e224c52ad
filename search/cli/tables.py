"""Tables on the terminal. Owns how a leaderboard is printed."""

from collections.abc import Sequence
from typing import Any

_COLUMNS = ("name", "state", "value", "f1_micro", "f1_macro", "gap", "verdict", "epochs",
            "parameters", "seconds")  # fmt: skip
_TEXTS = ("name", "state", "verdict")
_PIPED_WIDTH = 120
_CAUSE_WIDTH = 24


def print_leaderboard(rows: Sequence[dict[str, Any]]) -> None:
    """Print the trials as a table; a failed one shows its cause where its verdict would be."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ..report.leaderboard import cell

    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column in _TEXTS else "right", no_wrap=True)
    for row in rows:
        shown = row | {"verdict": row["verdict"] or (row["failure"] or "")[:_CAUSE_WIDTH]}
        shown["seconds"] = None if row["seconds"] is None else round(row["seconds"])
        table.add_row(*(Text(cell(shown[column])) for column in _COLUMNS))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    console.print(table)
