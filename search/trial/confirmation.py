"""The best trials trained again with fresh seeds, and the best network among them.

The best of many trials looks better than it is, because part of its lead is the luck of its seed.
Values of fresh seeds do not, as long as they only decide between these few trials.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

from scipy.stats import ttest_ind_from_stats

from .objective import Objective
from .ranking import best_trial, best_trials
from .training import Training
from .trial import Trial

N_SEEDS = 3
"""Fresh seeds for each trial; an odd number, so that there is a middle one."""
_LEVEL = 0.1


@dataclass(frozen=True, slots=True)
class Retraining:
    """A trial's hyperparameters trained with one fresh seed."""

    value: float
    """The objective; where it diverged, the value of a network without any skill."""
    run_id: str = ""
    """Of its run in MLflow, where its network is kept; empty where it diverged."""
    training: Training | None = None
    """None where it diverged."""

    @property
    def has_diverged(self) -> bool:
        """Whether its loss became NaN or infinite."""
        return self.training is None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The retrainings of one trial."""

    number: int
    """Of the trial."""
    retrainings: tuple[Retraining, ...]
    """One for each seed, at least one."""

    @property
    def values(self) -> tuple[float, ...]:
        """The objective with each seed."""
        return tuple(retraining.value for retraining in self.retrainings)

    @property
    def is_complete(self) -> bool:
        """Whether every seed was trained."""
        return len(self.retrainings) == N_SEEDS

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return fmean(self.values)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds, divided by n - 1; 0 with one seed."""
        return stdev(self.values) if len(self.values) > 1 else 0.0

    @property
    def middle(self) -> Retraining:
        """The retraining with the median value: neither a lucky nor an unlucky network."""
        order = sorted(self.retrainings, key=lambda retraining: retraining.value)
        return order[(len(order) - 1) // 2]

    def take_middle(self, trial: Trial) -> Trial:
        """Give the trial value, training and run of its middle retraining: that is exported."""
        middle = self.middle
        return replace(
            trial,
            values=(middle.value, *trial.values[1:]),
            training=middle.training,
            run_id=middle.run_id,
            has_model=True,
        )


Confirmations = Mapping[int, Confirmation]
"""By the trial's number."""


def list_equals(
    confirmations: Sequence[Confirmation], objective: Objective
) -> tuple[Confirmation, ...]:
    """List those that are as good as the one with the best mean, that one included, best first.

    Two are equal where Welch's t-test (1947) finds no difference of their means at 10 %. Where
    neither has a spread, or one has a single value, they are equal if their means are the same.
    """
    order = sorted(confirmations, key=lambda entry: (objective.cost(entry.mean), entry.number))
    return tuple(entry for entry in order if entry is order[0] or _are_equal(entry, order[0]))


def pick(confirmations: Sequence[Confirmation], objective: Objective) -> Confirmation:
    """Choose among those that are as good as the best: the one least likely to be bad.

    It has the best mean plus one standard deviation, minus for F1; of equal ones the first trial.

    Raises:
        ValueError: there is no confirmation.
    """
    rivals = list_equals(confirmations, objective)
    return min(rivals, key=lambda entry: (objective.cost(entry.mean) + entry.spread, entry.number))


def list_rivals(
    trials: Sequence[Trial], objective: Objective, confirmations: Confirmations
) -> list[Confirmation]:
    """List the complete confirmations of trials that can win, except where the middle diverged."""
    can_win = {trial.number for trial in best_trials(trials, objective, len(trials))}
    return [
        entry
        for number, entry in confirmations.items()
        if entry.is_complete and number in can_win and not entry.middle.has_diverged
    ]


def find_best_network(
    trials: Sequence[Trial], objective: Objective, confirmations: Confirmations
) -> Trial | None:
    """Find the best network: that of the best trial or, where it was confirmed, of fresh seeds.

    A confirmed one has the value, the training and the run of its middle retraining, because
    that is the network that is exported.

    Args:
        trials: all trials of the study.
        objective: the one that orders them.
        confirmations: by the trial's number; incomplete ones are not used.
    """
    best = best_trial(trials, objective)
    rivals = list_rivals(trials, objective, confirmations)
    if best is None or best.number not in {entry.number for entry in rivals}:
        return best
    picked = pick(rivals, objective)
    return picked.take_middle(next(t for t in trials if t.number == picked.number))


def disproved_trials(
    confirmations: Confirmations, objective: Objective, target: float | None
) -> frozenset[int]:
    """List the trials whose middle value with fresh seeds misses the target."""
    if target is None:
        return frozenset()
    return frozenset(
        number
        for number, entry in confirmations.items()
        if entry.is_complete and not objective.meets(entry.middle.value, target)
    )


def _are_equal(one: Confirmation, other: Confirmation) -> bool:
    if not (one.spread or other.spread) or min(len(one.values), len(other.values)) < 2:
        return one.mean == other.mean
    ours, theirs = ((entry.mean, entry.spread, len(entry.values)) for entry in (one, other))
    return bool(ttest_ind_from_stats(*ours, *theirs, equal_var=False).pvalue >= _LEVEL)
