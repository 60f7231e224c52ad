"""What a study searches for: the table of objectives, and one or several of them together.

Owns everything that depends on the objective: its metric and direction, how it is read from an
epoch, how two models are compared by it. A new objective is one more entry of the table; a new
measure of quality also needs its comparison, and its value without skill.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import le
from typing import Literal, Self

from ..errors import StudyError
from ..metrics.comparison import Comparison, compare, compare_macro_f1, text_losses
from ..metrics.matrices import Labels, Probabilities
from ..metrics.predictions import predict_labels
from ..metrics.task import Task
from .arguments import check_known
from .epoch import Curves, EpochReport

Direction = Literal["minimize", "maximize"]


@dataclass(frozen=True, slots=True)
class Objective:
    """One thing that a study minimises or maximises, measured on validation."""

    name: str
    """As the user writes it."""
    metric: str
    """Name under which a trial's value is recorded; of a quality also that of an epoch's value."""
    is_minimized: bool = True
    """Whether a lower value is better."""
    is_log: bool = False
    """Whether its values differ by factors, and are drawn on a logarithmic axis."""

    def __str__(self) -> str:
        return self.name

    @property
    def is_loss(self) -> bool:
        """Whether this is the validation loss, which the target and its verdict are about."""
        return self is VAL_LOSS

    def is_better(self, value: float, than: float) -> bool:
        """Compare two values; nothing is better than an equal one."""
        return value < than if self.is_minimized else value > than

    def meets(self, value: float, target: float) -> bool:
        """Tell whether a value meets a target; an equal one does."""
        return not self.is_better(target, value)

    def cost(self, value: float) -> float:
        """Turn a value into one of which less is better."""
        return value if self.is_minimized else -value

    def read_epoch(self, report: EpochReport) -> float:
        """Read the value of an epoch."""
        return float(getattr(report, self.metric))

    def read_curve(self, curves: Curves) -> Sequence[float]:
        """Read the value of every epoch of a training."""
        values: Sequence[float] = getattr(curves, self.metric)
        return values

    def compare(
        self,
        probabilities: Probabilities,
        rival: Probabilities,
        labels: Labels,
        task: Task,
        *,
        seed: int,
    ) -> Comparison:
        """Compare two models by this objective, a measure of quality, on the same texts.

        Args:
            probabilities: of the model, (n, L).
            rival: of the other, (n, L).
            labels: 0 or 1, uint8, (n, L).
            task: what is predicted.
            seed: of the bootstrap.
        """
        models = (probabilities, rival)
        if self.is_loss:
            ours, theirs = (text_losses(model, labels, task) for model in models)
            return compare(ours, theirs, seed=seed)
        predicted, others = (predict_labels(model, labels, task) for model in models)
        return compare_macro_f1(predicted, others, labels, seed=seed)

    def value_without_skill(self, prior_loss: float) -> float:
        """Give the value, in this measure of quality, of a model that learned nothing.

        Args:
            prior_loss: validation loss of the label priors.
        """
        return prior_loss if self.is_loss else 0.0


VAL_LOSS = Objective("val_loss", "val_loss")
"""Unweighted cross-entropy in nats: averaged over texts and labels, or over texts with one choice
for each."""
MACRO_F1 = Objective("macro_f1", "f1_macro", is_minimized=False)
"""Mean of the labels' F1 at thresholds tuned on the other half of validation, or of the most
probable label with one choice."""
OBJECTIVES: Mapping[str, Objective] = {
    objective.name: objective
    for objective in (
        VAL_LOSS,
        MACRO_F1,
        Objective("parameters", "parameters", is_log=True),
        Objective("seconds", "seconds", is_log=True),
        Objective("gap", "gap"),
    )
}
"""All objectives by name."""
QUALITIES = (VAL_LOSS.name, MACRO_F1.name)
"""Names of those that measure quality, by which epochs are chosen and models compared."""


def find_quality(name: str) -> Objective:
    """Find a measure of quality by its name.

    Raises:
        StudyError: there is none of that name.
    """
    check_known("objective", name, QUALITIES)
    return OBJECTIVES[name]


@dataclass(frozen=True, slots=True)
class Objectives:
    """The objectives of a study, at least one."""

    entries: tuple[Objective, ...] = (VAL_LOSS,)
    """All different; the first measures quality."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read names separated by commas; the first measure of quality is moved to the front.

        Raises:
            StudyError: a name is unknown or appears twice, or none measures quality.
        """
        names = [name.strip() for name in text.split(",")]
        for index, name in enumerate(names):
            check_known("objective", name, OBJECTIVES, n_expected="some")
            if name in names[:index]:
                raise StudyError(
                    f"expected each name once, got {name} twice",
                    "Leave one of them out.",
                    parameter="objective",
                )
        first = next((name for name in names if name in QUALITIES), None)
        if first is None:
            raise StudyError(
                f"expected val_loss or macro_f1 among the objectives, got {text}",
                f"Add a measure of quality, such as val_loss,{names[0]}.",
                parameter="objective",
            )
        others = (name for name in names if name != first)
        return cls(tuple(OBJECTIVES[name] for name in (first, *others)))

    def __str__(self) -> str:
        return ",".join(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(objective.name for objective in self.entries)

    @property
    def first(self) -> Objective:
        """The measure of quality that epochs are chosen by, and a target is held against."""
        return self.entries[0]

    @property
    def are_several(self) -> bool:
        """Whether there is a Pareto front of trials instead of a best one."""
        return len(self.entries) > 1

    @property
    def directions(self) -> tuple[Direction, ...]:
        """`minimize` or `maximize` for each."""
        return tuple("minimize" if o.is_minimized else "maximize" for o in self.entries)

    def values(self, value: float, metrics: Mapping[str, float]) -> tuple[float, ...]:
        """Collect the values of a trial.

        Args:
            value: of the first objective.
            metrics: of the trial, with those of the other objectives among them.
        """
        return (value, *(float(metrics[objective.metric]) for objective in self.entries[1:]))

    def costs(self, values: Sequence[float]) -> tuple[float, ...]:
        """Turn the values of a trial into ones of which less is better.

        Raises:
            ValueError: there are more or fewer values than objectives.
        """
        return tuple(o.cost(value) for o, value in zip(self.entries, values, strict=True))

    def dominates(self, one: Sequence[float], other: Sequence[float]) -> bool:
        """Tell whether one trial is at least as good in everything, and better in something."""
        costs, others = self.costs(one), self.costs(other)
        return costs != others and all(map(le, costs, others))
