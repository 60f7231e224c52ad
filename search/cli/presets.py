"""How presets are printed: the list, one preset, and the equations of its layers.

Knows no formula and no equation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from .tables import print_table

# Only annotations need it: loading YAML and the spaces would double the time of `--help`.
if TYPE_CHECKING:
    from ..model.explanation import Explanation
    from ..model.parameters import LayerWeights
    from ..space.preset import Preset

_WIDTH = 100
"""Characters of a line, at which sentences are wrapped."""
_INDENT = " " * len("  parameters: ")


def print_presets(presets: Iterable[Preset]) -> None:
    """Print a table of presets, each with the parameters that it has with its own outputs."""
    from ..model.parameters import list_preset_layers

    rows = (
        [
            preset.name,
            f"{_count_parameters(list_preset_layers(preset)):,}",
            f"{preset.n_labels or 'any'}",
            preset.description,
        ]
        for preset in presets
    )
    columns = ["preset", "parameters", "outputs", "description"]
    print_table(columns, rows, numbers=columns[1:3])


def print_preset(preset: Preset, *, n_labels: int | None, explains: bool) -> None:
    """Print a preset's layers, hyperparameters, training and published results.

    Args:
        preset: of a file, or shipped.
        n_labels: outputs to count with; None for the preset's own.
        explains: whether the equations of its layers follow.
    """
    from ..model.explanation import explain
    from ..model.parameters import list_preset_layers
    from ..space.hyperparameters import read_meanings, to_text

    h = preset.configuration()
    layers = list_preset_layers(preset, n_labels=n_labels)
    click.echo(describe_preset(preset, n_labels=n_labels))
    click.echo(f"{preset.description}\n" if preset.description else "")
    weights = [[row.name, row.output, row.formula, f"{row.n_parameters:,}"] for row in layers]
    weights.append(["total", "", "", f"{_count_parameters(layers):,}"])
    print_table(["layer", "output", "formula", "parameters"], weights, numbers=["parameters"])
    click.echo(f"\nA text has {h.sequence_length:,} time steps at most.")
    if h.embedding_rows == "words":
        click.echo("On a corpus with fewer words the embedding has fewer rows.")
    click.echo()
    meanings = read_meanings()
    rows = ([name, to_text(v), meanings[name]] for name, v in preset.hyperparameters.items())
    print_table(["hyperparameter", "value", "meaning"], rows)
    _print_training(preset)
    if explains:
        _print_explanations(explain(h, layers))


def describe_preset(preset: Preset, *, n_labels: int | None = None) -> str:
    """Describe a preset in a line, with its own number of outputs unless another is given."""
    from ..model.parameters import list_preset_layers

    outputs = n_labels or preset.n_labels or 1
    total = _count_parameters(list_preset_layers(preset, n_labels=outputs))
    return (
        f"{preset.name}: preset, {len(preset.hyperparameters)} hyperparameters; {total:,} "
        f"parameters with {count_noun(outputs, 'output')}; {count_noun(preset.n_epochs, 'epoch')}"
    )


def _print_training(preset: Preset) -> None:
    from ..space.hyperparameters import to_text

    validation = "validation takes its usual share"
    if (share := preset.validation_share) is not None:
        validation = f"of files that give train and test, validation takes {share:.0%} of train"
    click.echo(f"\nTraining: {count_noun(preset.n_epochs, 'epoch')}; {validation}.")
    measures = ", ".join(f"{name} {to_text(value)}" for name, value in preset.published.items())
    click.echo(f"Published: {measures or 'no figures'}.")


def _print_explanations(explanations: Iterable[Explanation]) -> None:
    from ..model.equations import CONVENTIONS

    click.echo(f"\n{click.wrap_text(CONVENTIONS, _WIDTH)}")
    for explanation in explanations:
        click.echo(f"\n{explanation.title}")
        for line in explanation.equations.lines:
            click.echo(f"  {line}")
        click.echo()
        symbols = zip(explanation.equations.symbols, explanation.sizes, strict=True)
        rows = ([s.name, s.meaning, s.shape, sizes] for s, sizes in symbols)
        print_table(["symbol", "meaning", "shape", "here"], rows)
        click.echo()
        if explanation.letters:
            counts = f"\n{_INDENT}".join((explanation.letters, *explanation.counts))
            click.echo(f"  parameters: {counts}")
        click.echo(click.wrap_text(explanation.equations.why, _WIDTH, "  ", "  "))


def _count_parameters(layers: tuple[LayerWeights, ...]) -> int:
    return sum(layer.n_parameters for layer in layers)


def count_noun(number: int, noun: str) -> str:
    """Write a number of things, such as "1 start" or "2 starts"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
