"""`genre-search compare`: configurations beside each other. Owns its options and what it prints."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from .options import (
    data_options,
    data_source,
    experiment_option,
    format_option,
    objective_option,
    seed_option,
    tracking_option,
    weights_option,
)
from .quiet import load_keras, quiet_migrations
from .signals import catch_signals
from .tables import print_fitting
from .ui import tell_run

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.request import CompareRequest
    from ..report.comparison import Comparison
    from ..space.preset import Preset

_TEMPLATE = "genre-rnn"
"""The preset that --cells varies where no other is named."""
_LEFT_OUT = ("train_accuracy", "f1_micro", "train_loss", "seconds_per_epoch", "verdict",
             "f1_macro", "val_accuracy", "parameters")  # fmt: skip
"""Columns that a terminal without room loses, in this order; name and validation loss stay."""


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
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Hyperparameters of your own, YAML or JSON; may be given several times.",
)
@click.option(
    "--cells",
    metavar="CELL,…",
    help="Train each of them with these cells (simple_rnn, lstm, gru), all else equal; "
    f"with neither --preset nor --params: {_TEMPLATE}.",
)
@data_options
@click.option("--epochs", type=click.IntRange(min=1), help="Epochs (default: each preset's own).")
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Trainings of each, with the seeds --seed, --seed + 1, and so on.",
)
@click.option("--seeds", metavar="N,…", help="These seeds instead; the first is the split's too.")
@weights_option
@objective_option
@seed_option
@format_option("markdown", "csv", "json", help_text="How to print the comparison.")
@experiment_option
@tracking_option
def compare(**options: Any) -> None:
    """Train presets on one corpus and one split, and print what each came to in one table.

    Every training is a run in MLflow below that of the comparison, which gets the table and a
    picture of all curves. Networks are not kept (`train` keeps one), and test is not read.

    \b
    Example:
        genre-search compare --cells simple_rnn,lstm,gru
        genre-search compare --cells lstm,gru --preset imdb-lstm-28 --data imdb --repeats 3
        genre-search compare --preset genre-model-1 --preset genre-model-2 --seeds 1,2,5
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    # Checked and fetched before TensorFlow is loaded, which takes seconds.
    request = _request(options)
    quiet_migrations()
    load_keras()
    from ..pipeline.comparing import compare as run_comparison
    from .progress import listener

    n_trainings = len(request.presets) * len(request.seeds)
    most_epochs = max(request.epochs_of(preset) for preset in request.presets)
    try:
        with listener(n_trainings, most_epochs) as progress:
            is_interrupted = catch_signals(progress.say)
            report = run_comparison(request, progress.listen, progress.say, is_interrupted)
    except KeyboardInterrupt:
        click.echo("interrupted; the runs are recorded as killed", err=True)
        raise SystemExit(130) from None
    _print(report.comparison, options["output_format"])
    tell_run(report.tracking_uri, report.experiment_id, report.run_id)
    if report.is_interrupted:
        click.echo("interrupted; what had ended is recorded, the rest as killed", err=True)
        raise SystemExit(130)


def _request(options: dict[str, Any]) -> "CompareRequest":
    from ..pipeline.request import CompareRequest
    from ..training.history import Objective, Taken

    # In this order: what was mistyped is told before anything is fetched.
    presets, seeds, data = _presets(options), _seeds(options), data_source(options)
    return CompareRequest(
        data=data,
        presets=presets,
        n_epochs=options["epochs"],
        seeds=seeds,
        objective=Objective(options["objective"]),
        takes=Taken(options["weights"]),
        experiment=options["experiment"],
        tracking_uri=options["tracking_uri"],
    )


def _presets(options: dict[str, Any]) -> tuple["Preset", ...]:
    """Read what is to be compared, each under a name of its own."""
    from ..pipeline.cells import vary_cells
    from ..space.preset import read_preset
    from ..space.shipped import open_preset

    names, paths, cells = (options[key] for key in ("presets", "params", "cells"))
    if not names and not paths and cells is None:
        raise click.UsageError(
            "expected what to compare: --cells simple_rnn,lstm,gru, or --preset NAME or "
            "--params FILE, each of them several times"
        )
    _refuse_repeated("--preset: expected different presets", names)
    if not names and not paths:
        names = (_TEMPLATE,)
    templates = (*map(open_preset, names), *map(read_preset, paths))
    _refuse_repeated(
        "--params: expected files whose names differ from each other and from the presets'",
        [template.name for template in templates],
    )
    return templates if cells is None else vary_cells(templates, _cells(cells))


def _cells(given: str) -> list[str]:
    """Read names of cells, in the catalogue's words or in Keras's, in any case."""
    from ..model.parameters import CELL_NAMES
    from ..space.problem import nearest

    known = {word.lower(): cell for cell, name in CELL_NAMES.items() for word in (cell, name)}
    words = [word.strip() for word in given.split(",")]
    for word in words:
        if word.lower() not in known:
            called = nearest(word.lower(), CELL_NAMES)
            raise click.UsageError(f"--cells: no cell is called {word!r}; {called}")
    cells = [known[word.lower()] for word in words]
    _refuse_repeated("--cells: expected different cells", cells)
    return cells


def _seeds(options: dict[str, Any]) -> tuple[int, ...]:
    given, first = options["seeds"], options["seed"]
    if given is None:
        return tuple(range(first, first + options["repeats"]))
    context = click.get_current_context()
    for name in ("repeats", "seed"):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"expected one of --seeds and --{name}, got both")
    words = [word.strip() for word in given.split(",")]
    for word in words:
        if not (word.isascii() and word.isdecimal()):
            raise click.UsageError(
                f"--seeds: expected whole numbers of 0 or more, such as 0,1,2, got {word!r}"
            )
    _refuse_repeated("--seeds: expected different seeds", seeds := tuple(map(int, words)))
    return seeds


def _refuse_repeated(expected: str, values: Sequence[object]) -> None:
    """Refuse values of which one is there more than once.

    Raises:
        UsageError: it is; with what was expected, that value and how often it is there.
    """
    for value, count in Counter(values).items():
        if count > 1:
            times = "twice" if count == 2 else f"({count} times)"
            raise click.UsageError(f"{expected}, got {value} {times}")


def _print(comparison: "Comparison", output_format: str) -> None:
    from ..report.comparison import as_csv, as_json, as_markdown

    if not comparison.rows:
        click.echo(" ".join(comparison.sentences()), err=True)
    elif output_format == "table":
        print_comparison(comparison)
    else:
        forms = {"markdown": as_markdown, "csv": as_csv, "json": as_json}
        click.echo(forms[output_format](comparison).rstrip("\n"))


def print_comparison(comparison: "Comparison") -> None:
    """Print all columns into a file or a pipe, and on a terminal those that there is room for."""
    from ..report.comparison import COLUMNS, shown_cell

    left_out = print_fitting(COLUMNS, _LEFT_OUT, comparison.rows, shown_cell)
    click.echo("\n".join(comparison.sentences()))
    if left_out:
        names = ", ".join(COLUMNS[column] for column in left_out)
        click.echo(f"The terminal has no room for {names}: --format markdown prints all.")
