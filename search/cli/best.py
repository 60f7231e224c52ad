"""`genre-search best`: the winner, and its bundle. Owns what is printed of it."""

from collections.abc import Mapping
from pathlib import Path

import click

from .options import place_options, study_option, switch
from .quiet import load_keras

_AT_HALF = "_at_half"


@click.command()
@study_option
@click.option(
    "--export",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the winner as a bundle, measured once on the test split.",
)
@switch("--force", "Replace a bundle that is there.")
@switch("--again", "Read the test split for another trial than the one it was read for.")
@place_options
def best(
    study: str,
    directory: Path | None,
    force: bool,
    again: bool,
    tracking_uri: str | None,
    storage: str | None,
) -> None:
    """Print the winner of a study, and write it as a bundle that predicts.

    \b
    Example:
        genre-search best
        genre-search best --study netflix_titles-genre-1a2b3c4d --export winner
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..export.bundle import check_free
    from ..pipeline.places import Places
    from ..pipeline.studies import read_study, required_winner
    from ..space.hyperparameters import shown

    if directory is not None:
        check_free(directory, force=force)
    places = Places(tracking_uri, storage)
    summary = read_study(places, study)
    winner = required_winner(summary)
    click.echo(" ".join(summary.sentences()))
    click.echo("\nhyperparameters")
    for name, value in winner.hyperparameters.items():
        click.echo(f"  {name}: {shown(value)}")
    click.echo("\nvalidation")
    _print_measures(winner.facts["metrics"])
    if directory is None:
        return
    load_keras()
    from ..pipeline.export import export_best

    report = export_best(places, summary.study, directory, force=force, again=again)
    when = "read now, once" if report.is_test_read_now else "as recorded when it was read"
    click.echo(f"\ntest ({when})")
    _print_measures(report.test_metrics)
    click.echo(f'\nwrote {directory}: genre-search predict --model {directory} "a synopsis…"')


def _print_measures(measures: Mapping[str, float]) -> None:
    """Print a measure a line, what it is at thresholds of 0.5 beside what it is at tuned ones."""
    from ..report.leaderboard import cell

    for name, value in measures.items():
        half = measures.get(f"{name}{_AT_HALF}")
        beside = "" if half is None else f" (at 0.5: {cell(half)})"
        if not name.endswith(_AT_HALF):
            click.echo(f"  {name}: {cell(value)}{beside}")
