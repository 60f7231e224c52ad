"""What a strategy cannot do: with a space, with several objectives, with so few epochs.

Owns the reasons, each said before a study begins, and which hyperparameters a sampler models at
all. Imports neither Optuna nor KerasTuner.
"""

from importlib.util import find_spec

from ..errors import StudyError
from ..space.distribution import Categorical, Fixed, Float, Int
from ..space.space import Space
from .grid import Grid, continuous
from .strategy import KERAS_TUNER, Strategy

MAX_GRID_POINTS = 100_000
"""A larger grid is no search that ends; its order is drawn anew for each trial."""
_PACKAGES = {"cmaes": "cmaes", "gp": "torch"}
"""Package that a sampler needs beside Optuna; the sampler's name is that of the extra."""


def check_strategy(strategy: Strategy, space: Space, *, n_objectives: int, n_epochs: int) -> None:
    """Refuse what cannot work here: with a space, so many objectives, so many epochs at most.

    Raises:
        StudyError: with why not, and what to do.
    """
    if n_objectives > 1:
        _check_several(strategy)
    _check_package(strategy.sampler)
    if strategy.sampler == "grid":
        _check_grid(space)
    if strategy.sampler == "cmaes" and not modelled("cmaes", space):
        raise StudyError(
            f"--sampler cmaes: {space.name} has no range of numbers that is always active, and "
            "it can model nothing else",
            "Use --sampler tpe.",
        )
    first_rung = strategy.pruner_options.get("min_resource", 1)
    if isinstance(first_rung, int) and first_rung > n_epochs:
        raise StudyError(
            f"--pruner-option: min_resource: expected at most the {n_epochs} epochs of a trial, "
            f"got {first_rung}",
            "Give a smaller one, or more --epochs.",
        )


def drawn_at_random(strategy: Strategy, space: Space) -> tuple[str, ...]:
    """Name the hyperparameters that a sampler which models others draws at random."""
    if strategy.sampler not in ("cmaes", "gp", "nsgaii"):
        return ()
    names = modelled(strategy.sampler, space)
    return tuple(name for name in varied(space) if name not in names)


def varied(space: Space) -> tuple[str, ...]:
    """Name the hyperparameters with more than one value, in the order of the file."""
    return tuple(name for name in space.searched if _has_several_values(space, name))


def modelled(sampler: str, space: Space) -> tuple[str, ...]:
    """Name what cmaes, gp or nsgaii can model (Optuna 5): what varies and is always active.

    CMA-ES models numbers alone.
    """
    return tuple(
        name
        for name in varied(space)
        if not space.hyperparameters[name].conditions
        and not (
            sampler == "cmaes" and isinstance(space.hyperparameters[name].distribution, Categorical)
        )
    )


def _has_several_values(space: Space, name: str) -> bool:
    match space.hyperparameters[name].distribution:
        case Categorical(choices):
            return len(choices) > 1
        case Float(low, high) | Int(low, high):
            return low < high
        case Fixed():
            return False


def _check_package(sampler: str) -> None:
    package = _PACKAGES.get(sampler)
    if package and find_spec(package) is None:
        raise StudyError(
            f"--sampler {sampler}: needs the package {package}, which is not installed",
            f"Run: pip install 'genre-search[{sampler}]'",
        )


def _check_several(strategy: Strategy) -> None:
    if strategy.engine == KERAS_TUNER:
        raise StudyError(
            "--engine keras-tuner: takes one objective; it would minimise the sum of several",
            "Use --engine optuna, or give one --objective.",
        )
    if strategy.pruner != "none":
        raise StudyError(
            f"--pruner {strategy.pruner}: a trial with several objectives cannot be pruned; by "
            "which of them is not said",
            "Leave --pruner out, or give one --objective.",
        )
    if strategy.sampler == "cmaes":
        raise StudyError(
            "--sampler cmaes: takes one objective; it ranks its draws in one order",
            "Use --sampler nsgaii or tpe, or give one --objective.",
        )


def _check_grid(space: Space) -> None:
    if names := continuous(space):
        raise StudyError(
            f"--sampler grid: {space.name} has continuous ranges: {', '.join(names)}",
            "Give each a step, or list values (type: categorical), or use --sampler qmc.",
        )
    grid = Grid(space)
    if grid.n_points > MAX_GRID_POINTS:
        widest = sorted(grid.n_values.items(), key=lambda pair: -pair[1])[:3]
        named = ", ".join(f"{name} ({n:,} values)" for name, n in widest)
        raise StudyError(
            f"--sampler grid: {space.name} has {_counted(grid.n_points)} points, more than "
            f"{MAX_GRID_POINTS:,}",
            f"Give steps to the widest: {named}; or use --sampler qmc.",
        )


def _counted(n: int) -> str:
    return f"{n:,}" if n < 10**12 else f"about 10^{len(str(n)) - 1}"
