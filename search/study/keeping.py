"""Which networks and checkpoints are kept. Owns when they are written and when they are dropped.

Kept are the networks of the best trials and of the ensemble's members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ..candidates.kept_predictions import PREDICTIONS_FILE, pack_predictions
from ..store.trial_store import TrialStore
from ..tracking.record import Tracker
from ..tracking.trainings import CHECKPOINT_PATH, MODEL_PATH
from ..training.recorded_run import RecordedRun
from ..training.result import TrainingResult
from ..trial.ranking import trials_to_keep
from ..trial.trial import Trial
from .plan import StudyPlan
from .roster import Roster


@dataclass(slots=True)
class Keeping:
    """The networks and checkpoints that a study keeps while it runs."""

    trial_store: TrialStore
    tracker: Tracker
    plan: StudyPlan
    """Says how many networks are kept; several objectives add those of the front."""
    roster: Roster
    """The models whose weights are kept."""
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
        is_kept = trial in self._choose([*others, trial]) or (
            trial.can_win and self.roster.would_take(trial, result.probabilities)
        )
        if is_kept:
            run.keep(MODEL_PATH, partial(save_model, result, self.roster.split))
            self.roster.add(trial, result.probabilities)
        if is_resumable:
            run.keep(CHECKPOINT_PATH, result.save_checkpoint)
        return replace(trial, has_model=is_kept, has_checkpoint=is_resumable)

    def drop(self, trial: Trial, others: Sequence[Trial]) -> None:
        """Drop what need not be kept any more, after a trial has ended."""
        if trial.has_model:
            self._drop_beaten(trial, others)
        promotable = self.trial_store.promotable
        stale = (self._promotable | {trial.number}) - promotable
        self._promotable = promotable
        for entry in self.trial_store.trials() if stale else ():
            if entry.number in stale and entry.has_checkpoint:
                self.tracker.reopen(entry.run_id).drop(CHECKPOINT_PATH)

    def _drop_beaten(self, trial: Trial, others: Sequence[Trial]) -> None:
        """Drop the networks that are no longer among the best, and not in the ensemble.

        The roster has networks of fresh seeds too, which stay.
        """
        kept = {entry.run_id for entry in self._choose([*others, trial])}
        kept |= self.roster.find_ensemble()
        there = {entry.run_id for entry in (*self._choose(others), *self.roster.networks)}
        beaten = there.intersection(entry.run_id for entry in others) - kept
        for run_id in sorted(beaten):
            self.tracker.reopen(run_id).drop(MODEL_PATH)
            self.roster.remove(run_id)

    def _choose(self, trials: Sequence[Trial]) -> list[Trial]:
        return trials_to_keep(trials, self.plan.objectives, self.plan.n_kept)


def save_model(result: TrainingResult, split: str, directory: Path) -> None:
    """Write a network, and what it predicts for validation, into a folder that is there."""
    result.save(directory)
    content = pack_predictions(result.probabilities, split)
    (directory / PREDICTIONS_FILE).write_bytes(content)
