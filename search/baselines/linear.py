"""TF-IDF with one-vs-rest logistic regression: what single words predict without their order.

Owns its features, its solver and the choice of its strength on validation. Knows no network, and
no split beyond the two sides that it is handed.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from ..data.corpus import LabelMatrix
from ..metrics.losses import cross_entropy
from ..text.tokens import Tokens, TokenSequences
from .priors import prior_probabilities

FIRST_STRENGTH = 4.0
"""Where the choice of the strength begins: scikit-learn's C, the inverse of the penalty."""
STRENGTHS = (2.0**-6, 2.0**10)
"""Smallest and largest strength that is tried."""
MAX_LABELS_OF_CHOICE = 100
"""With more labels the strength is chosen on the most frequent of them: they make up the loss."""
MIN_TEXTS_OF_WORD = 2
"""Words on fewer train texts are left out."""

_MAX_NEWTON_STEPS = 1000
_TOLERANCE = 0.005
"""Largest entry of the penalised gradient, summed over texts: probabilities to about 3e-4."""
_LEAST_GAIN = 1e-3
_LEAST_TOLERANCE = 1e-7
"""The same as a mean over texts: less is beyond single precision."""


class CutOff(Exception):
    """Time was over before the fit had ended; nothing of it is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearBaseline:
    """The linear baseline of a corpus, fitted on train and measured on validation."""

    probabilities: npt.NDArray[np.float32]
    """Of each label for the validation texts, in [0, 1], float32, (n_validation, L)."""
    strength: float
    """Scikit-learn's C, one for all labels, chosen on validation."""
    train_loss: float
    """Cross-entropy on train in nats, averaged over texts and labels."""
    val_loss: float
    """The same on validation; a little flattered, as the strength was chosen by it."""
    n_words: int
    """Words that it looks at."""
    seconds: float = 0.0
    """Wall clock of the whole fit, with the choice of the strength."""


def fit_linear(
    train: Tokens,
    train_labels: LabelMatrix,
    validation: Tokens,
    validation_labels: LabelMatrix,
    *,
    first_strength: float = FIRST_STRENGTH,
    is_over: Callable[[], bool] = lambda: False,
) -> LinearBaseline:
    """Fit the linear baseline, its strength chosen by the loss on validation.

    A text is its words, weighed by TF-IDF with 1 + ln of each count, words on one train text
    left out, and scaled to length 1. Measured on validation, this beat raw counts, and pairs of
    words on real texts (see benchmarks/LOG.md). From `first_strength` on the strength is doubled,
    or else halved, for as long as that makes the loss a thousandth less (beyond, fits that take
    ever longer change nothing that can be measured). With more than 100 labels it is chosen on the
    100 that most train texts have.

    A label on no train text or on all of them is predicted by its smoothed prior, and so is every
    label where no word is on two train texts. A text without known words gets the intercepts.

    Args:
        train: n texts.
        train_labels: 0 or 1, uint8, (n, L); L is 1 for a binary task.
        validation: m texts of the same corpus, so that equal words have equal ids.
        validation_labels: 0 or 1, uint8, (m, L).
        first_strength: the strength to try first, in STRENGTHS.
        is_over: asked before each label's fit whether to stop.

    Returns:
        The baseline at the best strength tried.

    Raises:
        ValueError: texts and labels do not fit together, a side is empty, the sides number words
            differently, a value is neither 0 nor 1, or `first_strength` is out of range.
        CutOff: `is_over` said so.
    """
    _check(train, train_labels, validation, validation_labels)
    if not STRENGTHS[0] <= first_strength <= STRENGTHS[1]:
        raise ValueError(f"first_strength must be in {STRENGTHS}, got {first_strength:g}")
    started = time.perf_counter()
    features, others = _weigh_words(train, validation)
    by_frequency = np.argsort(-train_labels.sum(axis=0, dtype=np.int64), kind="stable")
    # In the order of the matrix, so that with few labels the choice is the fit itself.
    asked = np.sort(by_frequency[:MAX_LABELS_OF_CHOICE])
    fits = _Fits(features, train_labels[:, asked], others, validation_labels[:, asked], is_over)
    best = _best_fit(fits, first_strength)
    if asked.size < train_labels.shape[1]:
        fits = _Fits(features, train_labels, others, validation_labels, is_over)
        best = fits.at(best.strength)
    return replace(best, seconds=time.perf_counter() - started)


