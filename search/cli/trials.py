"""`genre-search trials`: the leaderboard of a study, or of several. Owns its forms."""

import click

from .options import format_option, place_options


@click.command()
@click.option(
    "--study",
    "studies",
    multiple=True,
    default=["latest"],
    show_default="latest",
    metavar="NAME",
    help="Name of the study; may be given several times, for one leaderboard of all.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Trials of each study to print, its best (default: all).",
)
@format_option("json", "csv", help_text="How to print the trials.")
@place_options
def trials(
    studies: tuple[str, ...],
    top: int | None,
    output_format: str,
    tracking_uri: str | None,
    storage: str | None,
) -> None:
    """Print the leaderboard of a study, best trial first, its baselines last.

    Several studies have one leaderboard where their values compare: where data, split, objective
    and epochs are the same.

    JSON is a list of objects with study and number (both null for a baseline), state (in Optuna's
    words, or BASELINE), value, measures and hyperparameters.

    \b
    Example:
        genre-search trials
        genre-search trials --study films-tpe --study films-hyperband --top 5
        genre-search trials --study netflix_titles-genre-1a2b3c4d --format csv > trials.csv
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..pipeline.places import Places
    from ..pipeline.studies import read_comparable
    from ..report.leaderboard import as_csv, as_json, combine
    from .tables import print_leaderboard

    summaries = read_comparable(Places(tracking_uri, storage), studies)
    objectives = summaries[0].objectives
    rows = combine(
        {summary.study: summary.rows() for summary in summaries},
        {summary.study: summary.front for summary in summaries},
        objectives,
        n_shown=top,
    )
    if output_format == "json":
        click.echo(as_json(rows))
    elif output_format == "csv":
        click.echo(as_csv(rows), nl=False)
    else:
        noun = "study" if len(summaries) == 1 else "studies"
        named = ", ".join(summary.study for summary in summaries)
        click.echo(f"{noun} {named}, {objectives}", err=True)
        print_leaderboard(rows)
