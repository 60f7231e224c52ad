"""`genre-search compare`: presets side by side. Owns its options and what it prints."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..errors import StudyError
from ..trial.arguments import check_different
from .options import (
    FROM_1,
    choose_arguments,
    data_options,
    experiment_option,
    fetch,
    format_option,
    make_source,
    objective_option,
    seed_option,
    tracking_option,
    weights_option,
)
from .tables import print_fitting
from .ui import print_run, say

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..report.comparison import ComparisonTable
    from ..space.preset import Preset

_TEMPLATE = "genre-rnn"
"""The preset that --cells varies if no other is given."""
_LEFT_OUT = ("train_accuracy", "f1_micro", "train_loss", "seconds_per_epoch", "verdict",
             "f1_macro", "val_accuracy", "parameters")  # fmt: skip
"""Columns that a narrow terminal leaves out, in this order; name and validation loss stay."""


@contextmanager
def _refusing_value(options: str | None = None) -> Iterator[None]:
    """Turn an error about the value of an option into one of usage.

    Args:
        options: which have the value; None where click knows the option.

    Raises:
        click.BadParameter: with message and hint of the error.
    """
    try:
        yield
    except StudyError as error:
        raise click.BadParameter(f"{error.message}. {error.hint}", param_hint=options) from error


def _read_cells(text: str) -> list[str]:
    """Read different names of cells, separated by commas.

    Raises:
        click.BadParameter: a word is no cell, or one appears twice.
    """
    from ..presets.cells import find_cells

    with _refusing_value():
        return find_cells([word.strip() for word in text.split(",")])


def _read_seeds(text: str) -> list[int]:
    """Read different seeds, separated by commas.

    Raises:
        click.BadParameter: a word is no whole number, or a seed appears twice.
    """
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if not (word.isascii() and word.isdecimal()):
            raise click.BadParameter(
                f"expected whole numbers of 0 or more, such as 0,1,2, got {word!r}"
            )
    seeds = [int(word) for word in words]
    with _refusing_value():
        check_different("seeds", seeds)
    return seeds


@click.command()
@click.option(
    "--preset",
    "presets",
    multiple=True,
    metavar="NAME",
    help="A shipped preset (see `genre-search spaces`); may be given several times.",
)
@click.option(
    "--params",
    type=Path,
    multiple=True,
    metavar="FILE",
    help="Hyperparameters of your own, YAML or JSON; may be given several times.",
)
@click.option(
    "--cells",
    metavar="CELL,…",
    type=_read_cells,
    help="Train each of them with these cells (simple_rnn, lstm, gru), all else equal; "
    f"with neither --preset nor --params: {_TEMPLATE}.",
)
@data_options
@click.option("--epochs", type=FROM_1, help="Epochs (default: each preset's own).")
@click.option(
    "--repeats",
    type=FROM_1,
    default=1,
    help="Trainings of each, with the seeds --seed, --seed + 1, and so on.",
)
@click.option(
    "--seeds",
    metavar="N,…",
    type=_read_seeds,
    help="Use these seeds instead; the first is also the seed of the split.",
)
@weights_option
@objective_option
@seed_option
@format_option("markdown", "csv", "json", help_text="How to print the comparison.")
@experiment_option
@tracking_option
def compare(**options: Any) -> None:
    """Train presets on one corpus and one split, and print their results in one table.

    Every training is a run in MLflow below the run of the comparison, which gets the table and a
    picture of all curves. Networks are not kept (`train` keeps one), and the test split is not
    read.

    \b
    Example:
        genre-search compare --cells simple_rnn,lstm,gru
        genre-search compare --cells lstm,gru --preset imdb-lstm-28 --data imdb --repeats 3
        genre-search compare --preset genre-model-1 --preset genre-model-2 --seeds 1,2,5
    """
    from ..interface import compare as compare_presets
    from .progress import show_trainings

    # Mistakes are reported before anything is downloaded and before TensorFlow is loaded.
    presets, seeds, source = _read_presets(options), _choose_seeds(options), make_source(options)
    fetch(source)
    cells = options["cells"] or ()
    n_trainings = len(presets) * max(1, len(cells)) * len(seeds)
    most_epochs = options["epochs"] or max(preset.n_epochs for preset in presets)
    chosen = {"presets": presets, "cells": cells, "seeds": seeds, "corpus": source}
    arguments = choose_arguments(compare_presets, options | chosen)
    outcome = "the runs are recorded as killed"
    with show_trainings(n_trainings, most_epochs, outcome=outcome) as callbacks:
        report = compare_presets(**arguments, **callbacks)
    _print(report.comparison, options["output_format"])
    print_run(report.tracking_uri, report.experiment_id, report.run_id)
    if report.is_interrupted:
        say("interrupted; finished trainings are recorded, the others as killed")
        raise SystemExit(130)


def _read_presets(options: dict[str, Any]) -> list["Preset"]:
    """Read what is to be compared.

    Raises:
        click.UsageError: it is nothing, or two presets have one name.
        SpaceError: there is no such preset, or a file has problems.
    """
    from ..space.preset import read_preset
    from ..space.shipped_files import open_preset

    names, paths = options["presets"], options["params"]
    if not names and not paths:
        if not options["cells"]:
            raise click.UsageError(
                "expected what to compare: --cells simple_rnn,lstm,gru, or --preset NAME or "
                "--params FILE, each of them several times"
            )
        names = (_TEMPLATE,)
    presets = [*map(open_preset, names), *map(read_preset, paths)]
    with _refusing_value("--preset, --params"):
        check_different("presets", [preset.name for preset in presets], "names")
    return presets


def _choose_seeds(options: dict[str, Any]) -> Sequence[int]:
    """Give the seeds of --seeds, else those that --seed and --repeats count.

    Raises:
        click.UsageError: both ways are given.
    """
    seeds: list[int] | None = options["seeds"]
    if seeds is None:
        return range(options["seed"], options["seed"] + options["repeats"])
    for name in ("repeats", "seed"):
        source = click.get_current_context().get_parameter_source(name)
        if source is not ParameterSource.DEFAULT:
            raise click.UsageError(f"expected one of --seeds and --{name}, got both")
    return seeds


def _print(comparison: "ComparisonTable", output_format: str) -> None:
    from ..report.comparison import format_csv, format_json, format_markdown

    if not comparison.rows:
        say(" ".join(comparison.sentences()))
    elif output_format == "table":
        print_comparison(comparison)
    else:
        forms = {"markdown": format_markdown, "csv": format_csv, "json": format_json}
        click.echo(forms[output_format](comparison).rstrip("\n"))


def print_comparison(comparison: "ComparisonTable") -> None:
    """Print all columns to a file or a pipe, and on a terminal those that there is room for."""
    from ..report.comparison import COLUMNS, format_cell

    left_out = print_fitting(COLUMNS, _LEFT_OUT, comparison.rows, format_cell)
    click.echo("\n".join(comparison.sentences()))
    if left_out:
        names = ", ".join(COLUMNS[column] for column in left_out)
        click.echo(f"The terminal has no room for {names}: --format markdown prints all.")
