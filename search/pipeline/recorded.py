"""One training in a run of its own, outside of a study's trials.

Owns what such a run has, however its training ends; knows no command.
"""

import traceback
from collections.abc import Callable

from ..engines.trials import Proposal
from ..study.loop import TrialResult, epoch_metrics, write_result
from ..study.trial import TrialRunner
from ..tracking.record import Record, RunStatus
from ..training.history import EpochReport, StopReason


def train_recorded(
    runner: TrialRunner,
    proposal: Proposal,
    record: Record,
    *,
    is_over: Callable[[], bool],
    on_epoch: Callable[[EpochReport], None] = lambda _report: None,
) -> TrialResult | None:
    """Train a proposal and write epochs and result into its run, which is left open.

    Args:
        runner: trains it.
        proposal: what is trained.
        record: its run.
        is_over: asked before each batch whether to stop.
        on_epoch: called with each epoch.

    Returns:
        None where it was stopped before its end; the run is ended as KILLED then.

    Raises:
        FloatingPointError: it diverged; the run has the traceback, and is ended as FAILED.
    """

    def report(epoch: EpochReport) -> bool:
        record.metrics(epoch_metrics(epoch), step=epoch.epoch)
        on_epoch(epoch)
        return True

    try:
        result = runner(proposal, is_over, report)
    except FloatingPointError as error:
        record.tags({"failure": str(error)})
        record.file("traceback.txt", "".join(traceback.format_exception(error)).encode())
        record.end(RunStatus.FAILED)
        raise
    if result is None or result.stop_reason is StopReason.TIMEOUT:
        record.end(RunStatus.KILLED)
        return None
    write_result(record, result, {})
    return result
