"""The commands `genre-search study`: studies as things. Owns their options and what is printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from .listing import print_table
from .options import format_option, place_options, switch
from .study_options import creation_options, request_of

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.catalogue import StudyPage

_LEFT_OUT = ("engine", "space", "corpus", "objective", "runs", "last_searched")
"""What a terminal without room loses, in this order."""


@click.group()
def study() -> None:
    """List, show, make and delete studies.

    A study stands in two stores: Optuna's, which has its trials, and MLflow's, which has their
    runs. These commands know both.

    \b
    Example:
        genre-search study list
        genre-search study show netflix_titles-genre-1a2b3c4d
        genre-search study create --data netflix_titles.csv --study films
        genre-search study delete films
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart


@study.command(name="list")
@format_option("json", "csv", help_text="How to print the studies.")
@place_options
def list_(output_format: str, tracking_uri: str | None, storage: str | None) -> None:
    """List the studies of both stores, the one searched last first.

    The last column says whether a study's run is there in MLflow, or gone; "there, but no study"
    is a study that only MLflow still knows of.

    \b
    Example:
        genre-search study list
        genre-search study list --format json
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..pipeline.catalogue import list_studies
    from ..pipeline.places import Places
    from ..report.studies import COLUMNS, shown_study, studies_csv, studies_json
    from .tables import print_fitting

    rows = list_studies(Places(tracking_uri, storage), _say)
    if output_format == "json":
        click.echo(studies_json(rows))
    elif output_format == "csv":
        click.echo(studies_csv(rows), nl=False)
    else:
        print_fitting(COLUMNS, _LEFT_OUT, rows, shown_study)


@study.command()
@click.argument("name", default="latest")
@format_option("json", help_text="How to print the study.")
@place_options
def show(name: str, output_format: str, tracking_uri: str | None, storage: str | None) -> None:
    """Show what a study is made of, what it has come to, and where its runs are.

    Without NAME it is the study searched last. `genre-search trials` prints its trials.

    \b
    Example:
        genre-search study show
        genre-search study show films --format json
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..pipeline.catalogue import show_study
    from ..pipeline.places import Places

    page = show_study(Places(tracking_uri, storage), name, _say)
    if output_format == "json":
        click.echo(json.dumps(page.as_dict(), ensure_ascii=False, indent=1))
    else:
        _print_page(page)


@study.command()
@creation_options
def create(**options: Any) -> None:
    """Make a study in both stores without running a trial, and print its name.

    It takes the options of `genre-search search` but those that are for a run of a study alone.
    Whoever runs `search` with the same ones, on however many machines, joins it.

    \b
    Example:
        genre-search study create --data netflix_titles.csv --study films --trials 100
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from .quiet import load_keras, quiet_migrations

    request = request_of(options)
    quiet_migrations()
    load_keras()
    from ..pipeline.search import create as create_study

    click.echo(create_study(request, _say))


@study.command()
@click.argument("name")
@switch("--force", "Delete without asking.")
@place_options
def delete(name: str, force: bool, tracking_uri: str | None, storage: str | None) -> None:
    """Delete a study from both stores, after saying what goes with it.

    Trials and kept networks go for good. Runs go to MLflow's trash: `mlflow gc` frees their space.
    A study that is being searched on this machine is not deleted. A deletion that was cut off is
    completed by the same command.

    \b
    Example:
        genre-search study delete films
        genre-search study delete films --force
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..pipeline.deletion import delete_study, plan_deletion
    from ..pipeline.places import Places

    places = Places(tracking_uri, storage)
    deletion = plan_deletion(places, name)
    for sentence in deletion.sentences():
        _say(sentence)
    if not force:
        _confirm(name)
    delete_study(places, deletion, _say)


def _confirm(name: str) -> None:
    """Ask whether to go on.

    Raises:
        StudyError: there is no one to ask, or the answer is no.
    """
    from ..errors import StudyError

    if not sys.stdin.isatty():
        raise StudyError(
            f"study {name}: expected a terminal to confirm its deletion on, found none",
            "Nothing was deleted. Say --force to delete without being asked.",
        )
    if not click.confirm(f"Delete study {name}?", err=True):
        raise StudyError(f"study {name}: nothing was deleted")


def _print_page(page: StudyPage) -> None:
    from ..report.studies import counted
    from ..space.hyperparameters import shown

    row, best = page.row, page.best
    click.echo(
        f"study {row.name}: {row.objective} on {row.corpus}, space {row.space}, engine {row.engine}"
    )
    click.echo(f"trials: {counted(row.counts)}; searched last {row.last_searched:%Y-%m-%d %H:%M}")
    if best:
        click.echo(f"best: {best['name']} with {row.best:.4f}, run {best['run_id']}")
        for name, value in best["hyperparameters"].items():
            click.echo(f"  {name}: {shown(value)}")
    where = f"run {page.study_run_id} in MLflow, {row.runs.value}"
    if page.experiment_id is not None:
        where += f": experiment {page.experiment_id} of {page.tracking_uri}"
    click.echo(f"{where}\n")
    parts = {"results": page.results, "fingerprint": page.fingerprint, "settings": page.settings}
    rows = [[part, key, text] for part, facts in parts.items() for key, text in _flat(facts)]
    print_table(["part", "fact", "value"], rows)


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give facts as a list, those of inner ones behind a dot; what is None or empty is left out."""
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            if value:
                yield prefix + key, ", ".join(map(str, value))
        elif value not in (None, ""):
            yield prefix + key, str(value)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
