"""`genre-search search`: run a study. Owns its options and what it prints."""

import os
import shutil
from typing import TYPE_CHECKING, Any

import click

from .options import (
    AUTO,
    Target,
    data_options,
    data_source,
    experiment_option,
    objective_option,
    place_options,
    seed_option,
    switch,
)
from .quiet import load_keras, quiet_migrations
from .signals import catch_signals
from .ui import ui_of

# Only annotations need it: at run time it would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.request import SearchRequest
    from ..pipeline.search import SearchReport


_N_SHOWN = 10
"""Trials in the table at the end."""


@click.command()
@data_options
@click.option(
    "--space",
    default="genre",
    show_default=True,
    metavar="NAME|PATH",
    help="A shipped search space (see `genre-search spaces`), or a YAML file.",
)
@click.option("--trials", default=12, show_default=True, help="Total of trials of the study.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Stop after this many seconds.")
@objective_option
@click.option(
    "--target",
    type=Target(),
    default=AUTO,
    show_default=True,
    help="Stop when a trial is as good as this; auto is 0.05 for val_loss, none for macro_f1.",
)
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=15,
    show_default=True,
    help="Epochs of a trial at most.",
)
@seed_option
@click.option(
    "--study",
    metavar="NAME",
    help="Name of the study (default: corpus, space and a hash of what makes trials comparable). "
    "A study of this name goes on.",
)
@click.option(
    "--enqueue",
    multiple=True,
    metavar="PRESET",
    help="Try a shipped preset before the space's own starts, for --epochs; may be given several "
    "times.",
)
@click.option("--max-parameters", type=int, metavar="N", help="Refuse networks with more weights.")
@click.option(
    "--max-gap",
    type=float,
    metavar="NATS",
    help="Largest gap of validation over train loss that a winner may have (default: any).",
)
@click.option(
    "--confirm",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="K",
    help="Train the best K trials again with three fresh seeds, and choose the winner by them.",
)
@switch("--strict", "Refuse data with findings beyond the limits of `genre-search data audit`.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Best trials whose networks are kept to export.",
)
@experiment_option
@place_options
def search(**options: Any) -> None:
    """Search a space for the best classifier of a corpus; record every trial in MLflow.

    The same command goes on with a study that was interrupted. Without --data it searches the
    embedded corpus of generated synopses, which needs no download.

    \b
    Example:
        genre-search search
        genre-search search --data netflix_titles.csv --trials 30 --timeout 3600
        genre-search search --data reviews.jsonl.gz --objective macro_f1 --space my-space.yaml
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    # Checked and fetched before TensorFlow is loaded, which takes seconds.
    request = _request(options)
    quiet_migrations()
    load_keras()
    from ..pipeline.search import search as run_search
    from .progress import listener

    try:
        with listener(request.budget.n_trials, request.n_epochs) as progress:
            is_interrupted = catch_signals(progress.say)
            report = run_search(request, progress.listen, progress.say, is_interrupted)
    except KeyboardInterrupt:
        click.echo("interrupted; finished trials are kept, the same command goes on", err=True)
        raise SystemExit(130) from None
    is_elsewhere = bool(options["storage"] or options["tracking_uri"])
    _print_report(report, is_elsewhere=is_elsewhere)


def _request(options: dict[str, Any]) -> "SearchRequest":
    from ..pipeline.places import Places
    from ..pipeline.request import SearchRequest
    from ..space.shipped import find_preset
    from ..study.settings import Budget, default_target
    from ..training.history import Objective

    for name in options["enqueue"]:
        # A name that was mistyped is told before anything is fetched.
        find_preset(name)
    objective = Objective(options["objective"])
    target = default_target(objective) if options["target"] == AUTO else options["target"]
    return SearchRequest(
        data=data_source(options),
        space=options["space"],
        objective=objective,
        n_epochs=options["epochs"],
        seed=options["seed"],
        budget=Budget(
            n_trials=options["trials"],
            timeout_seconds=options["timeout"],
            target=target,
            max_parameters=options["max_parameters"],
            max_gap=options["max_gap"],
        ),
        study=options["study"],
        experiment=options["experiment"],
        places=Places(options["tracking_uri"], options["storage"]),
        n_kept=options["keep"],
        n_confirmed=options["confirm"],
        enqueued=options["enqueue"],
        is_strict=options["strict"],
    )


def _best_command(study: str) -> str:
    if shutil.which("genre-search") is None and "MLFLOW_RUN_ID" in os.environ:
        # In an environment that `mlflow run` made, the package itself is not installed.
        command = f"mlflow run . -e best -P study={study} -P export=winner"
        return f"{command}, with the --env-manager of this run"
    return f"genre-search best --study {study} --export winner"


def _address(report: "SearchReport", root: str) -> str:
    """Give the address of the trials in MLflow's UI."""
    from ..tracking.address import comparison_address

    objective = report.summary.objective
    return comparison_address(
        root,
        experiment_id=report.experiment_id,
        study_run_id=report.study_run_id,
        metric=objective.metric,
        is_minimized=objective.is_minimized,
    )


def _print_report(report: "SearchReport", *, is_elsewhere: bool) -> None:
    from ..study.loop import Ending
    from .tables import print_leaderboard

    summary = report.summary
    if report.is_idle and report.ending is not Ending.TIMEOUT:
        click.echo(
            f"study {summary.study} is done already ({report.ending.value}): raise --trials, "
            "change --target, or begin another with --study or --seed",
            err=True,
        )
    rows = summary.rows()
    trials = [row for row in rows if row["number"] is not None][:_N_SHOWN]
    print_leaderboard(trials + [row for row in rows if row["number"] is None])
    click.echo(" ".join(summary.sentences()))
    if report.ending is Ending.TIMEOUT:
        click.echo("The time was over: the same command goes on.")
    command, root = ui_of(report.tracking_uri)
    click.echo(f"Compare: {command}, then open {_address(report, root)}")
    if summary.best is not None:
        elsewhere = ", with the same --storage and --tracking-uri" if is_elsewhere else ""
        click.echo(f"Take the best: {_best_command(summary.study)}{elsewhere}")
