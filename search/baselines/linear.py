"""TF-IDF with logistic regression: what single words predict without their order.

Owns which words count, and on which labels the strength is chosen. Knows no network, and no split
beyond the two sides that it is given.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer

from ..data.labelled_texts import LabelledTexts
from ..data.split.split import Indices
from ..metrics.matrices import Singles
from ..text.tokens import Tokens
from .linear_model import LinearModel, count_words, weigh_words
from .regressions import STRENGTHS, Features, Fit, Regressions, choose_strength

FIRST_STRENGTH = 4.0
"""Where the choice of the strength begins: scikit-learn's C, the inverse of the penalty."""
MAX_LABELS_OF_CHOICE = 100
"""With more labels the strength is chosen on the most frequent ones, which dominate the loss."""
MIN_TEXTS_OF_WORD = 2
"""Words on fewer train texts are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearBaseline:
    """The linear baseline of a corpus, fitted on train and measured on validation."""

    probabilities: Singles
    """Of each label for the validation texts, in [0, 1], float32, (n_validation, L)."""
    model: LinearModel
    """What predicts them."""
    strength: float
    """Scikit-learn's C, one for all labels, chosen on validation."""
    train_loss: float
    """Cross-entropy on train in nats, as `cross_entropy` averages it."""
    val_loss: float
    """The same on validation; a little too low, because the strength was chosen by it."""
    milliseconds_per_text: float
    """Wall-clock time of predicting validation from its tokens, in ms a text."""
    seconds: float
    """Wall-clock time of the whole fit, including the choice of the strength."""

    @property
    def n_words(self) -> int:
        """Number of words that it uses."""
        return len(self.model.words)

    @property
    def n_parameters(self) -> int:
        """Number of weights of its model."""
        return self.model.n_parameters


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
    others = corpus.tokens.select(validation)
    features = _learn_words(corpus.tokens.select(train), others)
    regressions = Regressions(
        features, corpus.labels[train], corpus.labels[validation], corpus.task, is_over
    )
    best = _fit(regressions, first_strength)
    predicting = time.perf_counter()
    probabilities = best.model.predict(others)
    ended = time.perf_counter()
    return LinearBaseline(
        probabilities=probabilities,
        model=best.model,
        strength=best.strength,
        train_loss=best.train_loss,
        val_loss=best.val_loss,
        milliseconds_per_text=1000.0 * (ended - predicting) / len(others),
        seconds=ended - started,
    )


def fit_linear_curve(
    corpus: LabelledTexts,
    parts: Sequence[Indices],
    validation: Indices,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[LinearBaseline]:
    """Fit the linear baseline on growing parts of train, each with a strength of its own.

    Features, priors and strength are those of the part: what a corpus of that size would give.

    Args:
        corpus: texts with labels.
        parts: positions of the texts of each part, none empty.
        validation: positions of the texts to measure on, the same for every part.
        is_over: asked before each label's fit whether to stop.

    Yields:
        One baseline for each part, in their order; each is fitted when it is asked for, so that
        only one model is in memory.

    Raises:
        ValueError, CutOff: as `fit_linear`.
    """
    first = FIRST_STRENGTH
    for part in parts:
        fitted = fit_linear(corpus, part, validation, first_strength=first, is_over=is_over)
        # More texts seldom want a very different strength: this saves half of the fits.
        first = fitted.strength
        yield fitted
        del fitted


def _fit(regressions: Regressions, first_strength: float) -> Fit:
    """Fit all labels at the best strength.

    Raises:
        CutOff: time ran out before.
    """
    labels = regressions.train_labels
    by_frequency = np.argsort(-labels.sum(axis=0, dtype=np.int64), kind="stable")
    # In the order of the matrix, so that with few labels the choice is the fit itself.
    asked = np.sort(by_frequency[:MAX_LABELS_OF_CHOICE])
    if regressions.task.is_multiclass or asked.size == labels.shape[1]:
        return choose_strength(regressions, first_strength)
    return regressions.at(choose_strength(regressions.select(asked), first_strength).strength)


def _learn_words(train: Tokens, others: Tokens) -> Features:
    """Learn from train which words count and how much, and weigh those of both sides."""
    counts = count_words(train, train.words)
    n_texts_with = counts.getnnz(axis=0)
    known = sorted(np.flatnonzero(n_texts_with >= MIN_TEXTS_OF_WORD), key=train.words.__getitem__)
    words = tuple(train.words[place] for place in known)
    counts = counts[:, known].sorted_indices()
    idf = TfidfTransformer().fit(counts).idf_ if words else np.empty(0, np.float32)
    sides = counts, count_words(others, words)
    return Features(words, idf, *(weigh_words(side, idf) for side in sides))
