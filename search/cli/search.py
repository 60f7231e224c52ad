"""`genre-search search`: run a study. Owns its options and what it prints."""

import os
import shutil
from typing import TYPE_CHECKING, Any

import click

from .options import switch
from .quiet import load_keras, quiet_migrations
from .signals import catch_signals
from .study_options import request_of, study_options
from .ui import ui_of

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.request import SearchRequest
    from ..pipeline.search import SearchReport


_N_SHOWN = 10
"""Trials in the table at the end."""


@click.command()
@study_options
@switch("--dry-run", "Tell what the search would do, take and need, and do nothing of it.")
def search(**options: Any) -> None:
    """Search a space for the best classifier of a corpus; record every trial in MLflow.

    The same command goes on with a study that was interrupted. Without --data it searches the
    embedded corpus of generated synopses, which needs no download.

    \b
    Example:
        genre-search search
        genre-search search --data netflix_titles.csv --trials 30 --timeout 3600
        genre-search search --data reviews.jsonl.gz --objective macro_f1 --space my-space.yaml
        genre-search search --data netflix_titles.csv --trials 30 --dry-run yes
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    # Checked and fetched before TensorFlow is loaded, which takes seconds.
    request = request_of(options)
    quiet_migrations()
    load_keras()
    if options["dry_run"]:
        _tell(request)
        return
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


def _tell(request: "SearchRequest") -> None:
    """Print what a search would do; where trials have to be timed first that takes seconds."""
    from ..pipeline.dry_run import dry_run

    forecast = dry_run(request, lambda sentence: click.echo(sentence, err=True))
    click.echo("\n".join(forecast.lines()))
    click.echo("dry run: nothing was done", err=True)


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


def _ways_on(report: "SearchReport") -> str:
    """Say how to go on with a study that is done."""
    from ..study.ending import Ending

    others = "begin another with --fork, --study or --seed"
    ways = {
        Ending.TRIALS: f"raise --trials, or {others}",
        Ending.TARGET: f"change --target, or {others}",
        Ending.PATIENCE: f"raise --patience, or {others}",
    }
    return ways.get(report.ending, others)


def _print_report(report: "SearchReport", *, is_elsewhere: bool) -> None:
    from ..study.ending import Ending
    from .tables import print_leaderboard

    summary = report.summary
    if report.is_idle and report.ending is not Ending.TIMEOUT:
        click.echo(
            f"study {summary.study} is done already ({report.ending.value}): {_ways_on(report)}",
            err=True,
        )
    rows = summary.rows()
    trials = [row for row in rows if row["number"] is not None][:_N_SHOWN]
    print_leaderboard(trials + [row for row in rows if row["number"] is None])
    click.echo(" ".join(summary.sentences()))
    if report.ending is Ending.TIMEOUT:
        click.echo("The time was over: the same command goes on.")
    elif not report.is_idle:
        click.echo(f"Ended: {report.ending.value}.")
    command, root = ui_of(report.tracking_uri)
    click.echo(f"Compare: {command}, then open {_address(report, root)}")
    if summary.best is not None:
        elsewhere = ", with the same --storage and --tracking-uri" if is_elsewhere else ""
        click.echo(f"Take the best: {_best_command(summary.study)}{elsewhere}")
