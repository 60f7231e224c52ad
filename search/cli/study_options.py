"""The options that define a study or control one search, and the study made from them.

Owns no command.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .combination import combine, switch
from .options import (
    FROM_0,
    FROM_1,
    choose_arguments,
    data_options,
    embeddings_option,
    experiment_option,
    fetch,
    make_source,
    place_options,
    seed_option,
    winner_option,
)

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..study.study import Study


def make_study(options: dict[str, Any]) -> "Study":
    """Make the study that was asked for, and download its corpus unless that is there.

    Args:
        options: of `study_options`, or of `creation_options` alone.

    Raises:
        click.UsageError: it is unclear which study another starts from.
        StudyError, SpaceError, DataError: an option names something that does not exist, or has a
            value that cannot be used.
    """
    from ..study.budget import Budget
    from ..study.study import Study

    name, fork, start_from = (options[key] for key in ("study", "fork", "start_from"))
    if fork and not name:
        raise click.UsageError("--fork needs --study, the study to start from")
    if fork and start_from:
        raise click.UsageError("--fork starts from --study already: leave --start-from out")
    # Every mistyped option is reported before anything is downloaded.
    Budget(options["trials"], options.get("timeout"), options.get("patience"))
    source = make_source(options)
    origin = {"start_from": name if fork else start_from}
    study = Study(fork or name, source, **choose_arguments(Study, options | origin))
    fetch(source)
    return study


def _read_target(text: str) -> float | str | None:
    """Read a number, "auto" or "none".

    Raises:
        click.BadParameter: it is another word, or no finite number.
    """
    if text in ("auto", "none"):
        return text if text == "auto" else None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise click.BadParameter(f"expected a number, auto or none, got {text!r}")
    return number


def _make_method_options(kind: str, meaning: str) -> Callable[[Any], Any]:
    return combine(
        click.option(
            f"--{kind}", metavar="NAME", help=f"{meaning} See `genre-search methods {kind}s`."
        ),
        click.option(
            f"--{kind}-option",
            f"{kind}_options",
            multiple=True,
            metavar="KEY=VALUE",
            help=f"Set an option of the {kind}; may be given several times.",
        ),
    )


_DEFINITION = combine(
    data_options,
    click.option(
        "--space",
        default="auto",
        metavar="NAME|PATH",
        help="A shipped search space (see `genre-search spaces`), or a YAML file; auto is topics "
        "for one of several classes a text, else genre.",
    ),
    click.option(
        "--objective",
        default="val_loss",
        metavar="NAME[,NAME…]",
        help="What to optimise on validation: val_loss (minimised) or macro_f1 (maximised). "
        "Add parameters, seconds or gap (all minimised) after a comma for a Pareto front: the "
        "trials that no other trial beats in one objective without being worse in another.",
    ),
    click.option("--epochs", type=FROM_1, default=15, help="Epochs of a trial at most."),
    seed_option,
    embeddings_option,
    switch("--strict", "Refuse data with findings beyond the limits of `genre-search data audit`."),
    click.option("--trials", default=12, help="Total number of trials in the study."),
    click.option(
        "--target",
        default="auto",
        metavar="NUMBER|auto|none",
        type=_read_target,
        help="Stop when a trial is as good as this in the first objective; auto is 0.05 for "
        "val_loss alone of several labels a text, else none.",
    ),
    click.option("--max-parameters", type=int, metavar="N", help="Refuse networks over N weights."),
    click.option(
        "--max-gap",
        type=float,
        metavar="NATS",
        help="Largest gap of validation over train loss with which a trial can win (default: any).",
    ),
)
_SEARCH = combine(
    click.option("--timeout", type=float, metavar="SECONDS", help="Stop after this many seconds."),
    click.option(
        "--patience",
        type=int,
        metavar="N",
        help="Stop when N trials in a row were no better than those before (default: never).",
    ),
    click.option(
        "--confirm",
        type=FROM_0,
        default=0,
        metavar="K",
        help="Train the best K trials again with three fresh seeds each, and choose the best "
        "network by these.",
    ),
    winner_option,
    click.option(
        "--keep",
        type=FROM_1,
        default=6,
        help="Number of best networks to keep, besides those in the ensemble.",
    ),
    switch(
        "--deterministic", "Use only deterministic TensorFlow operations: same seed, same digits."
    ),
)
_ORIGIN = combine(
    click.option(
        "--engine", metavar="NAME", help="What proposes trials: optuna (default) or keras-tuner."
    ),
    _make_method_options("sampler", "How Optuna proposes trials (default: tpe)."),
    _make_method_options(
        "pruner", "How Optuna prunes trials (default: median; none with several objectives)."
    ),
    _make_method_options("tuner", "How KerasTuner proposes trials (default: hyperband)."),
    click.option(
        "--enqueue",
        multiple=True,
        metavar="PRESET",
        help="Try a shipped preset before the space's own starts, for --epochs; may be given "
        "several times.",
    ),
    click.option(
        "--study",
        metavar="NAME",
        help="Name of the study (default: corpus, space and a hash of what makes trials "
        "comparable). An existing study of this name is continued.",
    ),
    click.option(
        "--fork",
        metavar="NEW",
        help="Start the study NEW with these settings and the finished trials of --study.",
    ),
    click.option(
        "--start-from",
        metavar="STUDY",
        help="Start a new study with the finished trials of another.",
    ),
    experiment_option,
    place_options,
)
creation_options = combine(_DEFINITION, _ORIGIN)
"""The options that define a study, whether it is searched or not."""
study_options = combine(_DEFINITION, _SEARCH, _ORIGIN)
"""All options of a search: those that define a study, and those of one search."""
