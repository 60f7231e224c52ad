"""The options that make up a study or are for a run of it, and the request made of them.

Owns no command.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .options import (
    AUTO,
    Target,
    data_options,
    data_source,
    deterministic_option,
    embeddings_option,
    experiment_option,
    place_options,
    seed_option,
    switch,
)

# Only annotations need them: at run time they would load Keras before `--help` is printed.
if TYPE_CHECKING:
    from ..pipeline.request import SearchRequest
    from ..study.objectives import Objectives
    from ..study.settings import Budget

_Command = TypeVar("_Command", bound=Callable[..., Any])


def study_options(command: _Command) -> _Command:
    """Add all that a study is searched with: what makes it up, and what only a run needs."""
    return _with((data_options, *_ABOUT, *_BUDGET, *_RUN, *_REST), command)


def creation_options(command: _Command) -> _Command:
    """Add what makes up a study, run or not: data, space, budget, strategy, origin, places."""
    return _with((data_options, *_ABOUT, *_BUDGET, *_REST), command)


def request_of(options: dict[str, Any]) -> "SearchRequest":
    """Make the request, and fetch the corpus where it is not there.

    Args:
        options: of `study_options`, or of `creation_options` alone.

    Raises:
        click.UsageError: it is open which study another is begun from.
        StudyError, SpaceError, DataError: something that was named does not exist, or cannot be.
    """
    from ..engines.strategy import choose_strategy
    from ..pipeline.places import Places
    from ..pipeline.request import SearchRequest
    from ..space.shipped import find_preset
    from ..study.objectives import Objectives

    _check_origin(options)
    for name in options["enqueue"]:
        # A name that was mistyped is told before anything is fetched.
        find_preset(name)
    objectives = Objectives.parse(options["objective"])
    strategy = choose_strategy(
        n_objectives=len(objectives.names), **{name: options[name] for name in _CHOICES}
    )
    budget = _budget_of(options, objectives)
    return SearchRequest(
        data=data_source(options),
        space=options["space"],
        objectives=objectives,
        n_epochs=options["epochs"],
        seed=options["seed"],
        budget=budget,
        strategy=strategy,
        study=options["study"],
        experiment=options["experiment"],
        places=Places(options["tracking_uri"], options["storage"]),
        enqueued=options["enqueue"],
        is_strict=options["strict"],
        embeddings=options["embeddings"],
        fork=options["fork"],
        start_from=options["start_from"],
        **{field: options[name] for name, field in _RUN_FIELDS.items() if name in options},
    )


def _check_origin(options: dict[str, Any]) -> None:
    """Refuse what leaves open which study another is begun from.

    Raises:
        click.UsageError: none is named, or two are.
    """
    if options["fork"] and not options["study"]:
        raise click.UsageError("--fork needs --study: which study is it begun from?")
    if options["fork"] and options["start_from"]:
        raise click.UsageError("--fork begins from --study already: leave --start-from out")


def _budget_of(options: dict[str, Any], objectives: "Objectives") -> "Budget":
    from ..study.settings import Budget, default_target

    target = default_target(objectives) if options["target"] == AUTO else options["target"]
    return Budget(
        n_trials=options["trials"],
        timeout_seconds=options.get("timeout"),
        target=target,
        patience=options.get("patience"),
        max_parameters=options["max_parameters"],
        max_gap=options["max_gap"],
    )


def _with(groups: Sequence[Callable[[_Command], _Command]], command: _Command) -> _Command:
    return reduce(lambda made, option: option(made), reversed(groups), command)


_ABOUT = (
    click.option(
        "--space",
        default="genre",
        show_default=True,
        metavar="NAME|PATH",
        help="A shipped search space (see `genre-search spaces`), or a YAML file.",
    ),
    click.option(
        "--objective",
        default="val_loss",
        show_default=True,
        metavar="NAME[,NAME…]",
        help="What is searched for, on validation: val_loss (minimised) or macro_f1 (maximised); "
        "with others behind a comma, of parameters, seconds and gap (all minimised), for the "
        "front: the trials that no other beats in one without losing in another.",
    ),
    click.option(
        "--epochs",
        type=click.IntRange(min=1),
        default=15,
        show_default=True,
        help="Epochs of a trial at most.",
    ),
    seed_option,
    embeddings_option,
    switch("--strict", "Refuse data with findings beyond the limits of `genre-search data audit`."),
)
_BUDGET = (
    click.option("--trials", default=12, show_default=True, help="Total of trials of the study."),
    click.option(
        "--target",
        type=Target(),
        default=AUTO,
        show_default=True,
        help="Stop when a trial is as good as this in the first objective; auto is 0.05 for "
        "val_loss alone, else none.",
    ),
    click.option(
        "--max-parameters", type=int, metavar="N", help="Refuse networks with more weights."
    ),
    click.option(
        "--max-gap",
        type=float,
        metavar="NATS",
        help="Largest gap of validation over train loss that a winner may have (default: any).",
    ),
)
_RUN = (
    click.option("--timeout", type=float, metavar="SECONDS", help="Stop after this many seconds."),
    click.option(
        "--patience",
        type=int,
        metavar="N",
        help="Stop when N trials in a row were no better than those before (default: never).",
    ),
    click.option(
        "--confirm",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        metavar="K",
        help="Train the best K trials again with three fresh seeds, and choose the winner by them.",
    ),
    click.option(
        "--keep",
        type=click.IntRange(min=1),
        default=3,
        show_default=True,
        help="Best trials whose networks are kept to export.",
    ),
    deterministic_option,
)
_RUN_FIELDS = {"keep": "n_kept", "confirm": "n_confirmed", "deterministic": "is_deterministic"}
"""What a request calls the options of a run that are not of its budget."""
_CHOICES = ("engine", "sampler", "sampler_options", "pruner", "pruner_options", "tuner",
            "tuner_options")  # fmt: skip


def _method(kind: str, meaning: str) -> tuple[Callable[[Any], Any], ...]:
    listed = f"{meaning} See `genre-search methods {kind}s`."
    return (
        click.option(f"--{kind}", metavar="NAME", help=listed),
        click.option(
            f"--{kind}-option",
            f"{kind}_options",
            multiple=True,
            metavar="KEY=VALUE",
            help=f"Set an option of the {kind}; may be given several times.",
        ),
    )


_STRATEGY = (
    click.option(
        "--engine",
        metavar="NAME",
        help="What proposes trials: optuna (default) or keras-tuner.",
    ),
    *_method("sampler", "How Optuna draws trials (default: tpe)."),
    *_method(
        "pruner", "How Optuna gives trials up (default: median; none with several objectives)."
    ),
    *_method("tuner", "How KerasTuner proposes trials (default: hyperband)."),
    click.option(
        "--enqueue",
        multiple=True,
        metavar="PRESET",
        help="Try a shipped preset before the space's own starts, for --epochs; may be given "
        "several times.",
    ),
)
_ORIGIN = (
    click.option(
        "--study",
        metavar="NAME",
        help="Name of the study (default: corpus, space and a hash of what makes trials "
        "comparable). A study of this name goes on.",
    ),
    click.option(
        "--fork",
        metavar="NEW",
        help="Begin the study NEW with these settings, from what --study has found.",
    ),
    click.option(
        "--start-from",
        metavar="STUDY",
        help="Begin a new study with the finished trials of another.",
    ),
)
_REST = (*_STRATEGY, *_ORIGIN, experiment_option, place_options)
