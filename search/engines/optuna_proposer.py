"""Optuna as proposer: a new sampler for each trial, and a pruner. Keeps nothing of the trials."""

import optuna
from optuna.trial import FrozenTrial

from ..space.space import Space
from .pruners import make_pruner
from .samplers import make_sampler, next_on_grid
from .strategy import Strategy


class OptunaProposer:
    """Proposes trials by one of Optuna's samplers, and prunes them by one of its pruners."""

    promotable: frozenset[int] = frozenset()

    def __init__(self, strategy: Strategy, space: Space, *, seed: int, n_epochs: int) -> None:
        """Choose sampler and pruner; `n_epochs` is the last epoch of a trial that is not pruned."""
        self._strategy = strategy
        self._space = space
        self._seed = seed
        self._pruner = make_pruner(strategy.pruner, strategy.pruner_options, n_epochs=n_epochs)

    def prepare(self, study: optuna.Study) -> None:
        """Set a new sampler for the next trial, so that a resumed study draws the same.

        Raises:
            SpaceExhausted: every point of a grid was tried.
        """
        # Samplers read the pruner too: with Hyperband each bracket has a model of its own.
        study.pruner = self._pruner
        trials = study.get_trials(deepcopy=False)
        if self._strategy.sampler == "grid":
            study.enqueue_trial(dict(next_on_grid(self._space, trials, study_seed=self._seed)))
            return
        study.sampler = make_sampler(self._strategy, self._space, trials, study_seed=self._seed)

    def prunes(self, trial: optuna.Trial) -> bool:
        """Answer whether the pruner prunes a trial."""
        trial.study.pruner = self._pruner
        return trial.should_prune()

    def ended(self, trial: FrozenTrial) -> None:
        """Do nothing: samplers read the store."""
