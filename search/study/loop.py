"""The loop: ask for a trial, run it, record it, tell how it ended, until the budget is spent.

Owns the order in which the two stores are written, so that a process that dies at any moment
loses no finished trial: the weights first, then the store of studies, then the record.
Knows engine and tracker as protocols, and a trial as a function.
"""

import time
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..engines.trials import (
    EXCESS,
    REUSED,
    STOPPED,
    Proposal,
    SpaceExhausted,
    TrialRecord,
    TrialState,
)
from ..errors import SearchError, StudyError
from ..space.hyperparameters import Value
from ..tracking.record import Record, RunStatus, Tracker
from ..training.diagnosis import Verdict
from ..training.history import EpochReport, StopReason
from .ending import Ending, ending_of
from .engine import Engine
from .events import EpochEnded, Event, TrialEnded, TrialRefused, TrialReused, TrialStarted
from .keeping import Keeping
from .naming import proposal_name
from .objectives import Objectives
from .result import (
    RUN_STATUS,
    RunTrial,
    TrialResult,
    epoch_metrics,
    write_proposal,
    write_result,
)
from .reuse import epoch_of, evaluated_before, origin_of, write_reused
from .settings import Budget
from .standing import best_of, n_done

_MAX_FAILURES = 5
_MAX_REFUSALS = 200
_MAX_REUSES = 50
"""Proposals in a row that were all evaluated before: the space has hardly any others."""


