"""`genre-search search`: search a study. Owns its options and what it prints."""

import os
import shutil
from typing import TYPE_CHECKING, Any

import click

from .combination import switch
from .options import choose_arguments
from .study_options import make_study, study_options
from .ui import find_ui, say

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..study.study import SearchReport

_N_SHOWN = 10
"""Trials in the table at the end."""


@click.command()
@study_options
@switch("--dry-run", "Print what the search would do, take and need; do nothing.")
def search(**options: Any) -> None:
    """Search a space for the best classifier of a corpus; record every trial in MLflow.

    The same command continues a study that was interrupted. Without --data it searches the
    embedded corpus of generated synopses, which needs no download.

    \b
    Example:
        genre-search search
        genre-search search --data netflix_titles.csv --trials 30 --timeout 3600
        genre-search search --data reviews.jsonl.gz --objective macro_f1 --space my-space.yaml
        genre-search search --data netflix_titles.csv --trials 30 --dry-run yes
    """
    study = make_study(options)
    if options["dry_run"]:
        forecast = study.forecast(**choose_arguments(study.forecast, options), on_message=say)
        click.echo("\n".join(forecast.lines()))
        say("dry run: nothing was done")
        return
    from .progress import show_trainings

    outcome = "finished trials are kept, the same command continues"
    with show_trainings(options["trials"], options["epochs"], outcome=outcome) as callbacks:
        report = study.search(**choose_arguments(study.search, options), **callbacks)
    _print_report(report, is_elsewhere=bool(options["storage"] or options["tracking_uri"]))


def _print_report(report: "SearchReport", *, is_elsewhere: bool) -> None:
    from ..report.candidates import name_candidate
    from ..report.leaderboard import take_best
    from ..study.ending import Ending
    from .tables import print_candidates, print_leaderboard

    summary, is_timeout = report.summary, report.ending is Ending.TIMEOUT
    if report.is_idle and not is_timeout:
        _say_idle(report)
    print_leaderboard(take_best(summary.rows(), _N_SHOWN))
    click.echo(" ".join(summary.sentences()))
    contest = summary.contest
    if contest is not None:
        print_candidates(contest.candidates)
        click.echo("\n".join(summary.describe_winner(report.winner)))
    if is_timeout:
        click.echo("The time is over: the same command continues.")
    elif not report.is_idle:
        click.echo(f"Ended: {report.ending.value}.")
    _print_address(report)
    if contest is not None:
        elsewhere = ", with the same --storage and --tracking-uri" if is_elsewhere else ""
        winner = contest.find(report.winner)
        command = _make_export_command(summary.study, report.winner)
        word = "the winner" if winner.kind is contest.winner else "your choice"
        click.echo(f"Export {word}, {name_candidate(winner)}: {command}{elsewhere}")


def _say_idle(report: "SearchReport") -> None:
    """Say that nothing was left to do, and what gives the study something to do."""
    from ..study.ending import Ending

    ways = {Ending.TRIALS: "raise --trials, or ", Ending.TARGET: "change --target, or ",
            Ending.PATIENCE: "raise --patience, or "}  # fmt: skip
    say(
        f"study {report.summary.study} is done already ({report.ending.value}): "
        f"{ways.get(report.ending, '')}start another with --fork, --study or --seed"
    )


def _print_address(report: "SearchReport") -> None:
    """Print where MLflow's UI compares the trials."""
    from ..tracking.address import comparison_address

    command, root = find_ui(report.tracking_uri)
    address = comparison_address(
        root,
        experiment_id=report.experiment_id,
        study_run_id=report.study_run_id,
        metric=report.summary.objective.metric,
        is_minimized=report.summary.objective.is_minimized,
    )
    click.echo(f"Compare: {command}, then open {address}")


def _make_export_command(study: str, winner: str) -> str:
    is_chosen = winner != "auto"
    if shutil.which("genre-search") is None and "MLFLOW_RUN_ID" in os.environ:
        # In an environment that `mlflow run` made, the package itself is not installed.
        chosen = f" -P winner={winner}" if is_chosen else ""
        command = f"mlflow run . -e best -P study={study}{chosen} -P export=winner"
        return f"{command}, with the --env-manager of this run"
    chosen = f" --winner {winner}" if is_chosen else ""
    return f"genre-search best --study {study}{chosen} --export winner"
