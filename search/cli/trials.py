"""`genre-search trials`: the leaderboard. Owns its forms."""

import click

from .options import format_option, place_options, study_option


@click.command()
@study_option
@format_option("json", "csv", help_text="How to print the trials.")
@place_options
def trials(study: str, output_format: str, tracking_uri: str | None, storage: str | None) -> None:
    """Print the leaderboard of a study, best trial first, its baselines last.

    JSON is a list of objects with number (null for a baseline), state (in Optuna's words, or
    BASELINE), value, measures and hyperparameters.

    \b
    Example:
        genre-search trials
        genre-search trials --study netflix_titles-genre-1a2b3c4d --format csv > trials.csv
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..pipeline.places import Places
    from ..pipeline.studies import read_study
    from ..report.leaderboard import as_csv, as_json
    from .tables import print_leaderboard

    summary = read_study(Places(tracking_uri, storage), study)
    rows = summary.rows()
    if output_format == "json":
        click.echo(as_json(rows))
    elif output_format == "csv":
        click.echo(as_csv(rows), nl=False)
    else:
        click.echo(f"study {summary.study}, {summary.objective.value}", err=True)
        print_leaderboard(rows)
