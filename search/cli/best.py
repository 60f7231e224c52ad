"""`genre-search best`: the winner or another model, and its bundle. Owns what is printed of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .combination import switch
from .options import FROM_0, export_options, place_options, winner_option
from .tables import print_candidates, print_measure, print_table
from .ui import say

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..report.summary import Summary
    from ..study.study import Study
    from ..trial.candidate import Candidate, Contest

_AT_HALF = "_at_half"


@click.command()
@click.option("--study", metavar="NAME", default="latest", help="Name of the study.")
@winner_option
@click.option(
    "--trial",
    type=FROM_0,
    metavar="N",
    help="Choose trial N instead of a winner. It must be complete; to be exported, its network "
    "must have been kept.",
)
@export_options("Write it as a bundle, measured once on the test split.")
@switch("--again", "Read the test split for something else than it was read for.")
@place_options
def best(
    study: str,
    winner: str,
    trial: int | None,
    export: Path | None,
    force: bool,
    again: bool,
    **places: str | None,
) -> None:
    """Print the winner of a study, or another candidate or trial; export it as a bundle.

    The winner is the best network, the linear baseline, or an ensemble of networks with or without
    the baseline. With several objectives the trials of the Pareto front are printed, too.

    \b
    Example:
        genre-search best
        genre-search best --study netflix_titles-genre-1a2b3c4d --export winner
        genre-search best --winner network --export network
        genre-search best --trial 7 --export small
    """
    from ..interface import open_study
    from ..report.candidates import describe_winner

    opened = open_study(study, **places)
    summary = opened.summary
    say(f"study {summary.study}")
    contest = _compare(opened, winner) if trial is None else None
    click.echo(" ".join(summary.sentences()))
    if summary.objectives.are_several:
        _print_front(summary)
    if contest is not None:
        print_candidates(contest.candidates)
        click.echo("\n".join(describe_winner(contest, summary.objective, winner)))
        _print_candidate(summary, contest.find(winner))
    else:
        _print_trial(summary, trial)
    if export is None:
        return
    report = opened.export(export, winner=winner, trial=trial, force=force, again=again)
    when = "read now, once" if report.is_test_read_now else "as recorded when it was read"
    click.echo(f"\ntest ({when})")
    ends = ("loss_low", "loss_high")
    _print_measures({k: v for k, v in report.test_metrics.items() if k not in ends})
    click.echo("\nloss on test, with its 90% interval")
    for reading in report.readings.values():
        loss, low, high = (reading.metrics.get(name) for name in ("loss", *ends))
        interval = "" if low is None or high is None else f" ({low:.4f} to {high:.4f})"
        click.echo(f"  {reading.name}: {loss:.4f}{interval}")
    click.echo(f'\nwrote {export}: genre-search predict --model {export} "a synopsis…"')


def _compare(study: "Study", winner: str) -> "Contest | None":
    """Read the candidates; None where they cannot be compared, but the best network is known.

    Raises:
        StudyError: there is no candidate of that kind, or no trial is complete.
        ExportError, DataError, TrackingError: they cannot be compared, and another than the best
            network is wanted.
    """
    from ..errors import DataError, ExportError, TrackingError

    try:
        contest = study.contest
    except (DataError, ExportError, TrackingError) as error:
        if winner not in ("auto", "network"):
            raise
        say(f"the candidates cannot be compared: {error.message}")
        return None
    contest.find(winner)
    return contest


def _print_candidate(summary: "Summary", candidate: "Candidate") -> None:
    """Print what a candidate is made of, and its measures on validation."""
    if candidate.kind == "network":
        _print_trial(summary, candidate.components[0].number)
        return
    click.echo("\nmembers")
    for component in candidate.components:
        click.echo(f"  {component.weight:.0%} {component.name}")
    click.echo("\nvalidation, chosen on one half and scored on the other")
    _print_measures(candidate.metrics)


def _print_trial(summary: "Summary", number: int | None) -> None:
    """Print the hyperparameters of a trial and its measures on validation.

    Raises:
        StudyError: it is not complete.
    """
    from ..space.hyperparameters import to_text
    from ..study.reading import find_trial

    trial = find_trial(summary, number)
    if summary.best is None or summary.best.number != trial.number:
        click.echo(f"\nThis is trial {trial.number}, not the best network.")
    click.echo("\nhyperparameters")
    for name, value in trial.hyperparameters.items():
        click.echo(f"  {name}: {to_text(value)}")
    click.echo("\nvalidation")
    _print_measures(trial.metrics)


def _print_front(summary: "Summary") -> None:
    """Print the trials of the Pareto front."""
    from ..report.tables import format_value

    names = summary.objectives.names
    click.echo("\nfront")
    rows = (
        [trial.label, *map(format_value, trial.values), "kept" if trial.has_model else ""]
        for trial in summary.front
    )
    print_table(["trial", *names, "network"], rows, numbers=names)
    click.echo(f"The best network is the best in {names[0]}; choose another with --trial N.")


def _print_measures(measures: Mapping[str, float]) -> None:
    """Print each measure at the tuned thresholds, and beside it the one at thresholds of 0.5."""
    for name, value in measures.items():
        if not name.endswith(_AT_HALF):
            print_measure(name, value, "at 0.5", measures.get(f"{name}{_AT_HALF}"))
