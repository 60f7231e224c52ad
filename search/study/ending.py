"""Why a run of a study ends. Owns the reasons, and which of them its trials give."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from ..engines.trials import TrialRecord
from .objectives import Objectives
from .settings import Budget
from .standing import is_met, n_done, n_since_better


class Ending(StrEnum):
    """Why a study's run ended."""

    TRIALS = "all trials done"
    TARGET = "target met"
    PATIENCE = "no better trial for as long as --patience allows"
    EXHAUSTED = "nothing is left to try"
    TIMEOUT = "time over"


def ending_of(
    records: Sequence[TrialRecord],
    objectives: Objectives,
    budget: Budget,
    disproved: Collection[int] = (),
) -> Ending | None:
    """Tell why a study with these trials is at its end; None where it is not.

    Args:
        records: of all its trials.
        objectives: the target is held against the first.
        budget: what it may take.
        disproved: trials that do not meet the target, whatever their value: fresh seeds have
            shown it.
    """
    trusted = [record for record in records if record.number not in disproved]
    if is_met(trusted, objectives.first, budget.target):
        return Ending.TARGET
    if n_done(records) >= budget.n_trials:
        return Ending.TRIALS
    patience = budget.patience
    if patience is not None and n_since_better(records, objectives) >= patience:
        return Ending.PATIENCE
    return None
