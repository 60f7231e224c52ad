"""A row of the leaderboard. Owns what it shows of an entry; knows no order."""

from dataclasses import dataclass
from typing import Any

from ..trial.baseline import Baseline
from ..trial.candidate import Candidate
from ..trial.confirmation import Confirmation
from ..trial.objective import Objective
from ..trial.trial import Trial

MEASURES = ("val_loss", "train_loss", "gap", "accuracy", "f1_micro", "f1_macro",
            "f1_macro_at_half", "average_precision_macro")  # fmt: skip
"""Metrics on validation that a row has."""
COUNTS = ("best_epoch", "epochs", "parameters")
"""Metrics that are whole numbers."""


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """A trial, a baseline or an ensemble on a leaderboard."""

    entry: Trial | Baseline | Candidate
    """A candidate is the study's ensemble, by its crossed measures."""
    objective: Objective
    """By which the leaderboard is ordered."""
    study: str | None = None
    """Name of its study; None for a baseline, which belongs to all studies of the data."""
    is_on_front: bool | None = None
    """Whether the trial is on the Pareto front; None with one objective, and for other entries."""
    confirmation: Confirmation | None = None
    """What the trial came to with fresh seeds; None where it was not confirmed."""

    @property
    def trial(self) -> Trial | None:
        """The trial; None for another entry."""
        return self.entry if isinstance(self.entry, Trial) else None

    @property
    def number(self) -> int | None:
        """The trial's number; None for another entry."""
        return None if self.trial is None else self.trial.number

    @property
    def name(self) -> str:
        """What the row is called."""
        return self.entry.label if isinstance(self.entry, Trial) else self.entry.name

    @property
    def state(self) -> str:
        """The trial's state, in Optuna's words; else BASELINE or ENSEMBLE."""
        if isinstance(self.entry, Candidate):
            return "ENSEMBLE"
        return "BASELINE" if self.trial is None else self.trial.state.value

    @property
    def value(self) -> float | None:
        """The objective; None for a trial without one."""
        if isinstance(self.entry, Trial):
            return self.entry.value
        return self.entry.metrics[self.objective.metric]

    @property
    def values(self) -> tuple[float, ...]:
        """Every objective of the trial; empty for another entry."""
        return () if self.trial is None else self.trial.values

    @property
    def seconds(self) -> float | None:
        """How long it took: training as measured, else from the trial's start to its end."""
        measured = self.entry.metrics.get("seconds")
        return self.trial.seconds if measured is None and self.trial is not None else measured

    @property
    def is_feasible(self) -> bool | None:
        """Whether the trial lies within the study's limits; None for another entry."""
        return None if self.trial is None else self.trial.is_feasible

    def as_dict(self, *, has_study: bool = False) -> dict[str, Any]:
        """Give the row as JSON and CSV have it.

        Args:
            has_study: whether it names its study, in its first entry.
        """
        trial, standing = self.trial, self._describe_standing()
        training = None if trial is None else trial.training
        measures = {key: self.entry.metrics.get(key) for key in (*MEASURES, *COUNTS)}
        measures["seconds"] = self.seconds
        return {
            **({"study": self.study} if has_study else {}),
            "number": self.number,
            "name": self.name,
            "state": self.state,
            "value": self.value,
            # Other entries, which have no standing, have their measures first.
            **(measures | standing if trial is None else standing | measures),
            "verdict": trial and trial.verdict and trial.verdict.value,
            "onset": None if training is None else training.diagnosis.onset,
            "stopped": None if training is None else training.stop_reason.value,
            "failure": None if trial is None else trial.failure or None,
            "start": None if trial is None else trial.start or None,
            "run_id": self.entry.run_id or None,
            "hyperparameters": {} if trial is None else dict(trial.hyperparameters),
        }

    def _describe_standing(self) -> dict[str, Any]:
        fresh = self.confirmation
        return {
            "front": self.is_on_front,
            "confirmed_mean": None if fresh is None else fresh.mean,
            "confirmed_spread": None if fresh is None else fresh.spread,
            "feasible": self.is_feasible,
        }
