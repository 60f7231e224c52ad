"""Optuna's samplers as a study uses them: a new one for each trial, over the declared space.

Owns the seeds, which options go to which class of Optuna 5, and the next point of a grid. A sampler
reads all it knows from the storage, so a resumed study draws the same as one that never stopped.
Knows no training.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial

from ..space.distribution import Float, Searched
from ..space.hyperparameters import Value
from ..space.space import Space
from ..store.distributions import to_optuna
from ..trial.proposal import SpaceExhausted, derive_seed
from .grid import Grid
from .modelling import list_modelled, list_varied
from .strategy import Strategy
from .tpe import ArrayTPESampler


def make_sampler(
    strategy: Strategy, space: Space, *, study_seed: int, n_trials: int, n_refused: int
) -> BaseSampler:
    """Make the sampler of a study's next trial.

    Args:
        strategy: with any sampler of Optuna except grid, for which there is `next_on_grid`.
        space: that the study searches.
        study_seed: from which the trial's seed is derived; QMC's sequence depends on it alone.
        n_trials: trials in the store so far, in any state.
        n_refused: those of them that were refused untrained. TPE counts them as ended trials, but
            they have no value, so its random start is made longer by as many.

    Raises:
        ValueError: the strategy is one of grid or of KerasTuner.
    """
    seed = derive_seed(study_seed, n_trials)
    with warnings.catch_warnings():
        # Experimental classes and arguments may change with Optuna; it is pinned below 6.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return _make_by_name(strategy, space, study_seed, seed, n_refused)


def _make_by_name(
    strategy: Strategy, space: Space, study_seed: int, seed: int, n_refused: int
) -> BaseSampler:
    options: dict[str, Any] = dict(strategy.sampler_options)
    match strategy.sampler:
        case "tpe":
            return _make_tpe(options, n_refused, seed)
        case "random":
            return optuna.samplers.RandomSampler(seed=seed)
        case "qmc":
            return _make_qmc(options, space, study_seed, seed)
        case "cmaes":
            return _make_cmaes(options, space, seed)
        case "gp":
            # Over the space that the trials show and not the declared one: it reads every
            # completed trial, and a preset outside the space has none of its hyperparameters.
            return optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False, **options)
        case "nsgaii":
            sampler = optuna.samplers.NSGAIISampler(seed=seed, **options)
            return DeclaredSpaceSampler(
                sampler, _list_distributions(space, list_modelled("nsgaii", space))
            )
    raise ValueError(f"no sampler of Optuna: {strategy.sampler!r}")


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
        self._distributions = dict(sorted(distributions.items()))

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """List what is drawn jointly."""
        return dict(self._distributions)

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
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


def _list_distributions(space: Space, names: Sequence[str]) -> dict[str, BaseDistribution]:
    return {
        name: to_optuna(cast(Searched, space.hyperparameters[name].distribution)) for name in names
    }


def _make_tpe(options: dict[str, Any], n_refused: int, seed: int) -> BaseSampler:
    n_startup_trials = options.pop("n_startup_trials") + n_refused
    # In groups: without them one trial outside the space, which has no hyperparameters for the
    # sampler, would take all of them out of the joint model (Optuna 5).
    return ArrayTPESampler(
        seed=seed, n_startup_trials=n_startup_trials, group=options["multivariate"], **options
    )


def _make_qmc(options: dict[str, Any], space: Space, study_seed: int, seed: int) -> BaseSampler:
    sampler = optuna.samplers.QMCSampler(
        # The study's seed: with another the sequence would begin anew.
        seed=derive_seed(study_seed),
        independent_sampler=optuna.samplers.RandomSampler(seed=seed),
        warn_independent_sampling=False,
        **options,
    )
    # Conditional ones too: the coordinate of an inactive one is not used.
    return DeclaredSpaceSampler(sampler, _list_distributions(space, list_varied(space)))


def _make_cmaes(options: dict[str, Any], space: Space, seed: int) -> BaseSampler:
    names = list_modelled("cmaes", space)
    # With one dimension it is separable anyway, but warns where that is asked for.
    options["use_separable_cma"] &= len(names) > 1
    sampler = optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False, **options)
    return DeclaredSpaceSampler(sampler, _list_distributions(space, names))


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
