"""Tables on the terminal. Owns how they are printed, also on a narrow terminal.

Numbers and names are never shortened. A table of trials leaves out whole columns if the terminal
has no room for all; a table of words breaks long cells over several lines instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

# Only annotations need them: rich takes a tenth of a second to load.
if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ..report.leaderboard_row import LeaderboardRow
    from ..trial.candidate import Candidate

_Row = TypeVar("_Row")
_TEXTS = ("study", "name", "state", "verdict")
_LEFT_OUT = ("seconds", "parameters", "epochs", "f1_micro", "accuracy", "verdict", "gap",
             "f1_macro", "state", "confirmed", "front")  # fmt: skip
"""Columns that a narrow terminal leaves out, in this order; the name and the value stay."""
_PIPE_WIDTH = 120
"""Width of a table of words without a terminal; rich would use 80 and break nearly every cell."""
_UNBOUNDED = 1_000_000


def print_leaderboard(rows: Sequence["LeaderboardRow"]) -> None:
    """Print a leaderboard as a table, on a terminal with the columns that there is room for.

    Names and values are printed even if the lines become longer than the terminal is wide.
    """
    from ..report.leaderboard import choose_columns, format_cell

    headings = {column: column for column in choose_columns(rows)}
    print_fitting(headings, _LEFT_OUT, rows, format_cell)


def print_candidates(candidates: Sequence["Candidate"]) -> None:
    """Print the candidates of a study as a table."""
    from ..report.candidates import COLUMNS, HEADING, format_cell

    click.echo(HEADING)
    print_fitting(COLUMNS, ["parameters", "milliseconds_per_text"], candidates, format_cell)


def print_fitting(
    headings: Mapping[str, str],
    dispensable: Sequence[str],
    rows: Sequence[_Row],
    format_cell: Callable[[_Row, str], str],
) -> list[str]:
    """Print a table, on a terminal without the columns that there is no room for.

    Args:
        headings: of all columns, by their names.
        dispensable: columns that may be left out, in this order; the others stay, however wide
            they are.
        rows: from the first to the last.
        format_cell: writes a row's cell in a column.

    Returns:
        The columns that were left out.
    """
    from rich.box import SIMPLE
    from rich.console import ConsoleDimensions
    from rich.table import Table

    def make_table() -> Table:
        cells = ([format_cell(row, column) for column in shown] for row in rows)
        numbers = [heading for column, heading in shown.items() if column not in _TEXTS]
        table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
        return _fill(table, [*shown.values()], cells, numbers, breaks=False)

    console = _make_console()
    shown, left_out = dict(headings), list[str]()
    candidates = [column for column in dispensable if column in shown]
    table = make_table()
    while console.file.isatty() and candidates and _measure(table, console) > console.width:
        left_out.append(candidates.pop(0))
        del shown[left_out[-1]]
        table = make_table()
    # On a dumb terminal rich 15 ignores a width that comes without a height.
    console.size = ConsoleDimensions(_measure(table, console), console.height)
    console.print(table)
    return left_out


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """Print a table of words as wide as the terminal; the first column is never broken.

    Args:
        columns: their headings.
        rows: a text for each column.
        numbers: headings of the columns that are aligned to the right, and never broken either.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    console = _make_console()
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    console.print(_fill(table, columns, rows, numbers, breaks=True))


def print_measure(name: str, value: float, beside: str, other: float | None) -> None:
    """Print a measure, and another figure of it beside it where there is one."""
    from ..report.tables import format_value

    further = "" if other is None else f" ({beside}: {format_value(other)})"
    click.echo(f"  {name}: {format_value(value)}{further}")


def _make_console() -> "Console":
    from rich.console import Console

    # A `[` in a heading is no markup.
    return Console(markup=False, highlight=False, emoji=False)


def _fill(
    table: "Table",
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Sequence[str],
    *,
    breaks: bool,
) -> "Table":
    """Fill a table; with `breaks`, columns other than the first and the numbers may break."""
    from rich.text import Text

    for index, heading in enumerate(headings):
        is_number = heading in numbers
        table.add_column(
            heading,
            justify="right" if is_number else "left",
            no_wrap=is_number or index == 0 or not breaks,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _measure(table: "Table", console: "Console") -> int:
    """Measure how many characters wide a table is if nothing is shortened."""
    return console.measure(table, options=console.options.update(max_width=_UNBOUNDED)).maximum
