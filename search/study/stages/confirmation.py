"""The best trials trained again with fresh seeds. Owns the runs in which that is recorded."""

from functools import partial

from ...tracking.record import RunStatus
from ...tracking.trainings import MODEL_PATH
from ...training.recorded_run import RecordedRun
from ...training.result import Train
from ...trial.confirmation import N_SEEDS, Confirmation, Retraining
from ...trial.control import Control
from ...trial.proposal import Proposal, derive_seed
from ...trial.ranking import best_trials
from ...trial.trial import Trial
from ..ending import Ending
from ..keeping import save_model
from ..session import Session


def confirm_best(session: Session, train: Train, control: Control) -> Ending | None:
    """Train the best trials again, each in runs of its own, going on where it was cut off.

    The network of each trial's middle seed is kept, to be exported where it wins.

    Args:
        session: keeps the values, so that a confirmation that was cut off goes on.
        train: trains a proposal of the study.
        control: asked before each batch whether to stop.

    Returns:
        None where all are confirmed now.
    """
    known = dict(session.stored.confirmations)
    objective = session.plan.objective
    for trial in best_trials(session.trials, objective, session.budget.n_confirmed):
        done = known[trial.number].retrainings if trial.number in known else ()
        if len(done) == N_SEEDS:
            continue
        for index in range(len(done) + 1, N_SEEDS + 1):
            retraining = _retrain(session, train, trial, index, control)
            if retraining is None:
                return Ending.TIMEOUT
            done = (*done, retraining)
            known[trial.number] = Confirmation(trial.number, done)
            session.store.write_confirmations(session.name, known)
        _drop_networks(session, known[trial.number])
    return None


def _retrain(
    session: Session, train: Train, trial: Trial, index: int, control: Control
) -> Retraining | None:
    """Train a trial's hyperparameters with one fresh seed; None where time was over."""
    objective = session.plan.objective
    name = f"{trial.label} again, {index}"
    seed = derive_seed(session.plan.seed, trial.number, index)
    proposal = Proposal(trial.number, trial.hyperparameters, seed)
    record = session.tracker.beside("confirmation", name)
    record.params(trial.hyperparameters)
    record.tags({"confirms": trial.number, "seed": seed})
    run = RecordedRun(record, objective)
    # Its epochs are no trial's: nobody hears of them.
    quiet = Control(is_interrupted=control.is_interrupted, deadline=control.deadline)
    try:
        result = run.train_to_end(train, proposal, quiet)
    except FloatingPointError:
        retraining = Retraining(objective.value_without_skill(session.setup.divided.prior_loss))
    else:
        if result is None:
            return None
        split = session.setup.divided.split.sha256
        run.keep(MODEL_PATH, partial(save_model, result, split))
        record.end(RunStatus.FINISHED)
        retraining = Retraining(result.value, record.run_id, result.training)
    value = "diverged" if retraining.has_diverged else f"{objective} {retraining.value:.4f}"
    control.say(f"{name}: {value} (fresh seed {index} of {N_SEEDS})")
    return retraining


def _drop_networks(session: Session, confirmation: Confirmation) -> None:
    """Drop the networks of the seeds that are not the middle one."""
    for retraining in confirmation.retrainings:
        if not retraining.has_diverged and retraining is not confirmation.middle:
            session.tracker.reopen(retraining.run_id).drop(MODEL_PATH)
