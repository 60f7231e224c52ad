"""`genre-search methods`: lists samplers, pruners and tuners. Owns the layout of the list.

engines/methods.py knows which there are, and which options each has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from .options import format_option
from .tables import print_table

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..engines.methods import Method

_PURPOSES = {
    "sampler": "how Optuna proposes trials",
    "pruner": "how Optuna prunes trials",
    "tuner": "how KerasTuner proposes trials, with --engine keras-tuner",
}


@click.command()
@click.argument("kind", type=click.Choice([f"{kind}s" for kind in _PURPOSES]), required=False)
@format_option("json", help_text="How to print the methods.")
def methods(kind: str | None, output_format: str) -> None:
    """List samplers, pruners and tuners, each with its meaning and options.

    Without an argument it lists all three. If an option has no default, the library chooses.

    \b
    Example:
        genre-search methods
        genre-search methods samplers
        genre-search search --sampler qmc --sampler-option qmc_type=halton
        genre-search methods pruners --format json
    """
    from ..engines.methods import KINDS

    kinds = [*_PURPOSES] if kind is None else [kind.removesuffix("s")]
    if output_format == "json":
        listed = {f"{name}s": _describe(KINDS[name]) for name in kinds}
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for index, name in enumerate(kinds):
        click.echo("\n" * bool(index) + f"--{name} NAME: {_PURPOSES[name]}")
        headings = [name, f"--{name}-option", "values", "default", "meaning"]
        print_table(headings, _make_rows(KINDS[name]))


def _make_rows(methods: Mapping[str, Method]) -> Iterator[Sequence[str]]:
    """Make a row for each method, and below it one for each of its options."""
    from ..space.hyperparameters import to_text

    for name, method in methods.items():
        yield name, "", "", "", method.meaning
        for key, option in method.options.items():
            default = "" if option.default is None else to_text(option.default)
            yield "", key, str(option.values), default, option.meaning


def _describe(methods: Mapping[str, Method]) -> dict[str, Any]:
    """Describe methods by name; the values of an option are a list, or the bounds of numbers."""
    from ..space.distribution import Categorical

    return {
        name: {
            "meaning": method.meaning,
            "options": {
                key: {
                    "meaning": option.meaning,
                    "values": option.values.choices
                    if isinstance(option.values, Categorical)
                    else {"low": option.values.low, "high": option.values.high},
                    "default": option.default,
                }
                for key, option in method.options.items()
            },
        }
        for name, method in methods.items()
    }
