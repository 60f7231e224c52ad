"""TF-IDF with logistic regression: what single words predict without their order.

Owns its features, its solver and the choice of its strength on validation. Knows no network, and
no split beyond the two sides that it is given.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from ..data.labelled_texts import LabelledTexts, LabelMatrix
from ..data.split.split import Indices
from ..metrics.losses import cross_entropy
from ..metrics.matrices import Singles
from ..metrics.task import Task
from ..text.tokens import Tokens
from .priors import prior_probabilities

FIRST_STRENGTH = 4.0
"""Where the choice of the strength begins: scikit-learn's C, the inverse of the penalty."""
STRENGTHS = (2.0**-6, 2.0**10)
"""Smallest and largest strength that is tried."""
MAX_LABELS_OF_CHOICE = 100
"""With more labels the strength is chosen on the most frequent ones, which dominate the loss."""
MIN_TEXTS_OF_WORD = 2
"""Words on fewer train texts are left out."""

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
class LinearBaseline:
    """The linear baseline of a corpus, fitted on train and measured on validation."""

    probabilities: Singles
    """Of each label for the validation texts, in [0, 1], float32, (n_validation, L)."""
    strength: float
    """Scikit-learn's C, one for all labels, chosen on validation."""
    train_loss: float
    """Cross-entropy on train in nats, as `cross_entropy` averages it."""
    val_loss: float
    """The same on validation; a little too low, because the strength was chosen by it."""
    n_words: int
    """Number of words that it uses."""
    seconds: float = 0.0
    """Wall-clock time of the whole fit, including the choice of the strength."""


def fit_linear(
    corpus: LabelledTexts,
    train: Indices,
    validation: Indices,
    *,
    first_strength: float = FIRST_STRENGTH,
    is_over: Callable[[], bool] = lambda: False,
) -> LinearBaseline:
    """Fit the linear baseline, its strength chosen by the loss on validation.

    A text is its words, weighed by TF-IDF with 1 + ln of each count, without words that only one
    train text has, and scaled to length 1. Measured on validation, this beat raw counts, and pairs
    of words on real texts (see benchmarks/LOG.md). From `first_strength` on the strength is
    doubled, or else halved, for as long as that lowers the loss by a thousandth; beyond that, fits
    that take ever longer change nothing that can be measured. With more than 100 labels it is
    chosen on the 100 that most train texts have.

    Labels that exclude each other are fitted together, by multinomial logistic regression, and the
    strength is chosen on all of them.

    A label on no train text or on all of them is predicted by its smoothed prior, and so is every
    label if no word is on two train texts. A text without known words gets the intercepts.

    Args:
        corpus: texts with labels.
        train: positions of the texts to learn from, at least one.
        validation: positions of the texts to measure on, at least one.
        first_strength: the strength to try first, in STRENGTHS.
        is_over: asked before each label's fit whether to stop, of one fit of all classes before
            every 50 steps.

    Returns:
        The baseline at the best strength tried.

    Raises:
        ValueError: a side is empty, or `first_strength` is out of range.
        CutOff: `is_over` said so.
    """
    if not (train.size and validation.size):
        raise ValueError(f"expected texts on both sides, got {train.size} and {validation.size}")
    if not STRENGTHS[0] <= first_strength <= STRENGTHS[1]:
        raise ValueError(f"first_strength must be in {STRENGTHS}, got {first_strength:g}")
    started = time.perf_counter()
    sides = _weigh_words(corpus.tokens.select(train), corpus.tokens.select(validation))
    labels, others = corpus.labels[train], corpus.labels[validation]
    by_frequency = np.argsort(-labels.sum(axis=0, dtype=np.int64), kind="stable")
    # In the order of the matrix, so that with few labels the choice is the fit itself.
    asked = np.sort(by_frequency[:MAX_LABELS_OF_CHOICE])
    if corpus.task.is_multiclass or asked.size == labels.shape[1]:
        best = _best_fit(_Fits(*sides, labels, others, corpus.task, is_over), first_strength)
    else:
        fits = _Fits(*sides, labels[:, asked], others[:, asked], corpus.task, is_over)
        strength = _best_fit(fits, first_strength).strength
        best = _Fits(*sides, labels, others, corpus.task, is_over).at(strength)
    return replace(best, seconds=time.perf_counter() - started)


