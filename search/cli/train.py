"""`genre-search train`: one configuration, trained once. Owns its options and what it prints."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import (
    data_options,
    data_source,
    embeddings_option,
    experiment_option,
    format_option,
    objective_option,
    seed_option,
    switch,
    tracking_option,
    weights_option,
)
from .quiet import load_keras, quiet_migrations
from .signals import catch_signals
from .ui import tell_run

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.request import TrainRequest
    from ..pipeline.training import TrainReport
    from ..space.preset import Preset

_PUBLISHED = (
    ("train_loss", "train_loss"),
    ("val_loss", "val_loss"),
    ("train_accuracy", "train_accuracy"),
    ("accuracy", "val_accuracy"),
    ("seconds_per_epoch", "seconds_per_epoch"),
)
"""Measures of validation, and how they are called in a preset's file."""
_FURTHER = ("f1_micro", "f1_macro", "gap", "parameters", "seconds")


@click.command()
@click.option("--preset", metavar="NAME", help="A shipped preset (see `genre-search spaces`).")
@click.option(
    "--params",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Hyperparameters of your own, YAML or JSON, such as hyperparameters.json of a bundle.",
)
@data_options
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    help="Epochs (default: the preset's, else 15).",
)
@weights_option
@objective_option
@seed_option
@switch("--evaluate-test", "Read the test part once, with the trained network; it is recorded.")
@click.option(
    "--export",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the network as a bundle.",
)
@switch("--force", "Replace a bundle that is there.")
@embeddings_option
@format_option("json", help_text="How to print the measures.")
@experiment_option
@tracking_option
def train(**options: Any) -> None:
    """Train one preset, or hyperparameters of your own, and record it in MLflow as a trial is.

    \b
    Example:
        genre-search train --preset genre-lstm
        genre-search train --preset imdb-bilstm --data imdb --evaluate-test yes
        genre-search train --params winner/hyperparameters.json --data movies.csv --weights best
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    preset = _preset(options)
    # Checked before TensorFlow is loaded, which takes seconds.
    request = _request(preset, options)
    quiet_migrations()
    load_keras()
    from ..pipeline.training import train as run_training
    from .progress import listener

    try:
        with listener(1, request.n_epochs) as progress:
            is_interrupted = catch_signals(progress.say)
            report = run_training(request, progress.listen, progress.say, is_interrupted)
    except KeyboardInterrupt:
        click.echo("interrupted; the run is recorded as killed", err=True)
        raise SystemExit(130) from None
    if options["output_format"] == "json":
        click.echo(_as_json(report))
    else:
        _print_report(report, request)
    if request.directory is not None:
        click.echo(f"wrote {request.directory}", err=True)
    tell_run(report.tracking_uri, report.experiment_id, report.run_id)


def _preset(options: dict[str, Any]) -> "Preset":
    """Read what is to be trained."""
    from ..space.preset import read_preset
    from ..space.shipped import open_preset

    name, path = options["preset"], options["params"]
    if (name is None) == (path is None):
        raise click.UsageError("expected one of --preset NAME and --params FILE")
    return read_preset(path) if name is None else open_preset(name)


def _request(preset: "Preset", options: dict[str, Any]) -> "TrainRequest":
    from ..pipeline.request import TrainRequest
    from ..space.embeddings import preset_with_file_embeddings
    from ..training.history import Objective, Taken

    embeddings = options["embeddings"]
    preset = preset if embeddings is None else preset_with_file_embeddings(preset)
    return TrainRequest(
        data=data_source(options),
        preset=preset,
        n_epochs=options["epochs"] or preset.n_epochs,
        seed=options["seed"],
        objective=Objective(options["objective"]),
        takes=Taken(options["weights"]),
        reads_test=options["evaluate_test"],
        experiment=options["experiment"],
        tracking_uri=options["tracking_uri"],
        directory=options["directory"],
        force=options["force"],
        embeddings=embeddings,
    )


def _as_json(report: "TrainReport") -> str:
    facts = {
        "name": report.name,
        "corpus": report.corpus,
        "verdict": report.verdict,
        "onset": report.onset,
        "run_id": report.run_id,
        "validation": dict(report.metrics),
        "test": dict(report.test_metrics),
        "epochs": dict(report.epochs),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def _print_report(report: "TrainReport", request: "TrainRequest") -> None:
    """Print the measures, beside them what was published of the preset where it is comparable."""
    onset = "" if report.onset == "none" else f", from epoch {report.onset}"
    click.echo(f"{report.name} on {report.corpus}: {report.verdict}{onset}")
    preset = request.preset
    is_alike = report.n_labels == preset.n_labels and request.n_epochs == preset.n_epochs
    published = preset.published if is_alike else {}
    for name, key in _PUBLISHED:
        _print_measure(name, report.metrics[name], published.get(key))
    for name in _FURTHER:
        _print_measure(name, report.metrics[name])
    if report.test_metrics:
        click.echo("test, read once")
        for name in ("loss", "accuracy", "f1_micro", "f1_macro"):
            beside = published.get("test_accuracy") if name == "accuracy" else None
            _print_measure(name, report.test_metrics[name], beside)
    click.echo(f"Seconds an epoch are a median, with evaluation{_tracing(request.n_epochs)}.")
    if published:
        click.echo("Published: by others, on their texts, split and machine; the loss and accuracy "
                   "on train that Keras prints are means over an epoch.")  # fmt: skip


def _tracing(n_epochs: int) -> str:
    from ..report.comparison import SETTLED_EPOCHS

    is_short = n_epochs < SETTLED_EPOCHS
    return ", and of so few epochs with TensorFlow's tracing of the network" if is_short else ""


def _print_measure(name: str, value: float, published: float | None = None) -> None:
    from ..report.leaderboard import cell

    beside = "" if published is None else f" (published: {cell(published)})"
    click.echo(f"  {name}: {cell(value)}{beside}")
