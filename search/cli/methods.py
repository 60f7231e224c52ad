"""`genre-search methods`: samplers, pruners and tuners with their options. Owns how it lists them.

Which there are, and what can be set of each, is engines/methods.py's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .listing import print_table
from .options import format_option

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..engines.methods import Method

_KINDS = {"samplers": "sampler", "pruners": "pruner", "tuners": "tuner"}
_PURPOSES = {
    "sampler": "how Optuna draws trials",
    "pruner": "how Optuna gives trials up",
    "tuner": "how KerasTuner proposes trials, with --engine keras-tuner",
}


@click.command()
@click.argument("kind", type=click.Choice(list(_KINDS)), required=False)
@format_option("json", help_text="How to print the methods.")
def methods(kind: str | None, output_format: str) -> None:
    """List samplers, pruners and tuners, each with its meaning and options.

    Without an argument lists all three. Where an option has no default, the library decides.

    \b
    Example:
        genre-search methods
        genre-search methods samplers
        genre-search search --sampler qmc --sampler-option qmc_type=halton
        genre-search methods pruners --format json
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..engines.methods import KINDS

    kinds = list(_KINDS.values()) if kind is None else [_KINDS[kind]]
    if output_format == "json":
        listed = {f"{name}s": _as_json(KINDS[name]) for name in kinds}
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for index, name in enumerate(kinds):
        click.echo("\n" * bool(index) + f"--{name} NAME: {_PURPOSES[name]}")
        columns = [name, f"--{name}-option", "values", "default", "meaning"]
        print_table(columns, _rows(KINDS[name]))


def _rows(methods: Mapping[str, Method]) -> Iterator[Sequence[str]]:
    """Give a row a method, and below it one for each of its options."""
    from ..space.hyperparameters import shown

    for name, method in methods.items():
        yield name, "", "", "", method.meaning
        for key, option in method.options.items():
            default = "" if option.default is None else shown(option.default)
            yield "", key, str(option.values), default, option.meaning


def _as_json(methods: Mapping[str, Method]) -> dict[str, Any]:
    """Give methods by name; the values of an option are a list, or the bounds of numbers."""
    return {
        name: {
            "meaning": method.meaning,
            "options": {
                key: {
                    "meaning": option.meaning,
                    "values": _values(asdict(option.values)),
                    "default": option.default,
                }
                for key, option in method.options.items()
            },
        }
        for name, method in methods.items()
    }


def _values(distribution: Mapping[str, Any]) -> Any:
    choices = distribution.get("choices")
    return [*choices] if choices else {end: distribution[end] for end in ("low", "high")}