def fit_linear_curve(
    corpus: LabelledTexts,
    parts: Sequence[Indices],
    validation: Indices,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[LinearBaseline, ...]:
    """Fit the linear baseline on growing parts of train, each with a strength of its own.

    Features, priors and strength are those of the part: what a corpus of that size would give.

    Args:
        corpus: texts with labels.
        parts: positions of the texts of each part, none empty.
        validation: positions of the texts to measure on, the same for every part.
        is_over: asked before each label's fit whether to stop.

    Returns:
        One baseline for each part, in their order.

    Raises:
        ValueError, CutOff: as `fit_linear`.
    """
    fitted: list[LinearBaseline] = []
    for part in parts:
        # More texts seldom want a very different strength: this saves half of the fits.
        first = fitted[-1].strength if fitted else FIRST_STRENGTH
        fitted.append(fit_linear(corpus, part, validation, first_strength=first, is_over=is_over))
    return tuple(fitted)


@dataclass
class _Fits:
    """The fits of one corpus at several strengths; each starts from the result of the last one."""

    train: csr_matrix
    validation: csr_matrix
    train_labels: LabelMatrix
    validation_labels: LabelMatrix
    task: Task
    is_over: Callable[[], bool]

    def __post_init__(self) -> None:
        rates = self.train_labels.mean(axis=0)
        can_be_learned = (rates > 0) & (rates < 1) & (self.train.shape[1] > 0)
        learned = np.flatnonzero(can_be_learned)
        # One regression a label, or one of all labels that exclude each other.
        is_one = self.task.is_multiclass
        groups = [learned] if is_one and learned.size else [*learned[:, None]]
        solver = "lbfgs" if is_one else "newton-cg"
        n_steps = _STEPS_AT_ONCE if is_one else _MAX_STEPS
        self.models = [
            (group, LogisticRegression(solver=solver, warm_start=True, max_iter=n_steps))
            for group in groups
        ]

    def _fit(self, model: LogisticRegression, group: Indices, strength: float) -> None:
        """Fit a model, from where it stands.

        Raises:
            CutOff: time ran out before.
        """
        tolerance = _TOLERANCE / (strength * self.train.shape[0])
        model.set_params(C=strength, tol=max(tolerance, _LEAST_TOLERANCE))
        labels = self.train_labels
        targets = labels.argmax(axis=1) if self.task.is_multiclass else labels[:, group[0]]
        with warnings.catch_warnings():
            # At the limit of single precision the last step may find nothing lower (scikit-learn
            # 1.9): then no better fit is possible, and its loss is measured.
            warnings.filterwarnings("ignore", message="Line Search failed")
            warnings.filterwarnings("ignore", category=ConvergenceWarning)
            for _ in range(_MAX_STEPS // model.max_iter):
                if self.is_over():
                    raise CutOff
                model.fit(self.train, targets)
                if model.n_iter_.max() < model.max_iter:
                    break

    def at(self, strength: float) -> LinearBaseline:
        """Fit every label at a strength, and measure both sides.

        Raises:
            CutOff: time ran out before the last of them.
        """
        sides = self.train, self.validation
        of_train, probabilities = (
            prior_probabilities(self.train_labels, side.shape[0], self.task) for side in sides
        )
        for group, model in self.models:
            self._fit(model, group, strength)
            of_train[:, group] = self._predict(model, self.train, of_train[:, group])
            probabilities[:, group] = self._predict(model, self.validation, probabilities[:, group])
        return LinearBaseline(
            probabilities,
            strength,
            cross_entropy(of_train, self.train_labels, self.task),
            cross_entropy(probabilities, self.validation_labels, self.task),
            n_words=self.train.shape[1],
        )

    def _predict(self, model: LogisticRegression, side: csr_matrix, priors: Singles) -> Singles:
        """Predict the labels of a model, (n, group); labels on no train text keep their prior."""
        if not self.task.is_multiclass:
            return np.asarray(expit(model.decision_function(side))[:, None])
        mass = priors.sum(axis=1, keepdims=True, dtype=np.float64)
        # In single precision a sum of priors may be more than 1.
        return np.asarray(np.minimum(model.predict_proba(side) * mass, 1.0), dtype=np.float32)


def _best_fit(fits: _Fits, first_strength: float) -> LinearBaseline:
    best = fits.at(first_strength)
    for factor in (2.0, 0.5):
        while STRENGTHS[0] <= best.strength * factor <= STRENGTHS[1]:
            tried = fits.at(best.strength * factor)
            if tried.val_loss > (1.0 - _LEAST_GAIN) * best.val_loss:
                break
            best = tried
        if best.strength != first_strength:
            break
    return best


def _weigh_words(train: Tokens, others: Tokens) -> tuple[csr_matrix, csr_matrix]:
    """Compute the TF-IDF of both sides, float32, (n, n_words) each; n_words may be 0."""
    counts, other_counts = _count_words(train), _count_words(others)
    n_texts_with = counts.getnnz(axis=0)
    known = sorted(np.flatnonzero(n_texts_with >= MIN_TEXTS_OF_WORD), key=train.words.__getitem__)
    if not known:
        return csr_matrix((len(train), 0)), csr_matrix((len(others), 0))
    weights = TfidfTransformer(sublinear_tf=True)
    weighed = weights.fit_transform(counts[:, known].sorted_indices())
    return weighed, weights.transform(other_counts[:, known].sorted_indices())


def _count_words(tokens: Tokens) -> csr_matrix:
    """Count the words of each text, float32, (n_texts, n_words)."""
    texts = tokens.sequences
    rows = np.repeat(np.arange(len(texts)), texts.lengths)
    # In single precision the fits take a third to a half of the time; sums of ones are exact.
    ones = np.ones(texts.ids.size, np.float32)
    return csr_matrix((ones, (rows, texts.ids)), shape=(len(texts), len(tokens.words)))
