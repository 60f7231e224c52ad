"""Why a search ends. Owns the reasons, and which of them follow from the study's trials."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from ..trial.ranking import count_done, count_since_improvement, is_met
from ..trial.trial import Trial
from .budget import Budget
from .plan import StudyPlan


class Ending(StrEnum):
    """Why a search ended."""

    TRIALS = "all trials done"
    TARGET = "target met"
    PATIENCE = "no better trial within the patience"
    EXHAUSTED = "nothing is left to try"
    CONFIRMED = "best trials confirmed"
    TIMEOUT = "time over"


def find_ending(
    trials: Sequence[Trial], plan: StudyPlan, budget: Budget, disproved: Collection[int] = ()
) -> Ending | None:
    """Tell why a search of a study with these trials ends; None if it does not.

    Args:
        trials: all of the study.
        plan: its target is compared with the first objective.
        budget: what the search may take.
        disproved: trials that miss the target whatever their value, as fresh seeds have shown.
    """
    trusted = [trial for trial in trials if trial.number not in disproved]
    if is_met(trusted, plan.objective, plan.target):
        return Ending.TARGET
    if count_done(trials) >= budget.n_trials:
        return Ending.TRIALS
    patience = budget.patience
    if patience is not None and count_since_improvement(trials, plan.objectives) >= patience:
        return Ending.PATIENCE
    return None
