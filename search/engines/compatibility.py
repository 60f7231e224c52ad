"""Which strategies are refused: for a space, for several objectives, for too few epochs.

Owns the reasons, which are given before a study begins. Imports neither Optuna nor KerasTuner.
"""

from importlib.util import find_spec

from ..errors import StudyError
from ..space.space import Space
from .grid import Grid, list_continuous
from .modelling import list_modelled
from .strategy import KERAS_TUNER, Strategy

MAX_GRID_POINTS = 100_000
"""A search of a larger grid would never end, and its order is drawn anew for each trial."""


def check_strategy(strategy: Strategy, space: Space, *, n_objectives: int, n_epochs: int) -> None:
    """Refuse a strategy that cannot work with a space, so many objectives, and trials so long.

    Raises:
        StudyError: with the reason, and what to do.
    """
    if n_objectives > 1:
        _check_several(strategy)
    package = strategy.method.package
    if package and find_spec(package) is None:
        raise StudyError(
            f"{strategy.sampler}: needs the package {package}, which is not installed",
            f"Run: pip install 'genre-search[{strategy.sampler}]'",
            parameter="sampler",
        )
    if strategy.sampler == "grid":
        _check_grid(space)
    if strategy.sampler == "cmaes" and not list_modelled(strategy.method, space):
        raise StudyError(
            f"cmaes models only ranges of numbers that are always active, and {space.name} has "
            "none",
            "Use tpe.",
            parameter="sampler",
        )
    first_rung = strategy.pruner_options.get("min_resource", 1)
    if isinstance(first_rung, int) and first_rung > n_epochs:
        raise StudyError(
            f"min_resource: expected at most the {n_epochs} epochs of a trial, got {first_rung}",
            "Give a smaller one, or more `epochs`.",
            parameter="pruner_options",
        )


def _check_several(strategy: Strategy) -> None:
    if strategy.engine == KERAS_TUNER:
        raise StudyError(
            "keras-tuner takes one objective; of several it would minimise the sum",
            "Use optuna, or give one `objective`.",
            parameter="engine",
        )
    if strategy.pruner != "none":
        raise StudyError(
            f"{strategy.pruner}: a trial with several objectives cannot be pruned, because it may "
            "be behind in one and ahead in another",
            "Leave `pruner` out, or give one `objective`.",
            parameter="pruner",
        )
    if not strategy.method.takes_several_objectives:
        raise StudyError(
            f"{strategy.sampler} takes one objective, because it orders its draws by one value",
            "Use nsgaii or tpe, or give one `objective`.",
            parameter="sampler",
        )


def _check_grid(space: Space) -> None:
    if names := list_continuous(space):
        raise StudyError(
            f"grid: {space.name} has continuous ranges: {', '.join(names)}",
            "Give each a step, or list values (type: categorical), or use qmc.",
            parameter="sampler",
        )
    grid = Grid(space)
    if grid.n_points > MAX_GRID_POINTS:
        widest = sorted(grid.n_values.items(), key=lambda pair: -pair[1])[:3]
        named = ", ".join(f"{name} ({n:,} values)" for name, n in widest)
        raise StudyError(
            f"grid: {space.name} has {_shorten(grid.n_points)} points, more than "
            f"{MAX_GRID_POINTS:,}",
            f"Give steps to the widest: {named}; or use qmc.",
            parameter="sampler",
        )


def _shorten(n: int) -> str:
    return f"{n:,}" if n < 10**12 else f"about 10^{len(str(n)) - 1}"
