"""Optuna's samplers as a study uses them: one made afresh for each trial, over the declared space.

Owns the seeds, which options go to which class of Optuna 5, and the next point of a grid. What a
sampler has learnt is in the storage, so that a study that is resumed draws what it would have
drawn. Knows no training.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial

from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Value
from ..space.space import Space
from .compatibility import modelled, varied
from .grid import Grid
from .strategy import Strategy
from .tpe import ArrayTPESampler
from .trials import SpaceExhausted, derived_seed


def make_sampler(
    strategy: Strategy, space: Space, *, study_seed: int, n_trials: int, n_refused: int
) -> BaseSampler:
    """Make the sampler of a study's next trial.

    Args:
        strategy: with a sampler of Optuna that is not grid, which `next_on_grid` stands for.
        space: that the study searches.
        study_seed: from which the trial's is derived; QMC's sequence is the study's.
        n_trials: trials in the store so far, in whatever state.
        n_refused: those of them that were refused untrained. To TPE they are trials that ended,
            but they say nothing of the objective: they do not shorten its start.

    Raises:
        ValueError: the strategy is one of grid or of KerasTuner.
    """
    seed = derived_seed(study_seed, n_trials)
    options: dict[str, Any] = dict(strategy.sampler_options)
    match strategy.sampler:
        case "tpe":
            return _tpe(options, n_refused, seed)
        case "random":
            return optuna.samplers.RandomSampler(seed=seed)
        case "qmc":
            return _qmc(options, space, study_seed, seed)
        case "cmaes":
            return _cmaes(options, space, seed)
        case "gp":
            # Over what the store shows, not as declared: it reads every completed trial, and a
            # preset outside of the space has none of the space's parameters.
            return optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False, **options)
        case "nsgaii":
            sampler = optuna.samplers.NSGAIISampler(seed=seed, **options)
            return DeclaredSpaceSampler(sampler, _distributions(space, modelled("nsgaii", space)))
    raise ValueError(f"no sampler of Optuna: {strategy.sampler!r}")


class DeclaredSpaceSampler(BaseSampler):
    """Lets a sampler draw over the space as declared, not as the first trials show it.

    By itself QMC draws over what the study's first trial happened to have, and a preset outside of
    the space takes everything from CMA-ES and NSGA-II (Optuna 5.0). What its sampler does before
    and after a trial is left out: these do nothing then, but for a warning of CMA-ES about each
    trial with a constraint.
    """

    def __init__(self, sampler: BaseSampler, distributions: Mapping[str, BaseDistribution]) -> None:
        """Take the sampler, and what it draws jointly; what else there is it draws by itself."""
        self._sampler = sampler
        self._distributions = dict(sorted(distributions.items()))

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """Give what is drawn jointly."""
        return dict(self._distributions)

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        """Draw jointly; nothing while the sampler starts up."""
        return self._sampler.sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """Draw one hyperparameter by itself."""
        return self._sampler.sample_independent(study, trial, param_name, param_distribution)


def next_on_grid(
    space: Space, trials: Iterable[FrozenTrial], *, study_seed: int
) -> dict[str, Value]:
    """Give the point of a space that is next in the study's random order and in no trial yet.

    Args:
        space: without a continuous range.
        trials: all of the study, whatever became of them: a point that failed is not tried again.
        study_seed: gives the order.

    Raises:
        SpaceExhausted: every point is in a trial.
    """
    grid = Grid(space)
    tried = {_key(space, trial.params) for trial in trials}
    order = np.random.default_rng(derived_seed(study_seed)).permutation(grid.n_points)
    # Points behind have been tried, but for as many as starts were on points ahead.
    for index in np.roll(order, -len(tried)):
        point = grid.point_at(int(index))
        if _key(space, point) not in tried:
            return point
    raise SpaceExhausted(f"{space.name}: all {grid.n_points} points have been tried")


def distribution_of(searched: Searched) -> BaseDistribution:
    """Give what Optuna calls the values of a hyperparameter."""
    match searched:
        case Float(low, high, log, step):
            return FloatDistribution(low, high, log=log, step=step)
        case Int(low, high, log, step):
            return IntDistribution(low, high, log=log, step=step)
        case Categorical(choices):
            return CategoricalDistribution(choices)


def _distributions(space: Space, names: Sequence[str]) -> dict[str, BaseDistribution]:
    return {
        name: distribution_of(cast(Searched, space.hyperparameters[name].distribution))
        for name in names
    }


def _tpe(options: dict[str, Any], n_refused: int, seed: int) -> BaseSampler:
    n_startup_trials = options.pop("n_startup_trials") + n_refused
    with warnings.catch_warnings():
        _ignore_experimental()
        # In groups: without them one trial outside of the space, which has no parameters for the
        # sampler, would take every parameter out of the joint model (Optuna 5).
        return ArrayTPESampler(
            seed=seed, n_startup_trials=n_startup_trials, group=options["multivariate"], **options
        )


def _qmc(options: dict[str, Any], space: Space, study_seed: int, seed: int) -> BaseSampler:
    with warnings.catch_warnings():
        _ignore_experimental()
        sampler = optuna.samplers.QMCSampler(
            # A sequence is one of a seed: it begins anew with another.
            seed=derived_seed(study_seed),
            independent_sampler=optuna.samplers.RandomSampler(seed=seed),
            warn_independent_sampling=False,
            **options,
        )
    # Conditional ones too: a coordinate that is not asked for is only not used.
    return DeclaredSpaceSampler(sampler, _distributions(space, varied(space)))


def _cmaes(options: dict[str, Any], space: Space, seed: int) -> BaseSampler:
    names = modelled("cmaes", space)
    # Of one dimension it makes nothing else, but warns of that.
    options["use_separable_cma"] &= len(names) > 1
    with warnings.catch_warnings():
        _ignore_experimental()
        sampler = optuna.samplers.CmaEsSampler(
            seed=seed, warn_independent_sampling=False, **options
        )
    return DeclaredSpaceSampler(sampler, _distributions(space, names))


def _ignore_experimental() -> None:
    # Its classes and arguments that may change between versions; ours is pinned below Optuna 6.
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)


def _key(space: Space, point: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what two equal points have in common; steps of a range are counted, not compared."""
    key: list[Any] = []
    for name in space.searched:
        match space.hyperparameters[name].distribution:
            case Float(low, _, _, float() | int() as step) if name in point:
                key.append(round((point[name] - low) / step))
            case _:
                key.append(point.get(name))
    return tuple(key)
