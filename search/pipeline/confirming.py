"""The best trials trained again with fresh seeds. Owns the runs in which that is recorded."""

from collections.abc import Callable, Sequence

from ..engines.store import CONFIRMATIONS
from ..engines.trials import Proposal
from ..study.confirmation import N_SEEDS, confirm
from ..study.loop import TrialResult, epoch_metrics
from ..study.naming import trial_name
from ..study.standing import kept_of
from ..study.trial import TrialRunner
from ..tracking.record import Record, RunStatus
from ..training.history import EpochReport, Objective, StopReason
from .opened import OpenStudy
from .prepared import Prepared
from .studies import confirmations_of


def confirm_best(
    study: OpenStudy,
    runner: TrialRunner,
    *,
    is_over: Callable[[], bool],
    say: Callable[[str], None],
) -> bool:
    """Train the best trials again, each in runs of its own; answer whether all are confirmed now.

    Args:
        study: keeps the values, so that a confirmation that was cut off goes on.
        runner: of the study's trials.
        is_over: asked before each batch whether to stop.
        say: called with a sentence about each training.
    """
    request = study.prepared.request
    known = confirmations_of(study.results)

    def train(proposal: Proposal, index: int) -> float | None:
        name = f"{trial_name(proposal.number, proposal.hyperparameters)} again, {index}"
        record = study.tracker.beside("confirmation", name)
        record.params(proposal.hyperparameters)
        record.tags({"confirms": proposal.number, "seed": proposal.seed})
        value = _train(study.prepared, runner, proposal, record, is_over)
        if value is not None:
            of_all = f"fresh seed {index} of {N_SEEDS}"
            say(f"{name}: {request.objective.value} {value:.4f} ({of_all})")
        return value

    def keep(number: int, values: Sequence[float]) -> None:
        known[number] = list(values)
        study.keep(CONFIRMATIONS, {str(key): entry for key, entry in known.items()})

    best = kept_of(study.engine.records(), request.objective, request.n_confirmed)
    return confirm(best, known, study_seed=request.seed, train=train, keep=keep)


def _train(
    prepared: Prepared,
    runner: TrialRunner,
    proposal: Proposal,
    record: Record,
    is_over: Callable[[], bool],
) -> float | None:
    def on_epoch(report: EpochReport) -> bool:
        record.metrics(epoch_metrics(report), step=report.epoch)
        return True

    try:
        result = runner(proposal, is_over, on_epoch)
    except FloatingPointError as error:
        record.tags({"failure": str(error)})
        record.end(RunStatus.FAILED)
        # It is worth what no network is worth less than: the label priors, and no label found.
        return prepared.prior_loss if _is_loss(prepared) else 0.0
    if result is None or result.stop_reason is StopReason.TIMEOUT:
        record.end(RunStatus.KILLED)
        return None
    _write(record, result)
    return result.value


def _is_loss(prepared: Prepared) -> bool:
    return prepared.request.objective is Objective.VAL_LOSS


def _write(record: Record, result: TrialResult) -> None:
    record.metrics(result.metrics)
    record.tags({"stopped": result.stop_reason.value} | dict(result.tags))
    for path, content in result.files.items():
        record.file(path, content)
    record.end(RunStatus.FINISHED)
