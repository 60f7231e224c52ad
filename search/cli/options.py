"""Options that several commands share. Owns their names, help and conversion.

An option has the name of the parameter of the Python interface that it sets.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .combination import combine, switch
from .reading_options import reading_options

# Only annotations need it: it loads numpy and more.
if TYPE_CHECKING:
    from ..data.corpus import DataSource

_Command = TypeVar("_Command", bound=Callable[..., Any])

FROM_0 = click.IntRange(min=0)
FROM_1 = click.IntRange(min=1)


def format_option(*forms: str, help_text: str) -> Callable[[_Command], _Command]:
    """Make the option of how results are printed: as a table, or in one of other forms."""
    choice = click.Choice(["table", *forms])
    return click.option("--format", "output_format", type=choice, default="table", help=help_text)


def export_options(help_text: str) -> Callable[[_Command], _Command]:
    """Make the options for writing a bundle; a folder that cannot be written is refused at once."""
    return combine(
        click.option("--export", type=Path, metavar="DIR", callback=_check_free, help=help_text),
        # Read before --export, whose check needs it.
        switch("--force", "Replace an existing bundle.", is_eager=True),
    )


def _check_free(
    context: click.Context, _option: click.Parameter, directory: Path | None
) -> Path | None:
    if directory is not None:
        from ..export.bundle import check_free

        check_free(directory, force=context.params["force"])
    return directory


winner_option = click.option(
    "--winner",
    type=click.Choice(["auto", "network", "baseline", "ensemble"]),
    default="auto",
    help="What wins: auto takes the cheapest of best network, linear baseline and ensemble that "
    "are within half a percent of the best.",
)
tracking_option = click.option(
    "--tracking-uri",
    metavar="URI",
    help="MLflow's store (default: $MLFLOW_TRACKING_URI, else ./mlflow.db).",
)
place_options = combine(
    tracking_option,
    click.option(
        "--storage",
        metavar="URL",
        help="Optuna's store, such as postgresql://… (default: studies.db beside mlflow.db).",
    ),
)
experiment_option = click.option(
    "--experiment", default="genre-search", help="MLflow's experiment."
)
data_options = combine(
    click.option(
        "--data",
        default="synopses",
        metavar="PATH|NAME",
        help="A CSV, TSV, JSON, Excel or Parquet file, also compressed, or the name of a corpus "
        "(see `genre-search data`).",
    ),
    reading_options,
    switch("--mask-label-names", "Remove the names of labels from the texts."),
)
objective_option = click.option(
    "--objective",
    type=click.Choice(["val_loss", "macro_f1"]),
    default="val_loss",
    help="What is minimised (val_loss) or maximised (macro_f1), on validation.",
)
weights_option = click.option(
    "--weights",
    type=click.Choice(["last", "best"]),
    default="last",
    help="Use the network of the last or the best epoch; best also stops three epochs after it.",
)
embeddings_option = click.option(
    "--embeddings",
    type=Path,
    metavar="FILE",
    help="Start embeddings from word vectors (GloVe or fastText text format, also .gz).",
)
seed_option = click.option(
    "--seed", type=FROM_0, default=0, help="Seed of the split and of every random draw."
)


def make_source(options: Mapping[str, Any]) -> "DataSource":
    """Make the source of a corpus from `data_options`.

    Raises:
        DataError: an option does not go with this corpus.
    """
    from ..data.corpus import DataSource

    return DataSource(options["data"], **choose_arguments(DataSource, options))


def fetch(source: "DataSource") -> None:
    """Download the files of a corpus, unless they are there.

    Raises:
        DataError: there is no such corpus, or it cannot be downloaded.
    """
    from .downloads import downloads

    with downloads() as progress:
        source.fetch(progress)


def choose_arguments(function: Callable[..., Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Choose the options that are parameters of a function, or of a class, by their names."""
    names = signature(function).parameters
    return {name: value for name, value in options.items() if name in names}
