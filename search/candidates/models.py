"""The models that a study can end with, and how each kind of candidate is chosen from them.

Owns the choice of the best network and of the ensemble's members on any texts of validation. Knows
no store.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from ..metrics.matrices import Counts, Floats, Labels, Singles
from ..metrics.task import Task
from ..trial.candidate import Component, Kind
from ..trial.objective import Objective
from .f1_judge import F1Judge
from .loss_judge import LossJudge, compute_hits
from .selection import MAX_MEMBERS, select

Judge = LossJudge | F1Judge


def one_thread() -> AbstractContextManager[object]:
    """Keep the products of the judges to one thread.

    They are many and small: with two threads on two busy cores they took ten times as long.
    """
    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model whose weights are kept, with what it predicts for validation."""

    component: Component
    probabilities: Singles
    """In [0, 1], float32, (n_validation, L)."""
    n_parameters: int
    milliseconds_per_text: float
    """Wall clock of predicting, from words on."""
    is_calibrated: bool = True
    """Whether its loss was the cross-entropy; with others probabilities mean less."""
    can_be_best: bool = True
    """Whether it may win alone; False for a network where fresh seeds decide between others."""

    @property
    def kind(self) -> Kind:
        """What it is alone: a network, or the linear baseline."""
        return Kind.BASELINE if self.component.number is None else Kind.NETWORK


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models of a study."""

    members: Sequence[Model]
    """Best network first, the linear baseline last."""
    labels: Labels
    """Of validation, 0 or 1, uint8, (n, L)."""
    task: Task
    objective: Objective
    """The first one: val_loss or macro_f1."""
    max_parameters: int | None = None
    """Of an ensemble at most, and of a winner that the rule chooses; None for no limit."""
    max_members: int = MAX_MEMBERS
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        """Make the object that judges mixtures.

        Raises:
            ValueError: a model predicts other numbers of texts or labels.
        """
        shapes = {model.probabilities.shape for model in self.members} - {self.labels.shape}
        if shapes:
            raise ValueError(f"expected predictions of {self.labels.shape}, got {shapes}")
        object.__setattr__(self, "judge", self._make_judge())

    @property
    def all_texts(self) -> Counts:
        """Each text once, int64, (n,)."""
        return np.ones(len(self.labels), np.int64)

    def choose(self, kind: Kind, n_times: Counts) -> Floats:
        """Choose a candidate by some texts: weights of the members, float64, (m,).

        All are 0 where there is no such candidate.

        Args:
            kind: of the candidate.
            n_times: how often each text counts, int64, (n,).
        """
        criterion = self.judge.criterion(n_times)
        if kind is Kind.ENSEMBLE:
            return select(
                criterion,
                [model.n_parameters for model in self.members],
                may_join=np.array([self._may_join(model) for model in self.members], np.bool_),
                max_members=self.max_members,
                max_parameters=self.max_parameters,
            )
        allowed = np.array([m.kind is kind and m.can_be_best for m in self.members], np.bool_)
        weights = np.zeros(len(self.members))
        if allowed.any():
            none = np.zeros(len(self.members), np.int64)
            weights[criterion.costs(none, allowed).argmin()] = 1.0
        return weights

    def choose_best(self, kind: Kind) -> Floats:
        """Choose a candidate by all texts; of networks the first one that may win.

        Their order is that of the study's objective, which the judge of macro F1 only approximates.
        """
        if kind is not Kind.NETWORK:
            with one_thread():
                return self.choose(kind, self.all_texts)
        weights = np.zeros(len(self.members))
        able = [place for place, m in enumerate(self.members) if m.kind is kind and m.can_be_best]
        weights[able[:1]] = 1.0
        return weights

    def measure_expense(self, weights: Floats) -> float:
        """Multiply parameters and milliseconds a text of all members with a weight."""
        used = [model for model, weight in zip(self.members, weights, strict=True) if weight > 0]
        return float(
            sum(model.n_parameters for model in used)
            * sum(model.milliseconds_per_text for model in used)
        )

    def mix(self, weights: Floats) -> Singles:
        """Average the probabilities of the members, float32, (n, L)."""
        mixed = np.zeros(self.labels.shape, np.float64)
        for model, weight in zip(self.members, weights, strict=True):
            if weight > 0:
                mixed += weight * model.probabilities
        # A sum of rounded numbers may be a little above 1.
        return np.minimum(mixed, 1.0).astype(np.float32)

    def _may_join(self, model: Model) -> bool:
        """Tell whether a model may join the ensemble."""
        return model.is_calibrated or not self.objective.is_loss

    def _make_judge(self) -> Judge:
        shape = (len(self.members), *self.labels.shape)
        probabilities = [model.probabilities for model in self.members]
        if not self.objective.is_loss:
            stacked = np.stack(probabilities) if probabilities else np.zeros(shape, np.float32)
            return F1Judge(stacked, self.labels, self.task)
        hits = [compute_hits(of_model, self.labels, self.task) for of_model in probabilities]
        return LossJudge(np.stack(hits) if hits else np.ones(shape, np.float32))
