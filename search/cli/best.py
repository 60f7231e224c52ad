"""`genre-search best`: the winner or another trial, and its bundle. Owns what is printed of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .combination import switch
from .options import FROM_0, export_options, place_options
from .tables import print_measure, print_table

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..report.summary import Summary

_AT_HALF = "_at_half"


@click.command()
@click.option("--study", metavar="NAME", default="latest", help="Name of the study.")
@click.option(
    "--trial",
    type=FROM_0,
    metavar="N",
    help="Choose trial N instead of the winner. It must be complete; to be exported, its network "
    "must have been kept.",
)
@export_options("Write it as a bundle, measured once on the test split.")
@switch("--again", "Read the test split for another trial than the one it was read for.")
@place_options
def best(
    study: str,
    trial: int | None,
    export: Path | None,
    force: bool,
    again: bool,
    **places: str | None,
) -> None:
    """Print the winner of a study, or another trial, and export it as a bundle that predicts.

    With several objectives it prints the trials of the Pareto front; the winner is the best of
    them in the first objective.

    \b
    Example:
        genre-search best
        genre-search best --study netflix_titles-genre-1a2b3c4d --export winner
        genre-search best --trial 7 --export small
    """
    from ..interface import open_study
    from ..space.hyperparameters import to_text
    from ..study.reading import find_trial

    opened = open_study(study, **places)
    summary = opened.summary
    chosen = find_trial(summary, trial)
    click.echo(" ".join(summary.sentences()))
    if summary.objectives.are_several:
        _print_front(summary)
    if summary.best is None or summary.best.number != chosen.number:
        click.echo(f"\nThis is trial {chosen.number}, not the winner.")
    click.echo("\nhyperparameters")
    for name, value in chosen.hyperparameters.items():
        click.echo(f"  {name}: {to_text(value)}")
    click.echo("\nvalidation")
    _print_measures(chosen.metrics)
    if export is None:
        return
    report = opened.export(export, trial=trial, force=force, again=again)
    when = "read now, once" if report.is_test_read_now else "as recorded when it was read"
    click.echo(f"\ntest ({when})")
    _print_measures(report.test_metrics)
    click.echo(f'\nwrote {export}: genre-search predict --model {export} "a synopsis…"')


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
    click.echo(f"The winner is the best in {names[0]}; choose another with --trial N.")


def _print_measures(measures: Mapping[str, float]) -> None:
    """Print each measure at the tuned thresholds, and beside it the one at thresholds of 0.5."""
    for name, value in measures.items():
        if not name.endswith(_AT_HALF):
            print_measure(name, value, "at 0.5", measures.get(f"{name}{_AT_HALF}"))
