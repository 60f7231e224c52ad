"""Tables on the terminal. Owns how they are printed, and what a narrow one leaves out.

Numbers and names are never cut: into a file or a pipe go all columns however wide they are, and a
terminal without room for them all loses whole columns.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

# Only annotations need them: rich takes a tenth of a second to load.
if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_Row = TypeVar("_Row")
_TEXTS = ("study", "name", "state", "verdict")
_LEFT_OUT = ("seconds", "parameters", "epochs", "f1_micro", "accuracy", "verdict", "gap",
             "f1_macro", "state", "confirmed", "front")  # fmt: skip
"""What a terminal without room loses, in this order; the name and the value stay."""
_UNBOUNDED = 1_000_000


def print_leaderboard(rows: Sequence[dict[str, Any]]) -> None:
    """Print the rows of a leaderboard as a table, on a terminal the columns there is room for.

    A terminal with no room for names and values gets lines that are longer than it is wide.
    """
    from ..report.leaderboard import shown_cell, shown_columns

    headings = {column: column for column in shown_columns(rows)}
    print_fitting(headings, _LEFT_OUT, rows, shown_cell)


def print_fitting(
    headings: Mapping[str, str],
    dispensable: Sequence[str],
    rows: Sequence[_Row],
    cell: Callable[[_Row, str], str],
) -> list[str]:
    """Print a table, on a terminal without the columns that there is no room for.

    Args:
        headings: of all columns, in their order.
        dispensable: what is left out, in this order; the others stay, however wide they are.
        rows: from the first to the last.
        cell: writes a row's cell in a column.

    Returns:
        What was left out.
    """
    from rich.console import Console, ConsoleDimensions

    console = Console(highlight=False)
    shown, left_out = dict(headings), list[str]()
    candidates = [column for column in dispensable if column in shown]
    table = _table(shown, rows, cell)
    while console.file.isatty() and candidates and _width(table, console) > console.width:
        left_out.append(candidates.pop(0))
        del shown[left_out[-1]]
        table = _table(shown, rows, cell)
    # On a dumb terminal rich 15 ignores a width that comes without a height.
    console.size = ConsoleDimensions(_width(table, console), console.height)
    console.print(table)
    return left_out


def _table(
    headings: Mapping[str, str], rows: Sequence[_Row], cell: Callable[[_Row, str], str]
) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for column, heading in headings.items():
        justify: Literal["left", "right"] = "left" if column in _TEXTS else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell(row, column)) for column in headings))
    return table


def _width(table: "Table", console: "Console") -> int:
    """Measure how many characters a table takes when nothing of it is cut."""
    from rich.measure import Measurement

    unbounded = console.options.update(max_width=_UNBOUNDED)
    return Measurement.get(console, unbounded, table).maximum
