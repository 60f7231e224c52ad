"""`genre-search train`: one configuration, trained once. Owns its options and what it prints."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .combination import switch
from .options import (
    FROM_1,
    choose_arguments,
    data_options,
    embeddings_option,
    experiment_option,
    export_options,
    fetch,
    format_option,
    make_source,
    objective_option,
    seed_option,
    tracking_option,
    weights_option,
)
from .tables import print_measure
from .ui import print_run, say

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..presets.training import TrainReport
    from ..space.preset import Preset

_MEASURES = ("train_loss", "val_loss", "train_accuracy", "accuracy", "seconds_per_epoch",
             "f1_micro", "f1_macro", "gap", "parameters", "seconds")  # fmt: skip
"""Measures of validation, as they are printed."""


@click.command()
@click.option("--preset", metavar="NAME", help="A shipped preset (see `genre-search spaces`).")
@click.option(
    "--params",
    type=Path,
    metavar="FILE",
    help="Hyperparameters of your own, YAML or JSON, such as a bundle's hyperparameters.json.",
)
@data_options
@click.option("--epochs", type=FROM_1, help="Epochs (default: the preset's, else 15).")
@weights_option
@objective_option
@seed_option
@switch("--evaluate-test", "Evaluate the test split once, with the trained network.")
@export_options("Write the network as a bundle.")
@embeddings_option
@format_option("json", help_text="How to print the measures.")
@experiment_option
@tracking_option
def train(**options: Any) -> None:
    """Train one preset, or hyperparameters of your own, and record the training in MLflow.

    \b
    Example:
        genre-search train --preset genre-lstm
        genre-search train --preset imdb-bilstm --data imdb --evaluate-test yes
        genre-search train --params winner/members/trial-3/hyperparameters.json --data movies.csv
    """
    from ..interface import train as train_preset
    from .progress import show_trainings

    # Mistakes are reported before anything is downloaded and before TensorFlow is loaded.
    preset, source = _read_preset(options), make_source(options)
    fetch(source)
    n_epochs = options["epochs"] or preset.n_epochs
    arguments = choose_arguments(train_preset, options | {"preset": preset, "corpus": source})
    with show_trainings(1, n_epochs, outcome="the run is recorded as killed") as callbacks:
        report = train_preset(**arguments, **callbacks)
    if options["output_format"] == "json":
        click.echo(_format_json(report))
    else:
        _print_report(report, preset, n_epochs)
    if options["export"] is not None:
        say(f"wrote {options['export']}")
    print_run(report.tracking_uri, report.experiment_id, report.run_id)


def _read_preset(options: dict[str, Any]) -> "Preset":
    """Read what is to be trained.

    Raises:
        click.UsageError: neither a preset nor a file is given, or both are.
        SpaceError: there is no such preset, or the file has problems.
    """
    from ..space.preset import read_preset
    from ..space.shipped_files import open_preset

    name, path = options["preset"], options["params"]
    if (name is None) == (path is None):
        raise click.UsageError("expected one of --preset NAME and --params FILE")
    return read_preset(path) if name is None else open_preset(name)


def _format_json(report: "TrainReport") -> str:
    training, diagnosis = report.training, report.training.diagnosis
    facts = {
        "name": report.name,
        "corpus": report.corpus,
        "verdict": diagnosis.verdict.value,
        "onset": diagnosis.onset,
        "run_id": report.run_id,
        "validation": {**training.metrics, **report.label_metrics},
        "test": dict(report.test_metrics),
        "epochs": asdict(training.curves),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def _print_report(report: "TrainReport", preset: "Preset", n_epochs: int) -> None:
    """Print the measures, beside them what was published of the preset where it is comparable."""
    from ..report.comparison import SETTLED_EPOCHS

    diagnosis, metrics = report.training.diagnosis, report.training.metrics
    onset = "" if diagnosis.onset is None else f", from epoch {diagnosis.onset}"
    click.echo(f"{report.name} on {report.corpus}: {diagnosis.verdict.value}{onset}")
    is_alike = report.n_labels == preset.n_labels and n_epochs == preset.n_epochs
    published = preset.published if is_alike else {}
    for name in _MEASURES:
        key = "val_accuracy" if name == "accuracy" else name
        print_measure(name, metrics[name], "published", published.get(key))
    if report.test_metrics:
        click.echo("test, read once")
        for name in ("loss", "accuracy", "f1_micro", "f1_macro"):
            value = report.test_metrics[name]
            print_measure(name, value, "published", published.get(f"test_{name}"))
    tracing = ""
    if n_epochs < SETTLED_EPOCHS:
        tracing = ", and with so few epochs TensorFlow's tracing of the network"
    click.echo(f"Seconds per epoch are a median, evaluation included{tracing}.")
    if published:
        click.echo("Published: by others, on their texts, split and machine; the loss and accuracy "
                   "on train that Keras prints are means over an epoch.")  # fmt: skip
