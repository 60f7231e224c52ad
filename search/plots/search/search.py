"""What all pictures of a search are drawn from: the trials, the space and the objectives.

Owns what the pictures share: which trials are drawn where there are too many, and in which order
hyperparameters come. Knows neither Optuna nor MLflow nor any drawing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...space.space import Space
from ...trial.importance import Importance
from ...trial.objective import Objective, Objectives
from ...trial.state import TrialState
from ...trial.trial import Trial
from .axes import HyperparameterAxis

MOST_TRIALS = 1000
"""Trials that one picture draws: more are slow in a browser and hide each other."""


@dataclass(frozen=True, slots=True)
class Search:
    """Everything that the pictures of one study show."""

    title: str
    """Name of the study."""
    trials: Sequence[Trial]
    """Those that were trained or failed, by number."""
    space: Space
    """Its searched hyperparameters have an axis each, in the order of the space."""
    objectives: Objectives
    """Each trial that has values has one for each of them, in this order."""
    target: float | None = None
    """Value of the first objective that the study should reach."""
    levels: Mapping[str, float] = field(default_factory=dict)
    """Values of the first objective to compare with by their names, such as "label priors"."""
    importances: Sequence[Importance] | None = None
    """For the first objective, greatest first; None where there are too few trials."""
    leading: frozenset[int] = frozenset()
    """Number of the best trial; of several objectives, numbers of the trials on the front."""

    @property
    def objective(self) -> Objective:
        """The first objective, which every picture but the Pareto front shows."""
        return self.objectives.first

    @property
    def valued(self) -> list[Trial]:
        """The trials that have a value."""
        return list(filter(has_value, self.trials))

    def order(self, trials: Iterable[Trial]) -> list[Trial]:
        """Order trials that have values by the first objective, best first, ties by number."""
        cost = self.objective.cost
        return sorted(trials, key=lambda trial: (cost(trial.values[0]), trial.number))

    def list_varied(self) -> list[HyperparameterAxis]:
        """List the axes on which the trials have at least two places, the most important first."""
        valued, dimensions = self.valued, self.space.hyperparameters
        axes = (
            HyperparameterAxis.from_distribution(name, dimensions[name].distribution)
            for name in self.space.searched
        )
        varied = [axis for axis in axes if len({*map(axis.place, valued)} - {None}) > 1]
        ranks = {entry.name: rank for rank, entry in enumerate(self.importances or ())}
        return sorted(varied, key=lambda axis: ranks.get(axis.name, len(ranks)))

    def thin(self, most: int = MOST_TRIALS) -> list[Trial]:
        """Choose the trials that are drawn: the best fifth of that number, and others evenly.

        The trials that lead or are on the front are always among them, even above `most`.
        """
        trials = self.valued
        if len(trials) <= most:
            return trials
        ahead = {trial.number for trial in self.order(trials)[: most // 5]}
        ahead |= {trial.number for trial in trials if trial.number in self.leading}
        others = [trial for trial in trials if trial.number not in ahead]
        places = np.linspace(0, len(others) - 1, max(0, most - len(ahead))).astype(int)
        kept = ahead | {others[place].number for place in places}
        return [trial for trial in trials if trial.number in kept]

    def describe_thinning(self, n_drawn: int, n_trials: int | None = None) -> str:
        """Say in a sentence how many trials are drawn; empty where all are."""
        n_trials = len(self.valued) if n_trials is None else n_trials
        if n_drawn == n_trials:
            return ""
        return f"{n_drawn:,} of {n_trials:,} trials are drawn: the best, others evenly spread."


def has_value(trial: Trial) -> bool:
    """Tell whether a trial did not fail and has values, all of them finite."""
    is_failed = trial.state is TrialState.FAIL
    return not is_failed and bool(trial.values) and all(map(math.isfinite, trial.values))
