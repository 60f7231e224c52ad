"""Configurations that were evaluated before. Owns when a trial's values stand for another's.

They do where both were trained alike but for the seed: every trial has one of its own, derived by
the same rule.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..engines.trials import REUSED, Proposal, TrialRecord, TrialState
from ..tracking.record import Tracker
from .naming import proposal_name
from .objectives import METRICS, Objectives
from .result import RUN_STATUS


def evaluated_before(proposal: Proposal, records: Iterable[TrialRecord]) -> TrialRecord | None:
    """Find the first trial whose values stand for a proposal's; None where it is to be trained.

    A trial that failed, was refused or ran out of time has none that could, nor does one that went
    on from another's weights. One that was given up has none for a proposal with a name: that is
    to be trained to its end.
    """
    if proposal.resumes is not None:
        return None
    alike = (
        record
        for record in records
        if record.number != proposal.number
        and record.hyperparameters == proposal.hyperparameters
        and (record.facts.get("n_epochs"), record.facts.get("resumes")) == (proposal.n_epochs, None)
    )
    return next((record for record in alike if _can_stand(record, proposal)), None)


def is_whole(record: TrialRecord, n_epochs: int) -> bool:
    """Tell whether a trial was neither stopped by Hyperband before so many epochs, nor by time."""
    return record.facts.get("n_epochs") in (None, n_epochs) and not record.ran_out_of_time


def origin_of(earlier: TrialRecord) -> Mapping[str, Any]:
    """Say which trial was trained for the values of one: itself, or the one it was taken from."""
    origin: Mapping[str, Any] = earlier.facts.get(REUSED, {"trial": earlier.number})
    return origin


def epoch_of(earlier: TrialRecord) -> int:
    """Give the number of the last epoch that a trial was trained; 1 where nobody noted it."""
    return len(earlier.facts.get("epochs", {}).get("val_loss", (1,)))


def write_reused(
    tracker: Tracker, proposal: Proposal, earlier: TrialRecord, objectives: Objectives
) -> None:
    """Write a run of the kind "reused" for a proposal that was not trained."""
    record = tracker.beside("reused", proposal_name(proposal))
    record.params(proposal.hyperparameters)
    origin = {f"reused_from_{key}": value for key, value in origin_of(earlier).items()}
    record.tags({"state": earlier.state.value, "trial": proposal.number, **origin})
    metrics = (METRICS[name] for name in objectives.names)
    record.metrics(dict(zip(metrics, earlier.values, strict=False)))
    record.end(RUN_STATUS[earlier.state])


def _can_stand(record: TrialRecord, proposal: Proposal) -> bool:
    if record.is_refused or not record.state.counts:
        return False
    if proposal.name and record.state is TrialState.PRUNED:
        return False
    return not record.ran_out_of_time
