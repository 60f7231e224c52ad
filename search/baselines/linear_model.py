"""The linear baseline as a model that predicts and is kept.

Owns how a text becomes weighed words, and how these become probabilities. Knows no solver: it
needs NumPy and SciPy alone, so a bundle predicts with it without scikit-learn.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit, softmax

from ..metrics.matrices import Bools, Singles
from ..metrics.task import Task
from ..text.tokens import Tokens

LINEAR_FILE = "linear.npz"
_ARRAYS = ("idf", "coefficients", "intercepts", "priors", "is_learned")


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """TF-IDF with logistic regression: one regression a label, or one of all of them.

    With one choice a softmax over the learned labels shares out what the priors of the others
    leave of 1.
    """

    words: tuple[str, ...]
    """The words that count, sorted; none repeats."""
    idf: Singles
    """Inverse document frequency of each word, float32, (n_words,)."""
    coefficients: Singles
    """Weight of each word for each label, float32, (n_words, L)."""
    intercepts: Singles
    """Logit of each label for a text without known words, float32, (L,)."""
    priors: Singles
    """What a label that could not be learned gets for every text, in [0, 1], float32, (L,)."""
    is_learned: Bools
    """Whether a label has weights of its own, (L,)."""
    task: Task

    def __post_init__(self) -> None:
        """Check that the fields fit together.

        Raises:
            ValueError: a word repeats, or a shape or a type is wrong.
        """
        if len(set(self.words)) != len(self.words):
            raise ValueError("words must differ")
        n_words, n_labels = len(self.words), self.intercepts.size
        shapes = ((n_words,), (n_words, n_labels), (n_labels,), (n_labels,), (n_labels,))
        for name, shape in zip(_ARRAYS, shapes, strict=True):
            array, expected = getattr(self, name), np.bool_ if name == "is_learned" else np.float32
            if array.shape != shape or array.dtype != expected:
                found = f"{array.dtype} {array.shape}"
                raise ValueError(f"{name} must be {np.dtype(expected)} {shape}, got {found}")

    @property
    def n_parameters(self) -> int:
        """Number of weights: those of the words, their coefficients and the intercepts."""
        return int(self.idf.size + self.coefficients.size + self.intercepts.size)

    def predict(self, tokens: Tokens) -> Singles:
        """Predict the probability of each label, in [0, 1], float32, (len(tokens), L).

        A text without known words gets the intercepts.
        """
        return self.predict_weighed(weigh_words(count_words(tokens, self.words), self.idf))

    def predict_weighed(self, weighed: csr_matrix) -> Singles:
        """Predict as `predict` does, from what `weigh_words` returns."""
        priors = np.tile(self.priors, (weighed.shape[0], 1))
        if not self.is_learned.any():
            return priors
        logits = np.asarray(weighed @ self.coefficients) + self.intercepts
        if not self.task.is_multiclass:
            return np.where(self.is_learned, expit(logits), priors)
        logits[:, ~self.is_learned] = -np.inf
        mass = self.priors[self.is_learned].sum(dtype=np.float64)
        # In single precision a sum of priors may be more than 1.
        shared = np.minimum(softmax(logits, axis=1) * mass, 1.0)
        return np.where(self.is_learned, shared, priors).astype(np.float32)

    def save(self, directory: Path) -> None:
        """Write everything but the words into a folder that is there; no pickle.

        Raises:
            OSError: it cannot be written.
        """
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(directory / LINEAR_FILE, **arrays)


def read_linear(directory: Path, words: Sequence[str], task: Task) -> LinearModel:
    """Read what `LinearModel.save` wrote.

    Args:
        directory: the folder.
        words: those of the model, in its order.
        task: what it predicts.

    Raises:
        OSError: the file is not there, or cannot be read.
        ValueError: it is damaged, has a pickle, or does not fit the words.
    """
    try:
        # Opened here: numpy 2 leaves a broken archive open that it has opened itself.
        with (
            (directory / LINEAR_FILE).open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            return LinearModel(tuple(words), task=task, **{name: arrays[name] for name in _ARRAYS})
    except (TypeError, KeyError, EOFError, RuntimeError, BadZipFile, zlib.error) as error:
        raise ValueError(f"expected the arrays {', '.join(_ARRAYS)}: {error}") from error


def count_words(tokens: Tokens, words: Sequence[str]) -> csr_matrix:
    """Count some words in each text, float32, (len(tokens), len(words)); other words are left out.

    Args:
        tokens: the texts.
        words: all different.
    """
    texts = tokens.sequences
    places = {word: place for place, word in enumerate(words)}
    columns = np.array([places.get(word, -1) for word in tokens.words], np.int64)[texts.ids]
    rows = np.repeat(np.arange(len(texts)), texts.lengths)
    is_known = columns >= 0
    # In single precision the fits take a third to a half of the time; sums of ones are exact.
    ones = np.ones(int(is_known.sum()), np.float32)
    at = rows[is_known], columns[is_known]
    return csr_matrix((ones, at), shape=(len(texts), len(words)))


def weigh_words(counts: csr_matrix, idf: Singles) -> csr_matrix:
    """Weigh counted words by TF-IDF with 1 + ln of each count, each text scaled to length 1.

    As `TfidfTransformer(sublinear_tf=True)` of scikit-learn does it in single precision.

    Args:
        counts: float32, (n_texts, n_words).
        idf: float32, (n_words,).

    Returns:
        float32, (n_texts, n_words); a text without any of the words stays empty.
    """
    weights = (np.log(counts.data) + np.float32(1.0)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=counts.shape[0]))
    scaled = (weights / lengths[rows]).astype(np.float32)
    return csr_matrix((scaled, counts.indices, counts.indptr), shape=counts.shape)
