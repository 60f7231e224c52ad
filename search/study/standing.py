"""Which trials are ahead. Owns the order of a study's trials; knows no store."""

from collections.abc import Iterable

from ..engines.trials import TrialRecord, TrialState
from ..training.history import Objective


def n_done(records: Iterable[TrialRecord]) -> int:
    """Count the trials that count toward the study's total."""
    return sum(record.state.counts for record in records)


def ranked(records: Iterable[TrialRecord], objective: Objective) -> list[TrialRecord]:
    """Order the trials that have a value, complete before pruned, best first, ties by number."""
    valued = [record for record in records if record.state.counts and record.value is not None]

    def place(record: TrialRecord) -> tuple[bool, float, int]:
        value = record.value or 0.0
        ahead = value if objective.is_minimized else -value
        return record.state is TrialState.PRUNED, ahead, record.number

    return sorted(valued, key=place)


def best_of(records: Iterable[TrialRecord], objective: Objective) -> TrialRecord | None:
    """Find the winner: the best complete trial. A pruned one was given up, and cannot win."""
    return next(iter(kept_of(records, objective, 1)), None)


def kept_of(records: Iterable[TrialRecord], objective: Objective, n: int) -> list[TrialRecord]:
    """List the `n` best complete trials, whose networks are kept."""
    order = ranked(records, objective)
    return [record for record in order if record.state is TrialState.COMPLETE][:n]


def is_met(records: Iterable[TrialRecord], objective: Objective, target: float | None) -> bool:
    """Tell whether the winner is as good as the target."""
    best = best_of(records, objective)
    if target is None or best is None or best.value is None:
        return False
    return not objective.is_better(target, best.value)
