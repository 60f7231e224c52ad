"""Options that several commands share. Owns their names, help and conversion."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

# Only annotations need it: it loads numpy and more.
if TYPE_CHECKING:
    from ..pipeline.places import DataSource

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


def tracking_option(command: _Command) -> _Command:
    """Add where MLflow's store is."""
    return click.option(
        "--tracking-uri",
        metavar="URI",
        help="MLflow's store (default: $MLFLOW_TRACKING_URI, else ./mlflow.db).",
    )(command)


def place_options(command: _Command) -> _Command:
    """Add where the two stores are."""
    storage = click.option(
        "--storage",
        metavar="URL",
        help="Optuna's store, such as postgresql://… (default: studies.db beside mlflow.db).",
    )
    return tracking_option(storage(command))


def study_option(command: _Command) -> _Command:
    """Add which study is looked at."""
    return click.option(
        "--study", metavar="NAME", default="latest", show_default=True, help="Name of the study."
    )(command)


def data_options(command: _Command) -> _Command:
    """Add what the corpus is, and how it is read."""
    source = click.option(
        "--data",
        default="synopses",
        show_default=True,
        metavar="PATH|NAME",
        help="A CSV, TSV, JSON, JSON lines or Parquet file, or the name of a corpus "
        "(see `genre-search data`).",
    )
    return source(column_options(mask_option(command)))


def data_source(options: Mapping[str, Any]) -> "DataSource":
    """Take what `data_options` gave, and fetch its files where they are not there.

    Raises:
        DataError: there is no such corpus, or it cannot be fetched.
    """
    from ..pipeline.places import DataSource
    from .downloads import downloads

    source = DataSource(
        options["data"],
        options["text_column"],
        options["label_column"],
        options["label_separator"],
        options["mask_label_names"],
    )
    with downloads() as progress:
        source.fetch(progress)
    return source


def objective_option(command: _Command) -> _Command:
    """Add what makes one epoch or trial better than another."""
    return click.option(
        "--objective",
        type=click.Choice(["val_loss", "macro_f1"]),
        default="val_loss",
        show_default=True,
        help="What is minimised (val_loss) or maximised (macro_f1), on validation.",
    )(command)


def weights_option(command: _Command) -> _Command:
    """Add which epoch's network counts."""
    return click.option(
        "--weights",
        type=click.Choice(["last", "best"]),
        default="last",
        show_default=True,
        help="Epoch whose network counts; best also stops three epochs after the best one.",
    )(command)


def embeddings_option(command: _Command) -> _Command:
    """Add word vectors to start from."""
    return click.option(
        "--embeddings",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Start embeddings from word vectors (GloVe or fastText text format, also .gz).",
    )(command)


def deterministic_option(command: _Command) -> _Command:
    """Add whether operations are repeatable."""
    return switch(
        "--deterministic", "Use operations only that give the same digits each time (TensorFlow)."
    )(command)


def seed_option(command: _Command) -> _Command:
    """Add the seed."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Seed of the split and of everything that is drawn.",
    )(command)


def experiment_option(command: _Command) -> _Command:
    """Add which of MLflow's experiments gets the run."""
    return click.option(
        "--experiment",
        default="genre-search",
        show_default=True,
        help="MLflow experiment of the run.",
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
