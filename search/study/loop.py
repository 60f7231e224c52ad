"""The loop: ask for a trial, run it, record it, tell how it ended, until the budget is spent.

Owns the order in which the two stores are written, so that a process that dies at any moment
loses no finished trial: the weights first, then the store of studies, then the record.
Knows engine and tracker as protocols, and a trial as a function.
"""

import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from ..engines.trials import Proposal, TrialRecord, TrialState
from ..errors import StudyError
from ..space.hyperparameters import Value
from ..tracking.record import Record, RunStatus, Tracker
from ..training.diagnosis import Verdict
from ..training.history import EpochReport, Objective, StopReason
from .events import EpochEnded, Event, TrialEnded, TrialRefused, TrialStarted
from .naming import proposal_name
from .settings import Budget
from .standing import best_of, is_met, kept_of, n_done

MODEL_PATH = "model"
"""Artifact folder of a trial run in which its network is kept."""
RUN_STATUS = {
    TrialState.COMPLETE: RunStatus.FINISHED,
    TrialState.PRUNED: RunStatus.KILLED,
    TrialState.FAIL: RunStatus.FAILED,
}
"""How the run of a trial ends that ended in one of these states; a cut-off one is KILLED."""
_MAX_FAILURES = 5
_MAX_REFUSALS = 200


class Engine(Protocol):
    """What proposes trials and keeps what came of them."""

    def ask(self) -> Proposal:
        """Propose the next trial."""

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        """Keep facts of a running trial."""

    def constrain(self, number: int, limit: str, excess: float) -> None:
        """Keep by how much a running trial lies beyond a limit; above 0 it is infeasible."""

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        """Take the best value up to an epoch; answer whether to give the trial up."""

    def tell(self, number: int, state: TrialState, value: float | None) -> None:
        """End a trial."""

    def abandon(self, number: int, cause: str) -> None:
        """End a trial that was cut off, and propose the same again later."""

    def records(self) -> list[TrialRecord]:
        """List all trials by number."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial's training came to, ready to be recorded."""

    value: float
    """The objective at the best epoch."""
    gap: float
    """Validation minus train loss at the best epoch."""
    stop_reason: StopReason
    facts: Mapping[str, Any]
    """Kept in the store of studies; JSON."""
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    files: Mapping[str, bytes]
    """Artifacts by path."""
    save: Callable[[Path], None]
    """Writes the network into a folder that is there."""


RunTrial = Callable[
    [Proposal, Callable[[], bool], Callable[[EpochReport], bool]], TrialResult | None
]
"""Trains a proposal, asking before each batch whether time is over, and reporting each epoch; gives
None where time was over before the first."""


class Ending(StrEnum):
    """Why a study's run ended."""

    TRIALS = "all trials done"
    TARGET = "target met"
    TIMEOUT = "time over"


