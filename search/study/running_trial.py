"""A trial that this process runs. Owns how it ends in both stores, whatever happens.

Weights are written first, then the database of studies, then the record. So no finished trial is
lost when the process dies.
"""

import time
from dataclasses import replace
from functools import partial
from typing import Any

from ..store.trial_store import TrialStore
from ..tracking.record import RunStatus, Tracker
from ..tracking.trainings import RUN_STATUS, write_proposal
from ..training.recorded_run import RecordedRun, describe_error
from ..training.result import Train, TrainingResult
from ..trial.control import Control
from ..trial.limits import GAP, PARAMETERS, Limits
from ..trial.objective import Objectives
from ..trial.proposal import Proposal
from ..trial.ranking import best_trial
from ..trial.state import StopReason, TrialState
from ..trial.trial import Trial
from .keeping import Keeping
from .reuse import find_origin, write_reused

_CAUSE_LENGTH = 500


class RunningTrial:
    """A trial from its proposal to its end."""

    def __init__(
        self, proposal: Proposal, trial_store: TrialStore, tracker: Tracker, objectives: Objectives
    ) -> None:
        """Begin with a trial that was just proposed."""
        self.proposal = proposal
        self.name = proposal.name
        self.trial = Trial(
            number=proposal.number,
            state=TrialState.RUNNING,
            hyperparameters=proposal.hyperparameters,
            start=proposal.start,
            is_enqueued=proposal.is_enqueued,
            n_epochs=proposal.n_epochs,
            resumes=proposal.resumes,
        )
        self._trial_store = trial_store
        self._tracker = tracker
        self._objectives = objectives
        self._run: RecordedRun | None = None
        self._has_ended = False
        """In the database."""
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Wall clock since its run was opened."""
        return time.monotonic() - self._started

    def check_size(self, n_parameters: int, limits: Limits) -> bool:
        """Note by how much its network exceeds the limit; return whether it may be trained."""
        violations = limits.violations({PARAMETERS: n_parameters})
        self.trial = replace(self.trial, violations=violations)
        self._trial_store.save(self.trial)
        return self.trial.is_feasible

    def refuse(self, reason: str) -> None:
        """End it untrained."""
        # Pruned and infeasible: the sampler would learn nothing from a failed trial.
        self._end(TrialState.PRUNED, refusal=reason)

    def reuse(self, earlier: Trial) -> None:
        """End it with the values of a trial with the same hyperparameters."""
        violations = {k: v for k, v in earlier.violations.items() if k != PARAMETERS}
        violations |= self.trial.violations
        self.trial = replace(
            self.trial, name=self.name, origin=find_origin(earlier), violations=violations
        )
        self._trial_store.save(self.trial)
        if earlier.state is TrialState.PRUNED and earlier.value is not None:
            n_epochs = earlier.curves.n_epochs or 1
            self._trial_store.report(self.trial.number, n_epochs, earlier.value)
        self._end(earlier.state, values=earlier.values)
        write_reused(self._tracker, self.proposal, earlier, self._objectives)

    def open(self) -> None:
        """Open its run."""
        record = self._tracker.trial(
            self.trial.number, self.name, {"state": TrialState.RUNNING.value}
        )
        self._run = RecordedRun(record, self._objectives.first)
        self.trial = replace(self.trial, run_id=record.run_id, name=self.name)
        self._trial_store.save(self.trial)
        write_proposal(record, self.proposal)
        self._started = time.monotonic()

    def train(self, train: Train, control: Control, others: list[Trial]) -> TrainingResult | None:
        """Train it; return None if time was over before its first epoch."""
        best = best_trial(others, self._objectives.first)
        return self.run.train(
            train,
            self.proposal,
            control,
            best=None if best is None else best.value,
            is_hopeless=partial(self._trial_store.report, self.trial.number),
        )

    def finish(self, result: TrainingResult, keeping: Keeping, limits: Limits) -> None:
        """End it with the result of its training."""
        number, training = self.trial.number, result.training
        others = [trial for trial in self._trial_store.trials() if trial.number != number]
        is_pruned = training.stop_reason is StopReason.PRUNED
        state = TrialState.PRUNED if is_pruned else TrialState.COMPLETE
        gap = limits.violations({GAP: training.diagnosis.gap})
        ended = replace(
            self.trial,
            state=state,
            values=self._objectives.values(result.value, training.metrics),
            training=training,
            violations={**self.trial.violations, **gap},
        )
        self.trial = keeping.write(ended, others, self.run, result)
        self._end(state)
        tags = {"feasible": "yes" if self.trial.is_feasible else "no"} if gap else {}
        self.run.write(result, tags)
        self.run.end(state, RUN_STATUS[state])
        keeping.drop(self.trial, others)

    def fail(self, error: Exception) -> str:
        """End it with an error; return the cause in one line."""
        cause = describe_error(error)
        diverged = isinstance(error, FloatingPointError)
        self._end(TrialState.FAIL, failure=cause[:_CAUSE_LENGTH], has_diverged=diverged)
        self.run.write_failure(error)
        self.run.end(TrialState.FAIL, RUN_STATUS[TrialState.FAIL])
        return cause

    def cut_off(self, cause: str) -> None:
        """End it in both stores, to be repeated; do nothing if it has ended already."""
        if self._has_ended:
            return
        self._has_ended = True
        self._trial_store.interrupt(self.trial, cause)
        if self._run is not None:
            self._run.record.tags({"failure": cause})
            self._run.end(TrialState.FAIL, RunStatus.KILLED)

    @property
    def run(self) -> RecordedRun:
        """Its run.

        Raises:
            ValueError: it is not open.
        """
        if self._run is None:
            raise ValueError(f"{self.name}: its run is not open")
        return self._run

    def _end(self, state: TrialState, **changes: Any) -> None:
        self.trial = replace(self.trial, state=state, **changes)
        self._trial_store.save(self.trial)
        # Set first: after an interrupt during the last write only the database knows whether the
        # trial has ended. The recovery reads it there.
        self._has_ended = True
        self._trial_store.end(self.trial)
