"""Optuna's samplers as a study uses them: a new one for each trial, over the declared space.

Owns the seeds, which options go to which class of Optuna 5, and the next point of a grid. A sampler
reads all it knows from the storage, so a resumed study draws the same as one that never stopped.
Knows no training.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial

from ..space.distribution import Float
from ..space.hyperparameters import Value
from ..space.space import Space
from ..store.codec import REFUSED
from ..store.distributions import to_optuna
from ..trial.proposal import SpaceExhausted, derive_seed
from .grid import Grid
from .modelling import list_modelled
from .strategy import Strategy
from .tpe import ArrayTPESampler

_CLASSES: dict[str, type[BaseSampler]] = {
    "tpe": ArrayTPESampler,
    "random": optuna.samplers.RandomSampler,
    "qmc": optuna.samplers.QMCSampler,
    "cmaes": optuna.samplers.CmaEsSampler,
    "gp": optuna.samplers.GPSampler,
    "nsgaii": optuna.samplers.NSGAIISampler,
}
_OVER_DECLARED_SPACE = ("qmc", "cmaes", "nsgaii")
"""Not GP: it reads every completed trial, and a preset outside the space has none of its
hyperparameters. QMC draws conditional ones too: the coordinate of an inactive one is not used."""


def make_sampler(
    strategy: Strategy, space: Space, trials: Sequence[FrozenTrial], *, study_seed: int
) -> BaseSampler:
    """Make the sampler of a study's next trial.

    Args:
        strategy: with any sampler of Optuna except grid, for which there is `next_on_grid`.
        space: that the study searches.
        trials: all of the study so far, in any state.
        study_seed: from which the trial's seed is derived; QMC's sequence depends on it alone.

    Raises:
        ValueError: the strategy is one of grid or of KerasTuner.
    """
    name = strategy.sampler
    if name not in _CLASSES:
        raise ValueError(f"no sampler of Optuna: {name!r}")
    modelled = list_modelled(strategy.method, space)
    arguments = _list_arguments(strategy, trials, study_seed, n_modelled=len(modelled))
    with warnings.catch_warnings():
        # Experimental classes and arguments may change with Optuna; it is pinned below 6.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = _CLASSES[name](**arguments)
    if name in _OVER_DECLARED_SPACE:
        return DeclaredSpaceSampler(sampler, to_optuna(space, sorted(modelled)))
    return sampler


def _list_arguments(
    strategy: Strategy, trials: Sequence[FrozenTrial], study_seed: int, *, n_modelled: int
) -> dict[str, Any]:
    seed = derive_seed(study_seed, len(trials))
    arguments: dict[str, Any] = {**strategy.sampler_options, "seed": seed}
    match strategy.sampler:
        case "tpe":
            # It counts refused trials as ended ones, but they have no value.
            arguments["n_startup_trials"] += sum(REFUSED in trial.user_attrs for trial in trials)
            # Without groups one trial outside the space, which has no hyperparameters for the
            # sampler, would take all of them out of the joint model (Optuna 5).
            arguments["group"] = arguments["multivariate"]
        case "qmc":
            # The study's seed: with another the sequence would begin anew.
            arguments["seed"] = derive_seed(study_seed)
            arguments["independent_sampler"] = optuna.samplers.RandomSampler(seed=seed)
        case "cmaes":
            # With one dimension it is separable anyway, but warns where that is asked for.
            arguments["use_separable_cma"] &= n_modelled > 1
    if strategy.sampler in ("qmc", "cmaes", "gp"):
        arguments["warn_independent_sampling"] = False
    return arguments


class DeclaredSpaceSampler(BaseSampler):
    """Lets a sampler draw over the declared space, not over what the first trials show of it.

    On its own QMC draws over the hyperparameters of the study's first trial, and after a preset
    outside the space CMA-ES and NSGA-II draw nothing jointly (Optuna 5.0). The sampler's own hooks
    before and after a trial are not called: they do nothing here, except that CMA-ES warns of each
    trial with a constraint.
    """

    def __init__(self, sampler: BaseSampler, distributions: Mapping[str, BaseDistribution]) -> None:
        """Wrap a sampler.

        Args:
            sampler: draws.
            distributions: by name, what it draws jointly; it draws the rest one by one.
        """
        self._sampler = sampler
        self._distributions = distributions

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """List what is drawn jointly."""
        return dict(self._distributions)

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Draw jointly; empty while the sampler starts up."""
        return self._sampler.sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """Draw one hyperparameter on its own."""
        return self._sampler.sample_independent(study, trial, param_name, param_distribution)


def next_on_grid(
    space: Space, trials: Iterable[FrozenTrial], *, study_seed: int
) -> dict[str, Value]:
    """Find the next point of a space, in the study's random order, that no trial has.

    Args:
        space: without a continuous range.
        trials: all of the study, failed ones too: a point that failed is not tried again.
        study_seed: of the order.

    Raises:
        SpaceExhausted: every point is in a trial.
    """
    grid = Grid(space)
    tried = {_identify(space, trial.params) for trial in trials}
    order = np.random.default_rng(derive_seed(study_seed)).permutation(grid.n_points)
    # Most points before this one were tried; as many after it as there were starts.
    for index in np.roll(order, -len(tried)):
        point = grid.point_at(int(index))
        if _identify(space, point) not in tried:
            return point
    raise SpaceExhausted(f"{space.name}: all {grid.n_points} points have been tried")


def _identify(space: Space, point: Mapping[str, Any]) -> tuple[Any, ...]:
    """Make a key that equal points share; steps of a range are counted, not compared."""
    key: list[Any] = []
    for name in space.searched:
        match space.hyperparameters[name].distribution:
            case Float(low, _, _, float() | int() as step) if name in point:
                key.append(round((point[name] - low) / step))
            case _:
                key.append(point.get(name))
    return tuple(key)
