"""`genre-search trials`: the leaderboard of a study, or of several. Owns its forms."""

import click

from .options import FROM_1, format_option, place_options
from .ui import say


@click.command()
@click.option(
    "--study",
    "studies",
    multiple=True,
    default=["latest"],
    metavar="NAME",
    help="Name of the study; may be given several times, for one leaderboard of all.",
)
@click.option(
    "--top", type=FROM_1, metavar="N", help="Print the best N trials of each study (default: all)."
)
@format_option("json", "csv", help_text="How to print the trials.")
@place_options
def trials(
    studies: tuple[str, ...], top: int | None, output_format: str, **places: str | None
) -> None:
    """Print the leaderboard of a study, best first, baselines and the ensemble where they rank.

    Several studies share one leaderboard if their values are comparable: if data, split, objective
    and epochs are the same.

    JSON is a list of objects with study and number (both null for a baseline), state (in Optuna's
    words, or BASELINE), value, measures and hyperparameters.

    \b
    Example:
        genre-search trials
        genre-search trials --study films-tpe --study films-hyperband --top 5
        genre-search trials --study netflix_titles-genre-1a2b3c4d --format csv > trials.csv
    """
    from ..report.leaderboard import combine, format_csv, format_json
    from ..study.places import Places
    from ..study.reading import read_comparable
    from .tables import print_leaderboard

    summaries = read_comparable(Places(**places), studies)
    objectives = summaries[0].objectives
    rows = combine([summary.rows() for summary in summaries], objectives, n_trials=top)
    forms = {"json": format_json, "csv": format_csv}
    if output_format in forms:
        click.echo(forms[output_format](rows, has_study=True).rstrip("\n"))
    else:
        noun = "study" if len(summaries) == 1 else "studies"
        named = ", ".join(summary.study for summary in summaries)
        say(f"{noun} {named}, {objectives}")
        print_leaderboard(rows)
