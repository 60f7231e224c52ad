"""A trial: one configuration of a study, from its start to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..metrics.comparison import Comparison
from ..space.hyperparameters import Value
from .diagnosis import Diagnosis, Verdict
from .epoch import Curves
from .state import StopReason, TrialState
from .training import Training


@dataclass(frozen=True, slots=True)
class Origin:
    """The trial that another one took its values from instead of being trained."""

    number: int
    study: str = ""
    """Its study; empty for the same one."""


@dataclass(frozen=True, slots=True, repr=False)
class Trial:
    """What is known of a trial."""

    number: int
    state: TrialState
    values: tuple[float, ...] = ()
    """Every objective at the best epoch; of a pruned trial the best it had. Empty without one."""
    hyperparameters: Mapping[str, Value] = field(default_factory=dict)
    """The active ones, fixed ones included."""
    name: str = ""
    """As on the leaderboard: "#12 bigru 64·32"; empty until its run is open."""
    start: str = ""
    """Name of the start or preset that this is, or empty."""
    is_enqueued: bool = False
    """Whether the user named this configuration; it is not pruned."""
    n_epochs: int | None = None
    """Epoch up to which Hyperband trains it; None for the study's."""
    resumes: int | None = None
    """Number of the trial whose weights it continues from."""
    run_id: str = ""
    """Of its run in MLflow; empty until that is open."""
    training: Training | None = None
    """What its training came to; None before its end, and where it failed or was not trained."""
    violations: Mapping[str, float] = field(default_factory=dict)
    """By how much it lies beyond each limit of the study; above 0 it is infeasible."""
    origin: Origin | None = None
    """The trial whose values it has; None where it was trained itself."""
    refusal: str = ""
    """Why it was not trained: it has more parameters than allowed."""
    failure: str = ""
    """Why it failed or was interrupted."""
    has_diverged: bool = False
    """Whether its loss became NaN or infinite."""
    is_interrupted: bool = False
    """Whether it was cut off, by the user, an error or the end of its process."""
    has_model: bool = False
    """Whether its network was kept when it ended; it may have been dropped since."""
    has_checkpoint: bool = False
    """Whether its last epoch was kept when it ended; it may have been dropped since."""
    started: datetime | None = None
    ended: datetime | None = None

    def __repr__(self) -> str:
        return f"<Trial {self}>"

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value:.4f}"
        return f"{self.label}: {self.state.value}{value}"

    @property
    def label(self) -> str:
        """Its name, or its number where it has no name yet."""
        return self.name or f"#{self.number}"

    @property
    def value(self) -> float | None:
        """The first objective; None without an epoch."""
        return self.values[0] if self.values else None

    @property
    def metrics(self) -> Mapping[str, float]:
        """Measures on validation; empty where it has no training."""
        return {} if self.training is None else self.training.metrics

    @property
    def val_loss(self) -> float | None:
        """Validation loss at the best epoch; None without one."""
        return self.metrics.get("val_loss")

    @property
    def curves(self) -> Curves:
        """What is kept of every epoch; empty where it has no training."""
        return Curves() if self.training is None else self.training.curves

    @property
    def diagnosis(self) -> Diagnosis | None:
        """How train and validation loss developed; None where it has no training."""
        return None if self.training is None else self.training.diagnosis

    @property
    def gap(self) -> float | None:
        """Validation minus train loss at the best epoch; None where it has no training."""
        return self.metrics.get("gap")

    @property
    def stop_reason(self) -> StopReason | None:
        """Why its training ended; None where it has no training."""
        return None if self.training is None else self.training.stop_reason

    @property
    def verdict(self) -> Verdict | None:
        """The diagnosis in a word; None where there is none."""
        if self.has_diverged:
            return Verdict.DIVERGED
        return None if self.diagnosis is None else self.diagnosis.verdict

    @property
    def comparison(self) -> Comparison | None:
        """Its network against the linear baseline; None where not compared."""
        return None if self.training is None else self.training.comparison

    @property
    def seconds(self) -> float | None:
        """Wall clock from its start to its end; None where one of them is not known."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None

    @property
    def counts(self) -> bool:
        """Whether it counts toward the study's total: trained here, and not failed."""
        return self.state.counts and not self.is_refused and not self.is_reused

    @property
    def can_win(self) -> bool:
        """Whether it may be the best trial: complete, and within the study's limits."""
        return self.state is TrialState.COMPLETE and self.is_feasible

    @property
    def is_refused(self) -> bool:
        """Whether it has more parameters than allowed and was not trained."""
        return bool(self.refusal)

    @property
    def is_reused(self) -> bool:
        """Whether it was not trained: an equal one had been, here or in another study."""
        return self.origin is not None

    @property
    def ran_out_of_time(self) -> bool:
        """Whether the study's time was over before it was trained to its end."""
        return self.training is not None and self.training.stop_reason is StopReason.TIMEOUT

    @property
    def is_feasible(self) -> bool:
        """Whether it lies beyond no limit of the study."""
        return all(excess <= 0 for excess in self.violations.values())
