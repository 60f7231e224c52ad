"""What the pictures of a search are drawn from: trials, hyperparameters, objectives, importances.

Owns these values and what they share when drawn: which trials are worth a dot, in which order
hyperparameters come. Knows neither Optuna nor MLflow nor any drawing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np

from ...space.distribution import Categorical, Distribution, Float, Int, same
from ...space.hyperparameters import Value

MOST_TRIALS = 1000
"""Trials that one picture draws: more are slow in a browser and hide each other."""
_MOST_WHOLE_CHOICES = 8
"""Whole numbers up to which each has a place of its own, like a choice."""


class Outcome(StrEnum):
    """How a trial ended, in Optuna's words."""

    COMPLETE = "COMPLETE"
    PRUNED = "PRUNED"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class SearchedTrial:
    """One trial that was trained, or failed; one that was refused untrained is left out."""

    number: int
    """Counts from 0."""
    name: str
    """As on the leaderboard, like "#12 bigru 64·32"."""
    outcome: Outcome
    """How it ended."""
    values: Sequence[float]
    """One an objective; of a pruned trial the best it had. Empty where it has none."""
    point: Mapping[str, Value]
    """Its active searched hyperparameters; an inactive one is missing."""
    epochs: Sequence[float] = ()
    """The first objective by epoch; NaN or infinity leaves a gap."""
    is_feasible: bool = True
    """Whether it lies beyond no limit of the study."""
    is_best: bool = False
    """Whether it leads; of several objectives, whether it is on the Pareto front."""
    is_start: bool = False
    """Whether it was known to be good and tried before the search."""

    @property
    def value(self) -> float | None:
        """The first objective, or None where there is no finite one."""
        return self.values[0] if self.has_values else None

    @property
    def has_values(self) -> bool:
        """Whether it has values and all are finite."""
        return bool(self.values) and all(map(math.isfinite, self.values))


@dataclass(frozen=True, slots=True)
class SearchedDimension:
    """One searched hyperparameter."""

    name: str
    """As in the space."""
    is_log: bool = False
    """Whether its axis is logarithmic; its values are above 0 then."""
    choices: tuple[Value, ...] = ()
    """The values of a categorical one in their order, or a few whole numbers; else empty."""
    is_whole: bool = False
    """Whether it has whole numbers only."""

    @classmethod
    def of(cls, name: str, distribution: Distribution) -> Self:
        """Take a hyperparameter of a space."""
        match distribution:
            case Categorical(choices):
                return cls(name, choices=choices)
            case Int(low, high, is_log, step):
                values = range(low, high + 1, step)
                if len(values) <= _MOST_WHOLE_CHOICES:
                    return cls(name, choices=tuple(values))
                return cls(name, is_log, is_whole=True)
            case Float(log=is_log):
                return cls(name, is_log)
        return cls(name)

    def place(self, point: Mapping[str, Value]) -> float | None:
        """Give where a point lies on the axis: its number, or the index of its choice.

        None where it is inactive, or where it has a value that is no choice or no number.
        """
        value = point.get(self.name)
        if self.choices:
            places = (i for i, choice in enumerate(self.choices) if same(choice, value))
            return next(places, None)
        if not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value) if value > 0 or not self.is_log else None


@dataclass(frozen=True, slots=True)
class SearchedObjective:
    """What a study searches for."""

    name: str
    """As on the command line."""
    is_minimized: bool = True
    """Whether smaller is better."""
    is_log: bool = False
    """Whether its axis is logarithmic, as for counts of weights; values are above 0 then."""


@dataclass(frozen=True, slots=True)
class SearchedImportance:
    """How much one hyperparameter mattered."""

    name: str
    """As in the space."""
    share: float
    """Part of the sum over all hyperparameters, 0 to 1."""
    by_chance: float
    """What it could reach without having any effect, on the same scale."""


@dataclass(frozen=True, slots=True)
class Search:
    """All that the pictures of one study show."""

    title: str
    """Name of the study."""
    trials: Sequence[SearchedTrial]
    """By number."""
    dimensions: Sequence[SearchedDimension]
    """In the order of the space."""
    objectives: Sequence[SearchedObjective]
    """At least one; a trial's values are in this order."""
    target: float | None = None
    """Value of the first objective that the study drives at."""
    levels: Mapping[str, float] | None = None
    """Values of the first objective to compare with by their names, such as "label priors"."""
    importances: Sequence[SearchedImportance] | None = None
    """Of the first objective, greatest first; None where they cannot be told yet."""

    def __post_init__(self) -> None:
        """Check that trials with values have one an objective.

        Raises:
            ValueError: no objective, or another number of values.
        """
        n_objectives = len(self.objectives)
        if n_objectives == 0 or any(len(t.values) not in (0, n_objectives) for t in self.trials):
            raise ValueError(f"each trial must have a value for each of {n_objectives} objectives")

    @property
    def objective(self) -> SearchedObjective:
        """The first objective, which every picture but the Pareto front shows."""
        return self.objectives[0]

    @property
    def valued(self) -> list[SearchedTrial]:
        """The trials that have values."""
        return [t for t in self.trials if t.outcome is not Outcome.FAIL and t.has_values]

    def by_value(self, trials: Iterable[SearchedTrial]) -> list[SearchedTrial]:
        """Order trials that have values by the first objective, best first, ties by number."""
        sign = 1.0 if self.objective.is_minimized else -1.0
        return sorted(trials, key=lambda trial: (sign * trial.values[0], trial.number))

    def varied(self) -> list[SearchedDimension]:
        """List the hyperparameters that have two values at least, the most important first."""
        found = [
            dimension
            for dimension in self.dimensions
            if len({dimension.place(trial.point) for trial in self.valued} - {None}) > 1
        ]
        ranks = {entry.name: rank for rank, entry in enumerate(self.importances or ())}
        return sorted(found, key=lambda dimension: ranks.get(dimension.name, len(ranks)))

    def thinned(self, most: int = MOST_TRIALS) -> list[SearchedTrial]:
        """Choose the trials that are drawn: the leading fifth of them, and others evenly.

        All trials on the front, and those that lead, are among them even above `most`.
        """
        trials = self.valued
        if len(trials) <= most:
            return trials
        leading = {trial.number for trial in self.by_value(trials)[: most // 5]}
        leading |= {trial.number for trial in trials if trial.is_best}
        others = [trial for trial in trials if trial.number not in leading]
        places = np.linspace(0, len(others) - 1, max(0, most - len(leading))).astype(int)
        kept = leading | {others[place].number for place in places}
        return [trial for trial in trials if trial.number in kept]

    def note_of_thinning(self, n_drawn: int, n_trials: int | None = None) -> str:
        """Say in a sentence how many trials are drawn, or nothing where all are."""
        n_trials = len(self.valued) if n_trials is None else n_trials
        if n_drawn == n_trials:
            return ""
        return f"{n_drawn:,} of {n_trials:,} trials are drawn: the best ones, and others evenly."
