"""One training in a run of its own, outside of a study's trials.

Owns what such a run has, however its training ends, and how a run ends that an error leaves; knows
no command.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..engines.trials import Proposal
from ..study.result import TrialResult, epoch_metrics, write_result
from ..study.trial import TrialRunner
from ..tracking.record import Record, RunStatus
from ..training.diagnosis import Verdict
from ..training.history import EpochReport, StopReason


@contextmanager
def ended_on_error(record: Record) -> Iterator[None]:
    """End a run that an error leaves: as KILLED where it is an interrupt, else as FAILED.

    Raises:
        BaseException: the error, always.
    """
    try:
        yield
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        record.end(RunStatus.KILLED if interrupted else RunStatus.FAILED)
        raise


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

    with ended_on_error(record):
        try:
            result = runner(proposal, is_over, report)
        except FloatingPointError as error:
            record.tags({"failure": str(error), "verdict": Verdict.DIVERGED.value})
            record.file("traceback.txt", "".join(traceback.format_exception(error)).encode())
            raise
        if result is None or result.stop_reason is StopReason.TIMEOUT:
            record.end(RunStatus.KILLED)
            return None
        write_result(record, result, {})
    return result
