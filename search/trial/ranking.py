"""The order of a study's trials: which are ahead, which are on the Pareto front, which are kept."""

from collections.abc import Iterable
from datetime import datetime
from operator import le

import numpy as np

from .objective import Objective, Objectives
from .state import TrialState
from .trial import Trial


def count_done(trials: Iterable[Trial]) -> int:
    """Count the trials that count toward the study's total."""
    return sum(trial.counts for trial in trials)


def rank(trials: Iterable[Trial], objective: Objective) -> list[Trial]:
    """Order the trials that have a value: feasible, complete, best first, ties by number."""

    def place(trial: Trial) -> tuple[bool, bool, float, int]:
        cost = objective.cost(trial.value or 0.0)
        return not trial.is_feasible, trial.state is TrialState.PRUNED, cost, trial.number

    return sorted((t for t in trials if t.counts and t.value is not None), key=place)


def best_trials(trials: Iterable[Trial], objective: Objective, n: int) -> list[Trial]:
    """List the `n` best trials that can win."""
    return [trial for trial in rank(trials, objective) if trial.can_win][:n]


def best_trial(trials: Iterable[Trial], objective: Objective) -> Trial | None:
    """Find the best trial that can win: complete, and within the study's limits."""
    return next(iter(best_trials(trials, objective, 1)), None)


def pareto_front(trials: Iterable[Trial], objectives: Objectives) -> list[Trial]:
    """List the trials that can win and that no other dominates, best in the first objective first.

    With one objective that is the best trial; of trials equal in every objective all are listed,
    by number. With several objectives, trials that ran out of time are left out: they are fast and
    have no gap because they were not trained to the end.
    """
    rivals = [trial for trial in trials if trial.counts and trial.can_win and trial.values]
    if objectives.are_several:
        rivals = [trial for trial in rivals if not trial.ran_out_of_time]
    rivals.sort(key=lambda trial: (objectives.costs(trial.values), trial.number))
    costs = np.array([objectives.costs(trial.values) for trial in rivals])
    left = np.arange(len(rivals))
    front: list[Trial] = []
    while left.size:
        # In this order nothing is dominated by what comes after it.
        first, left = left[0], left[1:]
        front.append(rivals[first])
        is_beaten = (costs[left] >= costs[first]).all(axis=1)
        left = left[~is_beaten | (costs[left] == costs[first]).all(axis=1)]
    return front


def trials_to_keep(trials: Iterable[Trial], objectives: Objectives, n: int) -> list[Trial]:
    """List the trials whose networks are kept: the `n` best in the first objective.

    With several objectives those of the Pareto front are kept, too.
    """
    trials = list(trials)
    best = best_trials(trials, objectives.first, n)
    front = pareto_front(trials, objectives) if objectives.are_several else []
    return best + [trial for trial in front if trial not in best]


def count_since_improvement(trials: Iterable[Trial], objectives: Objectives) -> int:
    """Count the trials that ended after the last one that was better than all before it.

    With several objectives, after the last one that no earlier trial dominates or equals.
    """
    counted = sorted(
        (trial for trial in trials if trial.counts),
        key=lambda trial: (trial.ended is None, trial.ended or datetime.max, trial.number),
    )
    front: list[tuple[float, ...]] = []
    n_since = 0
    for trial in counted:
        n_since += 1
        if not (trial.values and trial.can_win):
            continue
        here = objectives.costs(trial.values)
        if not any(all(map(le, other, here)) for other in front):
            front = [here, *(other for other in front if not all(map(le, here, other)))]
            n_since = 0
    return n_since


def is_met(trials: Iterable[Trial], objective: Objective, target: float | None) -> bool:
    """Tell whether the best trial meets the target."""
    best = best_trial(trials, objective)
    value = None if best is None else best.value
    return target is not None and value is not None and objective.meets(value, target)
