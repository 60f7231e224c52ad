"""Options that several commands share. Owns their names, help and conversion."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

AUTO = "auto"


def switch(name: str, help_text: str) -> Callable[[_Command], _Command]:
    """Make an option that is a flag, and also takes yes or no: MLflow passes values only."""
    return click.option(
        name,
        is_flag=False,
        flag_value="yes",
        default="no",
        type=click.Choice(["yes", "no"]),
        callback=lambda _context, _option, value: value == "yes",
        help=help_text,
    )


def format_option(*forms: str, help_text: str) -> Callable[[_Command], _Command]:
    """Make the option of how results are printed: as a table, or in one of other forms."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", *forms]),
        default="table",
        show_default=True,
        help=help_text,
    )


def place_options(command: _Command) -> _Command:
    """Add where the two stores are."""
    tracking = click.option(
        "--tracking-uri",
        metavar="URI",
        help="MLflow's store (default: $MLFLOW_TRACKING_URI, else ./mlflow.db).",
    )
    storage = click.option(
        "--storage",
        metavar="URL",
        help="Optuna's store, such as postgresql://… (default: studies.db beside mlflow.db).",
    )
    return tracking(storage(command))


def study_option(command: _Command) -> _Command:
    """Add which study is looked at."""
    return click.option(
        "--study", metavar="NAME", default="latest", show_default=True, help="Name of the study."
    )(command)


def column_options(command: _Command) -> _Command:
    """Add how a file's columns are read."""
    text = click.option("--text-column", metavar="NAME", help="Column of texts (default: found).")
    label = click.option(
        "--label-column", metavar="NAME", help="Column of labels (default: found)."
    )
    separator = click.option(
        "--label-separator",
        metavar="SIGN",
        help='What separates the labels of a cell, such as "," or "|" (default: inferred).',
    )
    return text(label(separator(command)))


def mask_option(command: _Command) -> _Command:
    """Add whether label names are taken out of the texts."""
    return switch("--mask-label-names", "Take the names of labels out of the texts.")(command)


class Target(click.ParamType[float | str | None]):
    """A number, "none", or "auto": 0.05 for val_loss and none for macro_f1."""

    name = "NUMBER|auto|none"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str | None:
        """Turn the word into a number, None, or "auto"."""
        if value in (AUTO, None) or isinstance(value, float):
            return value  # type: ignore[no-any-return]
        if value == "none":
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"expected a number, auto or none, got {value!r}", param, ctx)
        return number
