"""Configurations that were evaluated before. Owns when a trial's values stand for another's.

They do if both are trained in the same way but for the seed: each trial has its own, derived by
the same rule.
"""

from collections.abc import Iterable

from ..tracking.record import Tracker
from ..tracking.trainings import RUN_STATUS
from ..trial.objective import Objectives
from ..trial.proposal import Proposal
from ..trial.state import TrialState
from ..trial.trial import Origin, Trial


def find_evaluated(proposal: Proposal, trials: Iterable[Trial]) -> Trial | None:
    """Find the first trial whose values stand for a proposal's; None if it has to be trained.

    The values of a trial that failed, was refused, ran out of time or went on from another's
    weights never do. Those of a pruned trial do not for a configuration that the user enqueued,
    which is trained to its end.
    """
    if proposal.resumes is not None:
        return None
    alike = (
        trial
        for trial in trials
        if trial.number != proposal.number
        and trial.hyperparameters == proposal.hyperparameters
        and (trial.n_epochs, trial.resumes) == (proposal.n_epochs, None)
    )
    return next((trial for trial in alike if _can_stand(trial, proposal)), None)


def is_complete(trial: Trial, n_epochs: int) -> bool:
    """Tell whether neither Hyperband nor the time stopped a trial before this many epochs."""
    return trial.n_epochs in (None, n_epochs) and not trial.ran_out_of_time


def find_origin(earlier: Trial) -> Origin:
    """Find the trial whose training gave a trial its values: itself, or the one it reuses."""
    return earlier.origin or Origin(earlier.number)


def write_reused(
    tracker: Tracker, proposal: Proposal, earlier: Trial, objectives: Objectives
) -> None:
    """Write a run of the kind "reused" for a proposal that was not trained."""
    record = tracker.beside("reused", proposal.name)
    record.params(proposal.hyperparameters)
    origin = find_origin(earlier)
    tags = {"reused_from_trial": origin.number}
    study = {"reused_from_study": origin.study} if origin.study else {}
    record.tags({"state": earlier.state.value, "trial": proposal.number, **tags, **study})
    metrics = (objective.metric for objective in objectives.entries)
    record.metrics(dict(zip(metrics, earlier.values, strict=False)))
    record.end(RUN_STATUS[earlier.state])


def _can_stand(trial: Trial, proposal: Proposal) -> bool:
    if trial.is_refused or not trial.state.counts or trial.ran_out_of_time:
        return False
    return not (proposal.is_enqueued and trial.state is TrialState.PRUNED)
