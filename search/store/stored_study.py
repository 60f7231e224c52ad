"""A study as the database keeps it: its settings and its results besides trials. Knows no key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..data.corpus import DataSource
from ..metrics.learning_curves import LearningCurves
from ..trial.baseline import LINEAR, Baseline
from ..trial.candidate import Contest, SealedReading
from ..trial.confirmation import Confirmations
from ..trial.fingerprint import Fingerprint
from ..trial.objective import Objectives


@dataclass(frozen=True, slots=True)
class StudySettings:
    """What is needed to resume a study and to read its results."""

    fingerprint: Fingerprint
    source: DataSource
    corpus: str
    """Its name."""
    space: str
    """Its name."""
    target: float | None
    prior_loss: float
    """Validation loss of the label priors."""
    forced_loss: float
    """Validation loss that no model can undercut, because equal texts have different labels."""
    floor: float | None
    """Irreducible loss, known where the data are generated; else None."""
    leaks: bool
    """Whether the texts name their labels."""
    study_run_id: str
    """Of the study's run in MLflow."""
    strategy: Mapping[str, Any]
    """Engine, sampler, pruner and tuner with their options, JSON."""
    n_trials: int
    """Total that was last asked for."""
    embeddings: str | None
    """Path of the file of word vectors."""
    begun_from: str | None = None
    """Name of the study whose trials it was begun with; None for no study."""
    max_parameters: int | None = None
    """Of a network, and of an ensemble; None for no limit."""
    is_begun: bool = True
    """Whether its presets, starts and adopted trials have been added."""

    @property
    def objectives(self) -> Objectives:
        """What the study searches for."""
        return Objectives.parse(self.fingerprint.objective)


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """What the database has of a study besides its trials."""

    name: str
    settings: StudySettings
    last_searched: datetime
    baselines: tuple[Baseline, ...] = ()
    confirmations: Confirmations = field(default_factory=dict)
    curves: LearningCurves | None = None
    contest: Contest | None = None
    """The candidates, compared when a search ended; None before that."""
    test_readings: Mapping[str, SealedReading] = field(default_factory=dict)
    """What was measured on the test split, by the key of the candidate."""

    @property
    def linear(self) -> Baseline | None:
        """The linear baseline; None where it was not fitted."""
        return next((entry for entry in self.baselines if entry.name == LINEAR), None)

    @property
    def results(self) -> tuple[object, ...]:
        """All that was written of it besides its settings."""
        return self.baselines, self.confirmations, self.curves, self.contest, self.test_readings
