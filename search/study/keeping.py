"""Which networks and checkpoints are kept. Owns when they are written and when they are dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..store.trial_store import TrialStore
from ..tracking.record import Tracker
from ..tracking.trainings import CHECKPOINT_PATH, MODEL_PATH
from ..training.recorded_run import RecordedRun
from ..training.result import TrainingResult
from ..trial.ranking import trials_to_keep
from ..trial.trial import Trial
from .plan import StudyPlan


@dataclass(slots=True)
class Keeping:
    """The networks and checkpoints that a study keeps while it runs."""

    trial_store: TrialStore
    tracker: Tracker
    plan: StudyPlan
    """Says how many networks are kept; several objectives add those of the front."""
    _promotable: frozenset[int] = field(default=frozenset(), init=False)
    """Trials whose checkpoints are kept, as far as this process knows."""

    def learn(self) -> None:
        """Note whose checkpoints are kept.

        To be called after each proposal: in a resumed study the proposer knows them only then.
        """
        self._promotable |= self.trial_store.promotable

    def write(
        self, trial: Trial, others: Sequence[Trial], run: RecordedRun, result: TrainingResult
    ) -> Trial:
        """Write network and checkpoint where they are kept, before the trial ends in the database.

        A checkpoint is kept where another trial may go on from it: of every trial of Hyperband.

        Args:
            trial: as it will end.
            others: all other trials.
            run: its run, still open.
            result: of its training.

        Returns:
            The trial, which says what was kept.
        """
        is_resumable = trial.n_epochs is not None
        is_kept = trial in self._choose([*others, trial])
        if is_kept:
            run.keep(MODEL_PATH, result.save)
        if is_resumable:
            run.keep(CHECKPOINT_PATH, result.save_checkpoint)
        return replace(trial, has_model=is_kept, has_checkpoint=is_resumable)

    def drop(self, trial: Trial, others: Sequence[Trial]) -> None:
        """Drop what need not be kept any more, after a trial has ended."""
        kept = {entry.number for entry in self._choose([*others, trial])}
        for entry in self._choose(others):
            if entry.number not in kept:
                self.tracker.reopen(entry.run_id).drop(MODEL_PATH)
        promotable = self.trial_store.promotable
        stale = (self._promotable | {trial.number}) - promotable
        self._promotable = promotable
        for entry in self.trial_store.trials() if stale else ():
            if entry.number in stale and entry.has_checkpoint:
                self.tracker.reopen(entry.run_id).drop(CHECKPOINT_PATH)

    def _choose(self, trials: Sequence[Trial]) -> list[Trial]:
        return trials_to_keep(trials, self.plan.objectives, self.plan.n_kept)
