"""The commands `genre-search study`. Owns their options and what is printed of studies."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from ..errors import StudyError
from .combination import switch
from .options import format_option, place_options
from .study_options import creation_options, make_study
from .tables import print_fitting, print_table
from .ui import say

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..study.catalogue import StudyPage

_LEFT_OUT = ("engine", "space", "corpus", "objective", "runs", "last_searched")
"""Columns that a narrow terminal leaves out, in this order."""


@click.group()
def study() -> None:
    """List, show, create and delete studies.

    A study is kept in two stores: its trials in Optuna's, their runs in MLflow's. These commands
    use both.

    \b
    Example:
        genre-search study list
        genre-search study show netflix_titles-genre-1a2b3c4d
        genre-search study create --data netflix_titles.csv --study films
        genre-search study delete films
    """


@study.command(name="list")
@format_option("json", "csv", help_text="How to print the studies.")
@place_options
def list_(output_format: str, **places: str | None) -> None:
    """List the studies of both stores, the one searched last first.

    The last column says whether a study's run is there in MLflow, or gone; "there, but no study"
    is a study that only MLflow still has.

    \b
    Example:
        genre-search study list
        genre-search study list --format json
    """
    from ..interface import list_studies
    from ..report.studies import COLUMNS, format_cell, format_csv, format_json

    rows = list_studies(**places, on_message=say)
    forms = {"json": format_json, "csv": format_csv}
    if output_format in forms:
        click.echo(forms[output_format](rows).rstrip("\n"))
    else:
        print_fitting(COLUMNS, _LEFT_OUT, rows, format_cell)


@study.command()
@click.argument("name", default="latest")
@format_option("json", help_text="How to print the study.")
@place_options
def show(name: str, output_format: str, **places: str | None) -> None:
    """Show the settings of a study, its results, and where its runs are.

    Without NAME it shows the study searched last. `genre-search trials` prints its trials.

    \b
    Example:
        genre-search study show
        genre-search study show films --format json
    """
    from ..study.catalogue import show_study
    from ..study.places import Places

    page = show_study(Places(**places), name, say)
    if output_format == "json":
        click.echo(json.dumps(page.as_dict(), ensure_ascii=False, indent=1))
    else:
        _print_page(page)


@study.command()
@creation_options
def create(**options: Any) -> None:
    """Create a study in both stores without running a trial, and print its name.

    It takes the options of `genre-search search` that define a study. Every `search` with the same
    options joins the study, on any number of machines.

    \b
    Example:
        genre-search study create --data netflix_titles.csv --study films --trials 100
    """
    created = make_study(options)
    created.create(options["trials"], on_message=say)
    click.echo(created.name)


@study.command()
@click.argument("name")
@switch("--force", "Delete without asking.")
@place_options
def delete(name: str, force: bool, **places: str | None) -> None:
    """Delete a study from both stores, after printing what is deleted with it.

    Trials and kept networks are deleted for good. Runs go to MLflow's trash: `mlflow gc` frees
    their space. A study that is being searched on this machine is not deleted. The same command
    completes a deletion that was interrupted.

    \b
    Example:
        genre-search study delete films
        genre-search study delete films --force
    """
    from ..study.deletion import delete_study, plan_deletion
    from ..study.places import Places
    from ..trial.control import Control

    stores = Places(**places)
    deletion = plan_deletion(stores, name)
    for sentence in deletion.sentences():
        say(sentence)
    if not (force or sys.stdin.isatty()):
        raise StudyError(
            f"study {name}: expected a terminal to confirm its deletion on, found none",
            "Nothing was deleted. Add --force to delete without being asked.",
        )
    if not (force or click.confirm(f"Delete study {name}?", err=True)):
        raise StudyError(f"study {name}: nothing was deleted")
    delete_study(stores, deletion, Control(say=say))


def _print_page(page: StudyPage) -> None:
    from ..report.studies import describe_counts
    from ..space.hyperparameters import to_text

    row, best = page.row, page.best
    click.echo(
        f"study {row.name}: {row.objective} on {row.corpus}, space {row.space}, engine {row.engine}"
    )
    click.echo(
        f"trials: {describe_counts(row.trials)}; searched last {row.last_searched:%Y-%m-%d %H:%M}"
    )
    if best is not None:
        click.echo(f"best: {best.name} with {row.best:.4f}, run {best.run_id}")
        for name, value in best.hyperparameters.items():
            click.echo(f"  {name}: {to_text(value)}")
    where = f"run {page.mlflow['study_run_id']} in MLflow, {row.runs.value}"
    if page.mlflow["experiment_id"] is not None:
        where += f": experiment {page.mlflow['experiment_id']} of {page.mlflow['tracking_uri']}"
    click.echo(f"{where}\n")
    parts = {"results": page.results, "fingerprint": page.fingerprint, "settings": page.settings}
    rows = [[part, key, text] for part, facts in parts.items() for key, text in _flatten(facts)]
    print_table(["part", "fact", "value"], rows)


def _flatten(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """List facts, inner ones with the outer name and a dot before; None and empty are left out."""
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        elif value not in (None, "", []):
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield prefix + key, text
