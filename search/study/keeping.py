"""Which networks and checkpoints stay. Owns when a trial's are written, and when they are dropped.

Knows the store of studies and the record as protocols.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..engines.trials import TrialRecord
from ..tracking.record import Record, Tracker
from .engine import Engine
from .objectives import Objectives
from .result import CHECKPOINT_PATH, MODEL_PATH, TrialResult, keep_checkpoint, keep_network
from .standing import worth_keeping


@dataclass(slots=True)
class Keeping:
    """The networks and checkpoints that a study keeps while it runs."""

    engine: Engine
    tracker: Tracker
    objectives: Objectives
    n_kept: int
    """Trials whose network is kept, at least 1; with several objectives the front's, too."""
    _promotable: frozenset[int] = field(default=frozenset(), init=False)
    """Trials whose checkpoints are kept, as far as this process has learned."""

    def learn(self) -> None:
        """Learn whose checkpoints are kept; an engine knows those of a resumed study once asked."""
        self._promotable |= self.engine.promotable

    def write(
        self,
        trial: TrialRecord,
        others: Sequence[TrialRecord],
        record: Record,
        result: TrialResult,
        *,
        is_resumable: bool,
    ) -> None:
        """Write what is kept of a trial, before it is told to the engine.

        Args:
            trial: as it will be told.
            others: all other trials.
            record: its run, still open.
            result: what its training came to.
            is_resumable: whether another trial may go on from its last epoch.
        """
        if trial in worth_keeping([*others, trial], self.objectives, self.n_kept):
            keep_network(record, result)
            self.engine.note(trial.number, {"has_model": True})
        if is_resumable:
            keep_checkpoint(record, result)
            self.engine.note(trial.number, {"has_checkpoint": True})

    def drop(self, trial: TrialRecord, others: Sequence[TrialRecord]) -> None:
        """Drop, after a trial was told, what is not worth keeping any more."""
        after = worth_keeping([*others, trial], self.objectives, self.n_kept)
        kept = {record.number for record in after}
        for record in worth_keeping(others, self.objectives, self.n_kept):
            if record.number not in kept:
                self.tracker.reopen(record.facts["run_id"]).drop(MODEL_PATH)
        promotable = self.engine.promotable
        stale = (self._promotable | {trial.number}) - promotable
        self._promotable = promotable
        for record in self.engine.records() if stale else ():
            if record.number in stale and "has_checkpoint" in record.facts:
                self.tracker.reopen(record.facts["run_id"]).drop(CHECKPOINT_PATH)
