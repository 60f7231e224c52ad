"""`genre-search spaces`: list, explain and check search spaces and presets.

Owns how a space is printed; presets.py prints presets. Knows no rule of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import SpaceError
from .options import FROM_1
from .presets import count_noun, describe_preset, print_preset, print_presets
from .tables import print_table

# Only annotations need it: loading YAML and the spaces would double the time of `--help`.
if TYPE_CHECKING:
    from ..space.space import Space


@click.group(invoke_without_command=True)
@click.pass_context
def spaces(context: click.Context) -> None:
    """List, explain and check search spaces and presets.

    A study varies the hyperparameters of a search space; a preset is one fixed network. Without a
    subcommand it lists those that come with the package.

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
    from ..space.shipped_files import list_presets, list_spaces, open_preset, open_space

    shipped = map(open_space, list_spaces())
    rows = ([space.name, str(len(space.searched)), space.description] for space in shipped)
    print_table(["space", "searched", "description"], rows)
    click.echo()
    print_presets(map(open_preset, list_presets()))


@spaces.command()
@click.argument("source", metavar="NAME")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the file, to start one of your own.")
@click.option("--explain", is_flag=True, help="Add the equations of a preset's layers.")
@click.option(
    "--labels",
    "n_labels",
    type=FROM_1,
    metavar="N",
    help="Count a preset's parameters with N outputs, as your corpus needs.",
)
def show(source: str, as_yaml: bool, explain: bool, n_labels: int | None) -> None:
    """Explain a space or a preset.

    For a space it prints each hyperparameter with its values and conditions, and the starts. For a
    preset it prints the layers with their parameters, the hyperparameters, how it is trained, and
    published results. NAME is a shipped space or preset, or the path of a .yaml file.

    \b
    Examples:
      genre-search spaces show genre
      genre-search spaces show genre-lstm --explain
      genre-search spaces show genre-lstm --labels 42
      genre-search spaces show genre --yaml > mine.yaml
    """
    from ..space.files import read_text
    from ..space.preset import Preset
    from ..space.shipped_files import find_either, open_either

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
    """Print every problem of a space or preset file with its key path; without one, a summary.

    A file is a preset if it has labels, parameters, training or published, or if each of its
    hyperparameters has one value and there are no starts; else it is a search space. The exit code
    is 0 for a valid file and 1 for one with problems.

    \b
    Example:
      genre-search spaces check mine.yaml
    """
    from ..model.parameters import find_count_problem
    from ..space.preset import Preset
    from ..space.shipped_files import open_either

    try:
        checked = open_either(path)
    except SpaceError as error:
        click.echo(error.message)
        click.echo(error.hint, err=True)
        context.exit(1)
    if isinstance(checked, Preset):
        problem, described = find_count_problem(checked), describe_preset(checked)
    else:
        problem, described = None, _describe_space(checked)
    click.echo(f"{path}: parameters: {problem}" if problem else f"{path}: {described}")
    context.exit(1 if problem else 0)


def _print_space(space: Space) -> None:
    from ..space.hyperparameters import DEFAULTS, read_meanings, to_text

    click.echo(f"{_describe_space(space)}\n{space.description}\n")
    meanings = read_meanings()
    described = (
        [
            name,
            str(dimension.distribution),
            " and ".join(map(str, dimension.conditions)),
            meanings[name],
        ]
        for name, dimension in space.hyperparameters.items()
    )
    print_table(["hyperparameter", "values", "active when", "meaning"], described)
    if space.left_at_default:
        rest = ", ".join(f"{name} {to_text(DEFAULTS[name])}" for name in space.left_at_default)
        click.echo(f"\nNot in the space, so at their defaults: {rest}.")
    if space.starts:
        click.echo()
        starts = (
            [name, *(to_text(s.values[name]) if name in s.values else "-" for s in space.starts)]
            for name in space.searched
        )
        print_table(["start", *(start.name for start in space.starts)], starts)


def _describe_space(space: Space) -> str:
    starts = count_noun(len(space.starts), "start")
    return (
        f"{space.name}: {len(space.searched)} searched, {len(space.fixed)} fixed, "
        f"{len(space.conditional)} conditional, {starts}; hash {space.hash[:8]}"
    )