def fit_linear_curve(
    train: Tokens,
    train_labels: LabelMatrix,
    validation: Tokens,
    validation_labels: LabelMatrix,
    *,
    parts: Sequence[npt.NDArray[np.int64]],
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[LinearBaseline, ...]:
    """Fit the linear baseline on growing parts of train, each with a strength of its own.

    Features, priors and strength are those of the part: what a corpus of that size would give.

    Args:
        train: n texts.
        train_labels: 0 or 1, uint8, (n, L).
        validation: m texts of the same corpus, the same for every part.
        validation_labels: 0 or 1, uint8, (m, L).
        parts: positions in train, as of `data.split.parts.growing_parts`, none empty.
        is_over: asked before each label's fit whether to stop.

    Returns:
        A baseline a part, in their order.

    Raises:
        ValueError, CutOff: as `fit_linear`.
    """
    fitted: list[LinearBaseline] = []
    for part in parts:
        fitted.append(
            fit_linear(
                train.select(part),
                train_labels[part],
                validation,
                validation_labels,
                # More texts seldom want a very different strength: this saves half of the fits.
                first_strength=fitted[-1].strength if fitted else FIRST_STRENGTH,
                is_over=is_over,
            )
        )
    return tuple(fitted)


class _Fits:
    """The fits of one corpus at several strengths, each begun where the one before it ended."""

    def __init__(
        self,
        train: csr_matrix,
        train_labels: LabelMatrix,
        validation: csr_matrix,
        validation_labels: LabelMatrix,
        is_over: Callable[[], bool],
    ) -> None:
        self._train, self._train_labels = train, train_labels
        self._validation, self._validation_labels = validation, validation_labels
        self._is_over = is_over
        rates = train_labels.mean(axis=0)
        can_be_learned = (rates > 0) & (rates < 1) & (train.shape[1] > 0)
        self._models = {
            int(label): LogisticRegression(
                solver="newton-cg", warm_start=True, max_iter=_MAX_NEWTON_STEPS
            )
            for label in np.flatnonzero(can_be_learned)
        }

    def _fit(self, model: LogisticRegression, label: int, strength: float) -> None:
        tolerance = _TOLERANCE / (strength * self._train.shape[0])
        model.set_params(C=strength, tol=max(tolerance, _LEAST_TOLERANCE))
        with warnings.catch_warnings():
            # At the end of single precision the last step may find nothing lower (scikit-learn
            # 1.9): the fit is as good as it gets, and its loss is measured.
            warnings.filterwarnings("ignore", message="Line Search failed")
            warnings.filterwarnings("ignore", category=ConvergenceWarning)
            model.fit(self._train, self._train_labels[:, label])

    def at(self, strength: float) -> LinearBaseline:
        """Fit every label at a strength, and measure both sides.

        Raises:
            CutOff: time was over before the last of them.
        """
        probabilities = prior_probabilities(self._train_labels, self._validation.shape[0])
        of_train = prior_probabilities(self._train_labels, self._train.shape[0])
        for label, model in self._models.items():
            if self._is_over():
                raise CutOff
            self._fit(model, label, strength)
            probabilities[:, label] = expit(model.decision_function(self._validation))
            of_train[:, label] = expit(model.decision_function(self._train))
        return LinearBaseline(
            probabilities,
            strength,
            cross_entropy(of_train, self._train_labels),
            cross_entropy(probabilities, self._validation_labels),
            n_words=self._train.shape[1],
        )


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
    """Give both sides as TF-IDF, float32, (n, n_words) and (m, n_words), maybe of no words."""
    counts = _count_words(train.sequences, np.arange(len(train.words)), len(train.words))
    n_texts_with = counts.getnnz(axis=0)
    known = sorted(np.flatnonzero(n_texts_with >= MIN_TEXTS_OF_WORD), key=train.words.__getitem__)
    if not known:
        return csr_matrix((len(train), 0)), csr_matrix((len(others), 0))
    columns = np.full(len(train.words), -1)
    columns[known] = np.arange(len(known))
    weights = TfidfTransformer(sublinear_tf=True)
    return (
        weights.fit_transform(_count_words(train.sequences, columns, len(known))),
        weights.transform(_count_words(others.sequences, columns, len(known))),
    )


def _count_words(
    texts: TokenSequences, columns: npt.NDArray[np.intp], n_columns: int
) -> csr_matrix:
    """Count the tokens of each text by column, float32, (n_texts, n_columns).

    Args:
        texts: token ids.
        columns: the column of each token id; -1 leaves it out.
        n_columns: how many there are.
    """
    rows = np.repeat(np.arange(len(texts)), texts.lengths)
    places = columns[texts.ids]
    is_known = places >= 0
    # In single precision the fits take a third to a half of the time; sums of ones are exact.
    ones = np.ones(np.count_nonzero(is_known), np.float32)
    return csr_matrix((ones, (rows[is_known], places[is_known])), shape=(len(texts), n_columns))


def _check(
    train: Tokens,
    train_labels: LabelMatrix,
    validation: Tokens,
    validation_labels: LabelMatrix,
) -> None:
    if train.words != validation.words:
        raise ValueError("train and validation must be selected from the same tokens")
    sides = ((train, train_labels), (validation, validation_labels))
    for name, (texts, labels) in zip(("train", "validation"), sides, strict=True):
        if labels.ndim != 2 or len(texts) != len(labels) or not len(texts):
            raise ValueError(
                f"{name}: expected a row of labels a text, and a text, got {len(texts)} texts "
                f"and labels {labels.shape}"
            )
