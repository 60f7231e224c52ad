"""Tables of words on the terminal. Owns how cells that are long break over lines."""

from collections.abc import Iterable, Sequence


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """Print a table as wide as the terminal; the first column is never broken.

    Args:
        columns: their headings.
        rows: a text for each column.
        numbers: headings of the columns that are aligned to the right, and never broken either.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    # A `[` in a value is no markup.
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        # A pipe has no width; rich would take 80 and break nearly every cell.
        console.width = 120
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, column in enumerate(columns):
        is_number = column in numbers
        table.add_column(
            column,
            justify="right" if is_number else "left",
            no_wrap=is_number or index == 0,
        )
    for row in rows:
        table.add_row(*row)
    console.print(table)
