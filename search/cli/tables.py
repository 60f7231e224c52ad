"""Tables on the terminal. Owns how they are printed, and what a narrow one leaves out.

Numbers and names are never cut: into a file or a pipe go all columns however wide they are, and a
terminal without room for them all loses whole columns.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

# Only annotations need them: rich takes a tenth of a second to load.
if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_TEXTS = ("name", "state", "verdict")
_LEFT_OUT = ("seconds", "parameters", "epochs", "f1_micro", "accuracy", "verdict", "gap",
             "f1_macro", "state", "confirmed")  # fmt: skip
"""What a terminal without room loses, in this order; the name and the value stay."""
_UNBOUNDED = 1_000_000


def print_leaderboard(rows: Sequence[dict[str, Any]]) -> None:
    """Print the rows of a leaderboard as a table, on a terminal the columns there is room for.

    A terminal with no room for names and values gets lines that are longer than it is wide.
    """
    from ..report.leaderboard import shown_columns

    print_fitting(shown_columns(rows), _LEFT_OUT, lambda columns: _table(rows, columns))


def print_fitting(
    columns: Sequence[str],
    dispensable: Sequence[str],
    make: Callable[[Sequence[str]], "Table"],
) -> list[str]:
    """Print a table, on a terminal without the columns that there is no room for.

    Args:
        columns: all of them, in their order.
        dispensable: what is left out, in this order; the others stay, however wide they are.
        make: gives the table of some columns.

    Returns:
        What was left out.
    """
    from rich.console import Console, ConsoleDimensions

    console = Console(highlight=False)
    shown, left_out = list(columns), list[str]()
    candidates = [column for column in dispensable if column in shown]
    table = make(shown)
    while console.file.isatty() and candidates and _width(table, console) > console.width:
        left_out.append(candidates.pop(0))
        shown.remove(left_out[-1])
        table = make(shown)
    # On a dumb terminal rich 15 ignores a width that comes without a height.
    console.size = ConsoleDimensions(_width(table, console), console.height)
    console.print(table)
    return left_out


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from ..report.leaderboard import shown_cell

    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, justify="left" if column in _TEXTS else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(shown_cell(row, column)) for column in columns))
    return table


def _width(table: "Table", console: "Console") -> int:
    """Measure how many characters a table takes when nothing of it is cut."""
    from rich.measure import Measurement

    unbounded = console.options.update(max_width=_UNBOUNDED)
    return Measurement.get(console, unbounded, table).maximum