@dataclass(slots=True)
class Loop:
    """One run of a study."""

    engine: Engine
    tracker: Tracker
    run_trial: RunTrial
    count_parameters: Callable[[Mapping[str, Value]], int]
    objective: Objective
    budget: Budget
    listen: Callable[[Event], None]
    is_interrupted: Callable[[], bool] = lambda: False
    """Whether the user wants to stop: asked before each batch, where no store is being written."""
    is_time_over: Callable[[], bool] = lambda: False
    """Asked before each trial and batch."""
    disproved: Collection[int] = ()
    """Trials that do not meet the target, whatever their value: fresh seeds have shown it."""
    n_kept: int = 3
    """Trials whose network is kept, at least 1."""
    _open: tuple[int, Record | None] | None = field(default=None, init=False)
    """The trial that nobody has ended yet: its number, and its run once there is one."""
    _n_failures: int = field(default=0, init=False)
    _n_refusals: int = field(default=0, init=False)

    def run(self) -> Ending:
        """Run trials until the budget is spent; a study that is done already runs none.

        Raises:
            StudyError: five trials in a row failed, or two hundred proposals in a row were
                larger than the budget allows.
            KeyboardInterrupt: the user wanted to stop; the running trial is recorded as cut off
                first.
        """
        try:
            while (ending := self._ending()) is None:
                if self.is_interrupted():
                    raise KeyboardInterrupt
                self._run_next()
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            self._cut_off("interrupted" if interrupted else _cause_of(error))
            raise
        return ending

    def _run_next(self) -> None:
        proposal = self.engine.ask()
        self._open = proposal.number, None
        n_parameters = self.count_parameters(proposal.hyperparameters)
        limit = self.budget.max_parameters
        if limit is not None and n_parameters > limit:
            self._refuse(proposal, n_parameters, limit)
        else:
            self._n_refusals = 0
            self._run(proposal, n_parameters)

    def _ending(self) -> Ending | None:
        records = self.engine.records()
        trusted = [record for record in records if record.number not in self.disproved]
        if is_met(trusted, self.objective, self.budget.target):
            return Ending.TARGET
        if n_done(records) >= self.budget.n_trials:
            return Ending.TRIALS
        return Ending.TIMEOUT if self.is_time_over() else None

    def _is_over(self) -> bool:
        return self.is_interrupted() or self.is_time_over()

    def _refuse(self, proposal: Proposal, n_parameters: int, limit: int) -> None:
        name = proposal_name(proposal)
        self.engine.note(proposal.number, {"refused": f"{n_parameters} parameters > {limit}"})
        self._tell(proposal.number, TrialState.FAIL, None)
        if not self._n_refusals:
            self.listen(TrialRefused(proposal.number, name, n_parameters))
        self._n_refusals += 1
        if self._n_refusals >= _MAX_REFUSALS:
            raise StudyError(
                f"--max-parameters: expected a network of at most {limit} parameters, "
                f"the space gave none in {_MAX_REFUSALS} proposals (the last has {n_parameters})",
                "Raise --max-parameters, or lower vocabulary_size or embedding_size in the space.",
            )

    def _run(self, proposal: Proposal, n_parameters: int) -> None:
        number = proposal.number
        name = proposal_name(proposal)
        records = self.engine.records()
        record = self.tracker.trial(number, name, {"state": TrialState.RUNNING.value})
        self._open = number, record
        self.engine.note(number, {"run_id": record.run_id, "name": name})
        record.params(proposal.hyperparameters)
        record.tags({"seed": proposal.seed} | ({"start": proposal.start} if proposal.start else {}))
        self.listen(TrialStarted(number, name, n_done(records), n_parameters))
        started = time.monotonic()
        on_epoch = self._epoch_listener(number, record, best_of(records, self.objective))
        try:
            result = self.run_trial(proposal, self._is_over, on_epoch)
        except Exception as error:
            self._fail(proposal, name, record, error, time.monotonic() - started)
        else:
            self._n_failures = 0
            seconds = time.monotonic() - started
            is_whole = result is not None and result.stop_reason is not StopReason.TIMEOUT
            if self.is_interrupted() and not is_whole:
                raise KeyboardInterrupt
            if result is None:
                self._cut_off("time over before its first epoch")
            else:
                self._finish(number, name, record, result, seconds)

    def _tell(self, number: int, state: TrialState, value: float | None) -> None:
        # First: whether a trial is ended that was interrupted in here, the sweep finds out.
        self._open = None
        self.engine.tell(number, state, value)

    def _cut_off(self, cause: str) -> None:
        """End the open trial, if there is one, in both stores, to be run again."""
        if self._open is None:
            return
        number, record = self._open
        self._open = None
        self.engine.abandon(number, cause)
        if record is not None:
            record.tags({"state": TrialState.FAIL.value, "failure": cause})
            record.end(RunStatus.KILLED)

    def _epoch_listener(
        self, number: int, record: Record, best: TrialRecord | None
    ) -> Callable[[EpochReport], bool]:
        best_here: float | None = None
        best_there = None if best is None else best.value

        def on_epoch(report: EpochReport) -> bool:
            nonlocal best_here
            value = report.value(self.objective)
            if best_here is None or self.objective.is_better(value, best_here):
                best_here = value
            record.metrics(epoch_metrics(report), step=report.epoch)
            there = best_there
            if there is None or self.objective.is_better(best_here, there):
                there = best_here
            self.listen(EpochEnded(number, report, value, there))
            return not self.engine.report(number, report.epoch, best_here)

        return on_epoch

    def _finish(
        self, number: int, name: str, record: Record, result: TrialResult, seconds: float
    ) -> None:
        pruned = result.stop_reason is StopReason.PRUNED
        state = TrialState.PRUNED if pruned else TrialState.COMPLETE
        before = self.engine.records()
        rivals = kept_of(before, self.objective, self.n_kept)
        last = rivals[-1].value if len(rivals) == self.n_kept else None
        within = self.budget.max_gap is None or result.gap <= self.budget.max_gap
        can_win = not pruned and within
        if can_win and (last is None or self.objective.is_better(result.value, last)):
            keep_network(record, result)
            self.engine.note(number, {"has_model": True})
        self.engine.note(number, result.facts)
        tags = {"state": state.value}
        if self.budget.max_gap is not None:
            self.engine.constrain(number, "gap", result.gap - self.budget.max_gap)
            tags["feasible"] = "yes" if within else "no"
        self._tell(number, state, result.value)
        write_result(record, result, tags)
        record.end(RUN_STATUS[state])
        after = self.engine.records()
        self._drop_beaten(rivals, kept_of(after, self.objective, self.n_kept))
        best = best_of(after, self.objective)
        is_best = best is not None and best.number == number
        reason = result.stop_reason.value
        self.listen(TrialEnded(number, name, state, result.value, is_best, reason, seconds))

    def _drop_beaten(self, before: list[TrialRecord], after: list[TrialRecord]) -> None:
        kept = {record.number for record in after}
        for record in before:
            if record.number not in kept:
                self.tracker.reopen(record.facts["run_id"]).drop(MODEL_PATH)

    def _fail(
        self, proposal: Proposal, name: str, record: Record, error: Exception, seconds: float
    ) -> None:
        cause = _cause_of(error)
        diverged = isinstance(error, FloatingPointError)
        verdict = {"verdict": Verdict.DIVERGED.value} if diverged else {}
        self.engine.note(proposal.number, {"failure": cause[:500]} | verdict)
        self._tell(proposal.number, TrialState.FAIL, None)
        record.tags({"state": TrialState.FAIL.value, "failure": cause} | verdict)
        record.file("traceback.txt", "".join(traceback.format_exception(error)).encode())
        record.end(RUN_STATUS[TrialState.FAIL])
        self.listen(TrialEnded(proposal.number, name, TrialState.FAIL, None, False, cause, seconds))
        self._n_failures += 1
        if self._n_failures >= _MAX_FAILURES:
            raise StudyError(
                f"{_MAX_FAILURES} trials in a row failed, the last with {cause}",
                "Its traceback is an artifact of its run. Mend the cause and run the same again.",
            )


