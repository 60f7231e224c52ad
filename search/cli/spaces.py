"""The command `spaces`: list, explain and check search spaces and presets.

Owns how a space is laid out for a reader; a preset is presets.py's. Knows no rule of either.
"""

# ruff: noqa: D301 - click keeps the lines of a paragraph that begins with the character \b,
# which a raw docstring would not contain.

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import SpaceError
from .listing import print_table
from .presets import print_preset, print_presets, summary

# Only annotations need it: loading YAML and the spaces would double the time of `--help`.
if TYPE_CHECKING:
    from ..space.space import Space


@click.group(invoke_without_command=True)
@click.pass_context
def spaces(context: click.Context) -> None:
    """List, explain and check search spaces and presets.

    A search space is what a study varies; a preset is one fixed network. Without a subcommand,
    lists those that come with the package.

    \b
    Examples:
      genre-search spaces
      genre-search spaces show genre
      genre-search spaces show genre-lstm --explain
      genre-search spaces show genre --yaml > mine.yaml
      genre-search spaces check mine.yaml
    """
    if context.invoked_subcommand is not None:
        return
    from ..space.shipped import open_preset, open_space, preset_names, shipped_names

    shipped = map(open_space, shipped_names())
    rows = ([space.name, str(len(space.searched)), space.description] for space in shipped)
    print_table(["space", "searched", "description"], rows)
    click.echo()
    print_presets(map(open_preset, preset_names()))


@spaces.command()
@click.argument("source", metavar="NAME")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the file itself, to start your own.")
@click.option("--explain", is_flag=True, help="Add the equations of a preset's layers.")
@click.option(
    "--labels",
    "n_labels",
    type=click.IntRange(min=1),
    metavar="N",
    help="Count a preset's parameters with N outputs, as your corpus needs, not with its own.",
)
def show(source: str, as_yaml: bool, explain: bool, n_labels: int | None) -> None:
    """Explain a space or a preset.

    Of a space: what is searched, over what, when, and from which starts. Of a preset: its layers
    with their parameters, its hyperparameters, how it is trained, and what was published of it.
    NAME is a shipped space or preset, or the path of a .yaml file.

    \b
    Examples:
      genre-search spaces show genre
      genre-search spaces show genre-lstm --explain
      genre-search spaces show genre-lstm --labels 42
      genre-search spaces show genre --yaml > mine.yaml
    """
    from ..space.files import read_text
    from ..space.preset import Preset
    from ..space.shipped import find_either, open_either

    of_presets = [f"--{name}" for name, on in (("explain", explain), ("labels", n_labels)) if on]
    if as_yaml:
        if of_presets:
            raise click.UsageError(f"--yaml prints the file as it is; leave {of_presets[0]} out")
        click.echo(read_text(find_either(source)), nl=False)
        return
    shown = open_either(source)
    if isinstance(shown, Preset):
        print_preset(shown, n_labels=n_labels, explains=explain)
    elif of_presets:
        raise click.UsageError(
            f"{of_presets[0]} is for presets, and {source} is a search space; "
            "`genre-search spaces` lists the presets"
        )
    else:
        _print_space(shown)


@spaces.command()
@click.argument("path", metavar="PATH|NAME")
@click.pass_context
def check(context: click.Context, path: str) -> None:
    """Print every problem of a space or preset file, each with its key path, or what is in it.

    A file is a preset where it has labels, parameters, training or published, and where each of
    its hyperparameters has one value and there are no starts; else it is a search space. The exit
    status is 0 for a file that is right and 1 for one with problems.

    \b
    Example:
      genre-search spaces check mine.yaml
    """
    from ..model.parameters import stated_problem
    from ..space.preset import Preset
    from ..space.shipped import open_either

    try:
        checked = open_either(path)
    except SpaceError as error:
        click.echo(error.message)
        click.echo(error.hint, err=True)
        context.exit(1)
    if isinstance(checked, Preset):
        if problem := stated_problem(checked):
            click.echo(f"{path}: parameters: {problem}")
            context.exit(1)
        click.echo(f"{path}: {summary(checked)}")
    else:
        click.echo(f"{path}: {_summary(checked)}")


def _print_space(space: Space) -> None:
    from ..space.hyperparameters import DEFAULTS, shown

    click.echo(f"{_summary(space)}\n{space.description}\n")
    _print_hyperparameters(space)
    if space.left_at_default:
        rest = ", ".join(f"{name} {shown(DEFAULTS[name])}" for name in space.left_at_default)
        click.echo(f"\nNot in the space, so at their defaults: {rest}.")
    if space.starts:
        click.echo()
        _print_starts(space)


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
    print_table(["hyperparameter", "values", "active when", "meaning"], rows)


def _print_starts(space: Space) -> None:
    from ..space.hyperparameters import shown

    rows = (
        [name, *(shown(s.values[name]) if name in s.values else "-" for s in space.starts)]
        for name in space.searched
    )
    print_table(["start", *(start.name for start in space.starts)], rows)
