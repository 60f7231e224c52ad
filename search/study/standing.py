"""Which trials are ahead. Owns the order of a study's trials; knows no store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from ..engines.trials import TrialRecord, TrialState
from ..training.history import Objective
from .confirmation import Confirmation, pick


def n_done(records: Iterable[TrialRecord]) -> int:
    """Count the trials that count toward the study's total."""
    return sum(record.state.counts for record in records)


def ranked(records: Iterable[TrialRecord], objective: Objective) -> list[TrialRecord]:
    """Order the trials that have a value: feasible, complete, best first, ties by number."""
    valued = [record for record in records if record.state.counts and record.value is not None]

    def place(record: TrialRecord) -> tuple[bool, bool, float, int]:
        value = record.value or 0.0
        ahead = value if objective.is_minimized else -value
        return not record.is_feasible, record.state is TrialState.PRUNED, ahead, record.number

    return sorted(valued, key=place)


def best_of(records: Iterable[TrialRecord], objective: Objective) -> TrialRecord | None:
    """Find the best trial that can win: a complete one (not given up) within the study's limits."""
    return next(iter(kept_of(records, objective, 1)), None)


def kept_of(records: Iterable[TrialRecord], objective: Objective, n: int) -> list[TrialRecord]:
    """List the `n` best complete and feasible trials, whose networks are kept."""
    order = ranked(records, objective)
    can_win = (r for r in order if r.state is TrialState.COMPLETE and r.is_feasible)
    return list(islice(can_win, n))


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
    return replace(record, value=middle.value, facts={**record.facts, **middle.facts})


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
