"""`genre-search best`: the winner or another trial, and its bundle. Owns what is printed of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .listing import print_table
from .options import place_options, study_option, switch
from .quiet import load_keras

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..report.summary import Summary

_AT_HALF = "_at_half"


@click.command()
@study_option
@click.option(
    "--trial",
    "number",
    type=click.IntRange(min=0),
    metavar="N",
    help="Another trial than the winner; a complete one, and to export it one whose network was "
    "kept.",
)
@click.option(
    "--export",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write it as a bundle, measured once on the test split.",
)
@switch("--force", "Replace a bundle that is there.")
@switch("--again", "Read the test split for another trial than the one it was read for.")
@place_options
def best(
    study: str,
    number: int | None,
    directory: Path | None,
    force: bool,
    again: bool,
    tracking_uri: str | None,
    storage: str | None,
) -> None:
    """Print the winner of a study, or another trial, and write it as a bundle that predicts.

    With several objectives prints the trials of the front; the winner is the best of them in the
    first objective.

    \b
    Example:
        genre-search best
        genre-search best --study netflix_titles-genre-1a2b3c4d --export winner
        genre-search best --trial 7 --export small
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..export.bundle import check_free
    from ..pipeline.places import Places
    from ..pipeline.studies import read_study, required_trial
    from ..space.hyperparameters import shown

    if directory is not None:
        check_free(directory, force=force)
    places = Places(tracking_uri, storage)
    summary = read_study(places, study)
    trial = required_trial(summary, number)
    _print_standing(summary, trial.number)
    click.echo("\nhyperparameters")
    for name, value in trial.hyperparameters.items():
        click.echo(f"  {name}: {shown(value)}")
    click.echo("\nvalidation")
    _print_measures(trial.facts["metrics"])
    if directory is None:
        return
    load_keras()
    from ..pipeline.export import export_best

    report = export_best(places, summary.study, directory, force=force, again=again, number=number)
    when = "read now, once" if report.is_test_read_now else "as recorded when it was read"
    click.echo(f"\ntest ({when})")
    _print_measures(report.test_metrics)
    click.echo(f'\nwrote {directory}: genre-search predict --model {directory} "a synopsis…"')


def _print_standing(summary: "Summary", number: int) -> None:
    """Print what the study has come to, and where one of its trials stands in it."""
    click.echo(" ".join(summary.sentences()))
    if summary.objectives.are_several:
        _print_front(summary)
    winner = summary.best
    if winner is None or winner.number != number:
        click.echo(f"\nThis is trial {number}, not the winner.")


def _print_front(summary: "Summary") -> None:
    """Print the trials between which the objectives do not choose."""
    from ..report.leaderboard import cell

    names = summary.objectives.names
    click.echo("\nfront")
    print_table(
        ["trial", *names, "network"],
        [
            [
                str(record.facts.get("name")),
                *map(cell, record.values),
                # Networks of the front are not dropped as long as they are on it.
                "kept" if record.facts.get("has_model") else "",
            ]
            for record in summary.front
        ],
        numbers=names,
    )
    click.echo(f"The winner is the best in {names[0]}; take another with --trial N.")


def _print_measures(measures: Mapping[str, float]) -> None:
    """Print a measure a line, what it is at thresholds of 0.5 beside what it is at tuned ones."""
    from ..report.leaderboard import cell

    for name, value in measures.items():
        half = measures.get(f"{name}{_AT_HALF}")
        beside = "" if half is None else f" (at 0.5: {cell(half)})"
        if not name.endswith(_AT_HALF):
            click.echo(f"  {name}: {cell(value)}{beside}")