def keep_network(record: Record, result: TrialResult) -> None:
    """Keep the network of a training in its run."""
    with TemporaryDirectory() as directory:
        result.save(Path(directory))
        record.folder(MODEL_PATH, Path(directory))


def write_result(record: Record, result: TrialResult, tags: Mapping[str, str]) -> None:
    """Write what a training came to into its run, with further tags; leave the run open."""
    record.metrics(result.metrics)
    record.tags({"stopped": result.stop_reason.value, **tags, **result.tags})
    for path, content in result.files.items():
        record.file(path, content)


def epoch_metrics(report: EpochReport) -> dict[str, float]:
    """Name the numbers of an epoch as they are recorded.

    Apart from those of the finished trial: `val_loss` is that of its best epoch, and what is
    before the slash groups the charts of the MLflow UI.
    """
    return {
        "epoch/train_loss": report.train_loss,
        "epoch/val_loss": report.val_loss,
        "epoch/fit_loss": report.fit_loss,
        "epoch/train_accuracy": report.train_accuracy,
        "epoch/val_accuracy": report.val_accuracy,
        "epoch/f1_micro": report.f1_micro,
        "epoch/f1_macro": report.f1_macro,
        "epoch/seconds": report.seconds,
    }


def _cause_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}".splitlines()[0]
