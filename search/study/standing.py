"""Which trials are ahead. Owns the order of a study's trials; knows no store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from operator import le

import numpy as np

from ..engines.trials import TrialRecord, TrialState
from ..training.history import Objective
from .confirmation import Confirmation, pick
from .objectives import Objectives


def n_done(records: Iterable[TrialRecord]) -> int:
    """Count the trials that count toward the study's total."""
    return sum(record.counts for record in records)


def ranked(records: Iterable[TrialRecord], objective: Objective) -> list[TrialRecord]:
    """Order the trials that have a value: feasible, complete, best first, ties by number."""
    valued = [record for record in records if record.counts and record.value is not None]

    def place(record: TrialRecord) -> tuple[bool, bool, float, int]:
        value = record.value or 0.0
        ahead = value if objective.is_minimized else -value
        return not record.is_feasible, record.state is TrialState.PRUNED, ahead, record.number

    return sorted(valued, key=place)


def best_of(records: Iterable[TrialRecord], objective: Objective) -> TrialRecord | None:
    """Find the best trial that can win: a complete one (not given up) within the study's limits."""
    return next(iter(kept_of(records, objective, 1)), None)


def kept_of(records: Iterable[TrialRecord], objective: Objective, n: int) -> list[TrialRecord]:
    """List the `n` best trials that can win."""
    return list(islice(filter(_can_win, ranked(records, objective)), n))


def front_of(records: Iterable[TrialRecord], objectives: Objectives) -> list[TrialRecord]:
    """List the trials that can win and that no other dominates, best in the first objective first.

    With one objective that is the best trial; of trials equal in every objective all are listed,
    by number. With several those are left out that ran out of time: they are fast and have no gap
    because they were not trained to their end.
    """
    rivals = [record for record in records if record.counts and _can_win(record) and record.values]
    if objectives.are_several:
        rivals = [record for record in rivals if not record.ran_out_of_time]
    rivals.sort(key=lambda record: (objectives.costs(record.values), record.number))
    costs = np.array([objectives.costs(record.values) for record in rivals])
    left = np.arange(len(rivals))
    front: list[TrialRecord] = []
    while left.size:
        # In this order nothing is dominated by what comes after it.
        first, left = left[0], left[1:]
        front.append(rivals[first])
        is_beaten = (costs[left] >= costs[first]).all(axis=1)
        left = left[~is_beaten | (costs[left] == costs[first]).all(axis=1)]
    return front


def worth_keeping(
    records: Iterable[TrialRecord], objectives: Objectives, n: int
) -> list[TrialRecord]:
    """List the trials whose networks are kept: the `n` best, or with several objectives the front.

    The best `n` in the first objective are kept there, too.
    """
    records = list(records)
    best = kept_of(records, objectives.first, n)
    if not objectives.are_several:
        return best
    numbers = {record.number for record in best}
    return best + [r for r in front_of(records, objectives) if r.number not in numbers]


def n_since_better(records: Iterable[TrialRecord], objectives: Objectives) -> int:
    """Count the trials that have ended since one was better than all before it.

    With several objectives, since one was dominated by none before it.
    """
    counted = sorted(
        (record for record in records if record.counts),
        key=lambda record: (record.ended or datetime.max, record.number),
    )
    front: list[tuple[float, ...]] = []
    n_since = 0
    for record in counted:
        n_since += 1
        if not (record.values and _can_win(record)):
            continue
        here = objectives.costs(record.values)
        if not any(all(map(le, other, here)) for other in front):
            front = [other for other in front if not all(map(le, here, other))]
            front.append(here)
            n_since = 0
    return n_since


def winner_of(
    records: Sequence[TrialRecord],
    objective: Objective,
    confirmations: Mapping[int, Confirmation],
) -> TrialRecord | None:
    """Find the winner: the best trial, or the one picked by fresh seeds where that was confirmed.

    A confirmed winner comes with value and facts of its middle retraining, whose network is the one
    that is exported: what is said of the winner is said of that network.

    Args:
        records: of the study.
        objective: by which they are ordered.
        confirmations: by the trial's number; those that are not whole are not used.
    """
    best = best_of(records, objective)
    rivals = rivals_of(records, objective, confirmations)
    if best is None or best.number not in {entry.number for entry in rivals}:
        return best
    picked = pick(rivals, objective)
    record = next(record for record in records if record.number == picked.number)
    middle = picked.middle
    values = (middle.value, *record.values[1:])
    return replace(record, values=values, facts={**record.facts, **middle.facts})


def rivals_of(
    records: Sequence[TrialRecord],
    objective: Objective,
    confirmations: Mapping[int, Confirmation],
) -> list[Confirmation]:
    """List the whole confirmations of trials that can win, but those whose middle one diverged."""
    can_win = {record.number for record in kept_of(records, objective, len(records))}
    return [
        entry
        for number, entry in confirmations.items()
        if entry.is_whole and number in can_win and not entry.middle.diverged
    ]


def disproved_by(
    confirmations: Mapping[int, Confirmation], objective: Objective, target: float | None
) -> frozenset[int]:
    """List the trials whose middle value with fresh seeds misses the target."""
    if target is None:
        return frozenset()
    return frozenset(
        number
        for number, entry in confirmations.items()
        if entry.is_whole and not is_as_good(entry.middle.value, objective, target)
    )


def is_met(records: Iterable[TrialRecord], objective: Objective, target: float | None) -> bool:
    """Tell whether the best trial is as good as the target."""
    best = best_of(records, objective)
    if target is None or best is None or best.value is None:
        return False
    return is_as_good(best.value, objective, target)


def is_as_good(value: float, objective: Objective, target: float) -> bool:
    """Tell whether a value meets a target; an equal one does."""
    return not objective.is_better(target, value)


def _can_win(record: TrialRecord) -> bool:
    return record.state is TrialState.COMPLETE and record.is_feasible
