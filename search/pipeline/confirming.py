"""The best trials trained again with fresh seeds. Owns the runs in which that is recorded."""

from collections.abc import Callable

from ..engines.store import CONFIRMATIONS
from ..engines.trials import Proposal
from ..study.confirmation import N_SEEDS, Confirmation, Retraining, confirm
from ..study.result import MODEL_PATH, keep_network
from ..study.standing import kept_of
from ..study.trial import TrialRunner
from ..tracking.record import Record, RunStatus
from ..training.history import Objective
from .opened import OpenStudy
from .prepared import Prepared
from .recorded import train_recorded
from .studies import confirmations_of


def confirm_best(
    study: OpenStudy,
    runner: TrialRunner,
    *,
    is_over: Callable[[], bool],
    say: Callable[[str], None],
) -> bool:
    """Train the best trials again, each in runs of its own; answer whether all are confirmed now.

    The network of each trial's middle seed is kept, to be exported where it wins.

    Args:
        study: keeps the values, so that a confirmation that was cut off goes on.
        runner: of the study's trials.
        is_over: asked before each batch whether to stop.
        say: called with a sentence about each training.
    """
    request = study.prepared.request
    known = confirmations_of(study.results)

    def train(proposal: Proposal, index: int) -> Retraining | None:
        name = f"{names[proposal.number]} again, {index}"
        record = study.tracker.beside("confirmation", name)
        record.params(proposal.hyperparameters)
        record.tags({"confirms": proposal.number, "seed": proposal.seed})
        retraining = _train(study.prepared, runner, proposal, record, is_over)
        if retraining is not None:
            came_to = f"{request.objective.value} {retraining.value:.4f}"
            came_to = "diverged" if retraining.diverged else came_to
            say(f"{name}: {came_to} (fresh seed {index} of {N_SEEDS})")
        return retraining

    def keep(confirmation: Confirmation) -> None:
        known[confirmation.number] = confirmation
        study.keep(CONFIRMATIONS, {str(number): entry.as_list() for number, entry in known.items()})
        if confirmation.is_whole:
            _drop_others(study, confirmation)

    best = kept_of(study.engine.records(), request.objective, request.n_confirmed)
    names = {record.number: record.facts["name"] for record in best}
    return confirm(best, known, study_seed=request.seed, train=train, keep=keep)


def _train(
    prepared: Prepared,
    runner: TrialRunner,
    proposal: Proposal,
    record: Record,
    is_over: Callable[[], bool],
) -> Retraining | None:
    try:
        result = train_recorded(runner, proposal, record, is_over=is_over)
    except FloatingPointError:
        # What the label priors have, and what predicting no label has.
        is_loss = prepared.request.objective is Objective.VAL_LOSS
        return Retraining(prepared.divided.prior_loss if is_loss else 0.0)
    if result is None:
        return None
    keep_network(record, result)
    record.end(RunStatus.FINISHED)
    return Retraining(result.value, {**result.facts, "run_id": record.run_id, "has_model": True})


def _drop_others(study: OpenStudy, confirmation: Confirmation) -> None:
    """Drop the networks of the seeds that are not the middle one."""
    for retraining in confirmation.retrainings:
        if not retraining.diverged and retraining is not confirmation.middle:
            study.tracker.reopen(retraining.facts["run_id"]).drop(MODEL_PATH)