@dataclass(slots=True)
class Loop:
    """One run of a study."""

    engine: Engine
    tracker: Tracker
    run_trial: RunTrial
    count_parameters: Callable[[Mapping[str, Value]], int]
    objectives: Objectives
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
    _n_reuses: int = field(default=0, init=False)
    _keeping: Keeping = field(init=False)

    def __post_init__(self) -> None:
        """Make what keeps networks and checkpoints."""
        self._keeping = Keeping(self.engine, self.tracker, self.objectives, self.n_kept)

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
        except SpaceExhausted:
            return Ending.EXHAUSTED
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            self._cut_off("interrupted" if interrupted else _cause_of(error))
            raise
        return ending

    def _run_next(self) -> None:
        proposal = self.engine.ask()
        self._open = proposal.number, None
        self._keeping.learn()
        n_parameters = self.count_parameters(proposal.hyperparameters)
        limit = self.budget.max_parameters
        if limit is not None:
            self.engine.constrain(proposal.number, "parameters", n_parameters / limit - 1.0)
        if limit is not None and n_parameters > limit:
            self._refuse(proposal, n_parameters, limit)
            return
        self._n_refusals = 0
        earlier = evaluated_before(proposal, self.engine.records())
        if earlier is not None:
            self._reuse(proposal, earlier)
        else:
            self._n_reuses = 0
            self._run(proposal, n_parameters)

    def _ending(self) -> Ending | None:
        records = self.engine.records()
        ending = ending_of(records, self.objectives, self.budget, self.disproved)
        return Ending.TIMEOUT if ending is None and self.is_time_over() else ending

    def _is_over(self) -> bool:
        return self.is_interrupted() or self.is_time_over()

    def _refuse(self, proposal: Proposal, n_parameters: int, limit: int) -> None:
        name = proposal_name(proposal)
        self.engine.note(proposal.number, {"refused": f"{n_parameters} parameters > {limit}"})
        # Pruned and infeasible: of a failed one the sampler would learn nothing.
        self._tell(proposal.number, TrialState.PRUNED, None)
        if not self._n_refusals:
            self.listen(TrialRefused(proposal.number, name, n_parameters))
        self._n_refusals += 1
        if self._n_refusals >= _MAX_REFUSALS:
            raise StudyError(
                f"--max-parameters: expected a network of at most {limit} parameters, "
                f"the space gave none in {_MAX_REFUSALS} proposals (the last has {n_parameters})",
                "Raise --max-parameters, or lower vocabulary_size or embedding_size in the space.",
            )

    def _reuse(self, proposal: Proposal, earlier: TrialRecord) -> None:
        """Take the values of a trial with the same hyperparameters instead of training again."""
        number, name = proposal.number, proposal_name(proposal)
        self.engine.note(number, {REUSED: origin_of(earlier), "name": name})
        for limit, excess in earlier.facts.get(EXCESS, {}).items():
            if limit != "parameters":
                self.engine.constrain(number, limit, excess)
        if earlier.state is TrialState.PRUNED and earlier.value is not None:
            self.engine.report(number, epoch_of(earlier), earlier.value)
        self._tell(number, earlier.state, earlier.values)
        write_reused(self.tracker, proposal, earlier, self.objectives)
        self.listen(TrialReused(number, name, earlier.facts.get("name", ""), earlier.value))
        self._n_reuses += 1
        if self._n_reuses >= _MAX_REUSES:
            raise SpaceExhausted

    def _run(self, proposal: Proposal, n_parameters: int) -> None:
        number = proposal.number
        name = proposal_name(proposal)
        records = self.engine.records()
        record = self.tracker.trial(number, name, {"state": TrialState.RUNNING.value})
        self._open = number, record
        self.engine.note(number, {"run_id": record.run_id, "name": name})
        write_proposal(record, proposal)
        self.listen(TrialStarted(number, name, n_done(records), n_parameters))
        started = time.monotonic()
        on_epoch = self._epoch_listener(number, record, best_of(records, self.objectives.first))
        try:
            result = self.run_trial(proposal, self._is_over, on_epoch)
        except SearchError:
            # Of a store, not of the trial, which is cut off.
            raise
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
                self._finish(proposal, name, record, result, seconds)

    def _tell(self, number: int, state: TrialState, values: Sequence[float] | None) -> None:
        # First: whether a trial is ended that was interrupted in here, the sweep finds out.
        self._open = None
        self.engine.tell(number, state, values)

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
        objective = self.objectives.first
        best_here: float | None = None
        best_there = None if best is None else best.value

        def on_epoch(report: EpochReport) -> bool:
            nonlocal best_here
            value = report.value(objective)
            if best_here is None or objective.is_better(value, best_here):
                best_here = value
            record.metrics(epoch_metrics(report), step=report.epoch)
            there = best_there
            if there is None or objective.is_better(best_here, there):
                there = best_here
            self.listen(EpochEnded(number, report, value, there))
            return not self.engine.report(number, report.epoch, best_here)

        return on_epoch

    def _finish(
        self, proposal: Proposal, name: str, record: Record, result: TrialResult, seconds: float
    ) -> None:
        number = proposal.number
        others = [known for known in self.engine.records() if known.number != number]
        trial = self._ended(proposal, record.run_id, result)
        is_resumable = proposal.n_epochs is not None
        self._keeping.write(trial, others, record, result, is_resumable=is_resumable)
        self.engine.note(number, result.facts)
        self._tell(number, trial.state, trial.values)
        tags = {"state": trial.state.value}
        if self.budget.max_gap is not None:
            tags["feasible"] = "yes" if trial.is_feasible else "no"
        write_result(record, result, tags)
        record.end(RUN_STATUS[trial.state])
        self._keeping.drop(trial, others)
        best = best_of([*others, trial], self.objectives.first)
        reason = result.stop_reason.value
        self.listen(
            TrialEnded(number, name, trial.state, result.value, best is trial, reason, seconds)
        )

    def _ended(self, proposal: Proposal, run_id: str, result: TrialResult) -> TrialRecord:
        """Make the record of a trial that was trained; a limit on its gap is told to the engine."""
        pruned = result.stop_reason is StopReason.PRUNED
        facts: dict[str, Any] = {"run_id": run_id, STOPPED: result.stop_reason.value}
        if self.budget.max_gap is not None:
            excess = result.gap - self.budget.max_gap
            self.engine.constrain(proposal.number, "gap", excess)
            facts[EXCESS] = {"gap": excess}
        return TrialRecord(
            number=proposal.number,
            state=TrialState.PRUNED if pruned else TrialState.COMPLETE,
            values=self.objectives.values(result.value, result.metrics),
            hyperparameters=proposal.hyperparameters,
            facts=facts,
            started=None,
            ended=None,
        )

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


def _cause_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}".splitlines()[0]
