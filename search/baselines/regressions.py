"""The regressions of the linear baseline at one strength after another.

Owns the solver, and the choice of the strength by the loss on validation. Knows weighed words and
labels, no texts.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from ..data.labelled_texts import LabelMatrix
from ..data.split.split import Indices
from ..metrics.losses import cross_entropy
from ..metrics.matrices import Singles
from ..metrics.task import Task
from .linear_model import LinearModel
from .priors import prior_probabilities

STRENGTHS = (2.0**-6, 2.0**10)
"""Smallest and largest strength that is tried."""

_MAX_STEPS = 1000
_STEPS_AT_ONCE = 50
"""Steps of a fit of all classes between two looks at the time."""
_TOLERANCE = 0.005
"""Largest entry of the penalised gradient, summed over texts: probabilities to about 3e-4."""
_LEAST_GAIN = 1e-3
_LEAST_TOLERANCE = 1e-7
"""The same as a mean over texts: less is beyond single precision."""


class CutOff(Exception):
    """Time ran out before the fit was complete; nothing of it is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The words that count, and the weighed words of both sides."""

    words: tuple[str, ...]
    """Sorted; there may be none."""
    idf: Singles
    """Float32, (n_words,)."""
    train: csr_matrix
    """Float32, (n_train, n_words)."""
    validation: csr_matrix
    """Float32, (n_validation, n_words)."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A model at one strength, with its cross-entropy on both sides."""

    model: LinearModel
    strength: float
    train_loss: float
    val_loss: float


@dataclass
class Regressions:
    """The fits of one corpus at several strengths; each starts from the result of the last one."""

    features: Features
    train_labels: LabelMatrix
    validation_labels: LabelMatrix
    task: Task
    is_over: Callable[[], bool]
    """Asked before each label's fit whether to stop, of one fit of all classes before every 50
    steps."""

    def __post_init__(self) -> None:
        rates = self.train_labels.mean(axis=0)
        can_be_learned = (rates > 0) & (rates < 1) & bool(self.features.words)
        learned = np.flatnonzero(can_be_learned)
        self.is_learned = can_be_learned
        # One regression a label, or one of all labels that exclude each other.
        is_one = self.task.is_multiclass
        groups = [learned] if is_one and learned.size else [*learned[:, None]]
        solver = "lbfgs" if is_one else "newton-cg"
        n_steps = _STEPS_AT_ONCE if is_one else _MAX_STEPS
        self.regressions = [
            (group, LogisticRegression(solver=solver, warm_start=True, max_iter=n_steps))
            for group in groups
        ]

    def select(self, columns: Indices) -> "Regressions":
        """Make those of some labels, not fitted yet; the labels keep their order."""
        sides = self.train_labels[:, columns], self.validation_labels[:, columns]
        return replace(self, train_labels=sides[0], validation_labels=sides[1])

    def at(self, strength: float) -> Fit:
        """Fit every label at a strength, and measure both sides.

        Raises:
            CutOff: time ran out before the last of them.
        """
        for group, regression in self.regressions:
            self._fit(regression, group, strength)
        model = self._make_model()
        of_train = model.predict_weighed(self.features.train)
        of_validation = model.predict_weighed(self.features.validation)
        return Fit(
            model,
            strength,
            cross_entropy(of_train, self.train_labels, self.task),
            cross_entropy(of_validation, self.validation_labels, self.task),
        )

    def _fit(self, regression: LogisticRegression, group: Indices, strength: float) -> None:
        """Fit a regression, from where it stands.

        Raises:
            CutOff: time ran out before.
        """
        tolerance = _TOLERANCE / (strength * len(self.train_labels))
        regression.set_params(C=strength, tol=max(tolerance, _LEAST_TOLERANCE))
        labels = self.train_labels
        targets = labels.argmax(axis=1) if self.task.is_multiclass else labels[:, group[0]]
        with warnings.catch_warnings():
            # At the limit of single precision the last step may find nothing lower (scikit-learn
            # 1.9): then no better fit is possible, and its loss is measured.
            warnings.filterwarnings("ignore", message="Line Search failed")
            warnings.filterwarnings("ignore", category=ConvergenceWarning)
            for _ in range(_MAX_STEPS // regression.max_iter):
                if self.is_over():
                    raise CutOff
                regression.fit(self.features.train, targets)
                if regression.n_iter_.max() < regression.max_iter:
                    break

    def _make_model(self) -> LinearModel:
        words, n_labels = self.features.words, self.train_labels.shape[1]
        coefficients = np.zeros((len(words), n_labels), np.float32)
        intercepts = np.zeros(n_labels, np.float32)
        for group, regression in self.regressions:
            # Of two labels that exclude each other scikit-learn has the logit of the second alone.
            # With 0 for the first the softmax of both is its sigmoid.
            own = group[-len(regression.intercept_) :]
            coefficients[:, own] = regression.coef_.T
            intercepts[own] = regression.intercept_
        return LinearModel(
            words=words,
            idf=self.features.idf,
            coefficients=coefficients,
            intercepts=intercepts,
            priors=prior_probabilities(self.train_labels, 1, self.task)[0],
            is_learned=self.is_learned,
            task=self.task,
        )


def choose_strength(regressions: Regressions, first_strength: float) -> Fit:
    """Double the strength, or else halve it, for as long as that lowers the loss on validation.

    Args:
        regressions: those that are fitted, at each strength from where the last one ended.
        first_strength: where to begin, in STRENGTHS.

    Returns:
        The fit at the best strength tried.

    Raises:
        CutOff: time ran out before.
    """
    best = regressions.at(first_strength)
    for factor in (2.0, 0.5):
        while STRENGTHS[0] <= best.strength * factor <= STRENGTHS[1]:
            tried = regressions.at(best.strength * factor)
            if tried.val_loss > (1.0 - _LEAST_GAIN) * best.val_loss:
                break
            best = tried
        if best.strength != first_strength:
            break
    return best
