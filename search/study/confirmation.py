"""The best trials again with fresh seeds. Owns how the winner is picked from them.

The best of many trials is flattered by its choice: some of its lead is the luck of its seed. Values
of fresh seeds are not, as long as nothing is chosen by them but the few trials themselves.
Knows neither store, and training as a function.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean, stdev
from typing import Any, Self

from scipy.stats import ttest_ind_from_stats

from ..engines.trials import Proposal, TrialRecord, derived_seed
from ..training.history import Objective

N_SEEDS = 3
"""Fresh seeds a trial; an odd number, so that there is a middle one."""
_LEVEL = 0.1


@dataclass(frozen=True, slots=True)
class Retraining:
    """A trial's hyperparameters trained with one fresh seed."""

    value: float
    """The objective; of one that diverged what a network without any skill has."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What a trial's facts would be: run id, metrics, verdict; empty where it diverged."""

    @property
    def diverged(self) -> bool:
        """Whether it came to nothing."""
        return not self.facts


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a trial's hyperparameters came to with fresh seeds."""

    number: int
    """Of the trial."""
    retrainings: tuple[Retraining, ...]
    """One a seed, at least one."""

    @property
    def values(self) -> tuple[float, ...]:
        """The objective with each seed."""
        return tuple(retraining.value for retraining in self.retrainings)

    @property
    def is_whole(self) -> bool:
        """Whether every seed was trained."""
        return len(self.retrainings) == N_SEEDS

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return fmean(self.values)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds, of n - 1; 0 with one seed."""
        return stdev(self.values) if len(self.values) > 1 else 0.0

    @property
    def middle(self) -> Retraining:
        """The retraining with the median value: neither a lucky nor an unlucky network."""
        order = sorted(self.retrainings, key=lambda retraining: retraining.value)
        return order[(len(order) - 1) // 2]

    def as_list(self) -> list[dict[str, Any]]:
        """Give the retrainings as JSON has them."""
        return [asdict(retraining) for retraining in self.retrainings]

    @classmethod
    def from_list(cls, number: int, retrainings: Sequence[Mapping[str, Any]]) -> Self:
        """Take what `as_list` gave."""
        return cls(number, tuple(Retraining(**fields) for fields in retrainings))


def equals_of(
    confirmations: Sequence[Confirmation], objective: Objective
) -> tuple[Confirmation, ...]:
    """List those that are as good as the one with the best mean, that one included.

    Two are equal where Welch's t-test (1947) does not tell their means apart at 10 %; without
    spread, where their means are the same. In the order of their means, best first.
    """
    sign = 1.0 if objective.is_minimized else -1.0
    order = sorted(confirmations, key=lambda entry: (sign * entry.mean, entry.number))
    return tuple(entry for entry in order if entry is order[0] or _are_equal(entry, order[0]))


def pick(confirmations: Sequence[Confirmation], objective: Objective) -> Confirmation:
    """Choose the winner: of those that are equal to the best, the one that varies least.

    By the mean plus, for F1 minus, one standard deviation; of equal ones the first trial.

    Raises:
        ValueError: there is none.
    """
    if not confirmations:
        raise ValueError("there is nothing to pick from")
    sign = 1.0 if objective.is_minimized else -1.0
    rivals = equals_of(confirmations, objective)
    return min(rivals, key=lambda entry: (sign * entry.mean + entry.spread, entry.number))


def confirm(
    trials: Sequence[TrialRecord],
    known: Mapping[int, Confirmation],
    *,
    study_seed: int,
    train: Callable[[Proposal, int], Retraining | None],
    keep: Callable[[Confirmation], None],
) -> bool:
    """Train trials again, three times each, going on where an earlier run was cut off.

    Args:
        trials: the ones to confirm.
        known: what is there, by the trial's number.
        study_seed: what the fresh seeds are derived from.
        train: trains a proposal, given which of the three it is from 1; None where time was over.
        keep: called with a trial's confirmation whenever it has one seed more.

    Returns:
        Whether all are confirmed; False where time was over.
    """
    for trial in trials:
        done = list(known[trial.number].retrainings) if trial.number in known else []
        for index in range(len(done) + 1, N_SEEDS + 1):
            seed = derived_seed(study_seed, trial.number, index)
            retraining = train(Proposal(trial.number, trial.hyperparameters, seed), index)
            if retraining is None:
                return False
            done.append(retraining)
            keep(Confirmation(trial.number, tuple(done)))
    return True


def _are_equal(one: Confirmation, other: Confirmation) -> bool:
    if not (one.spread or other.spread) or min(len(one.values), len(other.values)) < 2:
        return one.mean == other.mean
    stats = (value for entry in (one, other) for value in _moments(entry))
    return bool(ttest_ind_from_stats(*stats, equal_var=False).pvalue >= _LEVEL)


def _moments(entry: Confirmation) -> tuple[float, float, int]:
    return entry.mean, entry.spread, len(entry.values)
