"""The command `spaces`: list, explain and check search spaces.

Owns how a space is laid out for a reader. Knows no rule of spaces.
"""

# ruff: noqa: D301 - click keeps the lines of a paragraph that begins with the character \b,
# which a raw docstring would not contain.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ..errors import SpaceError

# Only annotations need it: loading YAML and the spaces would double the time of `--help`.
if TYPE_CHECKING:
    from ..space.space import Space


@click.group(invoke_without_command=True)
@click.pass_context
def spaces(context: click.Context) -> None:
    """List, explain and check search spaces.

    Without a subcommand, lists the spaces that come with the package.

    \b
    Examples:
      genre-search spaces
      genre-search spaces show genre
      genre-search spaces show genre --yaml > mine.yaml
      genre-search spaces check mine.yaml
    """
    if context.invoked_subcommand is not None:
        return
    from ..space.shipped import open_space, shipped_names

    shipped = map(open_space, shipped_names())
    rows = ([space.name, str(len(space.searched)), space.description] for space in shipped)
    _print_table(["space", "searched", "description"], rows)


@spaces.command()
@click.argument("source", metavar="NAME")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the file itself, to start your own.")
def show(source: str, as_yaml: bool) -> None:
    """Explain a space: what is searched, over what, when, and from which starts.

    NAME is a shipped space or the path of a .yaml file.

    \b
    Examples:
      genre-search spaces show genre
      genre-search spaces show mine.yaml
      genre-search spaces show genre --yaml > mine.yaml
    """
    from ..space.codec import read_text
    from ..space.hyperparameters import DEFAULTS, shown
    from ..space.shipped import find_space, open_space

    if as_yaml:
        click.echo(read_text(find_space(source)), nl=False)
        return
    space = open_space(source)
    click.echo(f"{_summary(space)}\n{space.description}\n")
    _print_hyperparameters(space)
    if space.left_at_default:
        rest = ", ".join(f"{name} {shown(DEFAULTS[name])}" for name in space.left_at_default)
        click.echo(f"\nNot in the space, so at their defaults: {rest}.")
    if space.starts:
        click.echo()
        _print_starts(space)


@spaces.command()
@click.argument("path", metavar="PATH|NAME")
@click.pass_context
def check(context: click.Context, path: str) -> None:
    """Print every problem of a space file, each with its key path, or what is in it.

    The exit status is 0 for a space that is right and 1 for one with problems.

    \b
    Example:
      genre-search spaces check mine.yaml
    """
    from ..space.shipped import open_space

    try:
        space = open_space(path)
    except SpaceError as error:
        click.echo(error.message)
        click.echo(error.hint, err=True)
        context.exit(1)
    click.echo(f"{path}: {_summary(space)}")


def _summary(space: Space) -> str:
    counts = (
        f"{len(space.searched)} searched",
        f"{len(space.fixed)} fixed",
        f"{len(space.conditional)} conditional",
        f"{len(space.starts)} start{'' if len(space.starts) == 1 else 's'}",
    )
    return f"{space.name}: {', '.join(counts)}; hash {space.hash[:8]}"


def _print_hyperparameters(space: Space) -> None:
    from ..space.hyperparameters import CATALOGUE

    rows = (
        [
            name,
            str(dimension.distribution),
            " and ".join(map(str, dimension.conditions)),
            CATALOGUE[name].meaning,
        ]
        for name, dimension in space.hyperparameters.items()
    )
    _print_table(["hyperparameter", "values", "active when", "meaning"], rows)


def _print_starts(space: Space) -> None:
    from ..space.hyperparameters import shown

    rows = (
        [name, *(shown(s.values[name]) if name in s.values else "-" for s in space.starts)]
        for name in space.searched
    )
    _print_table(["start", *(start.name for start in space.starts)], rows)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    # A `[` in a value is no markup.
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        # A pipe has no width; rich would take 80 and break nearly every cell.
        console.width = 120
    table = Table(*columns, box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*row)
    console.print(table)
