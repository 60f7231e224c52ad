"""Where an embedding can start: word vectors from the train texts themselves. No Keras."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD

from ..text.vocabulary import N_RESERVED, EncodedTexts

_STANDARD_DEVIATION = 0.2
_MAX_WORDS = 30_000
"""The decomposition's time and memory grow with the words; rare ones have little to tell it."""


def svd_embedding(
    train: EncodedTexts, vocabulary_size: int, embedding_size: int, *, seed: int
) -> npt.NDArray[np.float32]:
    """Make word vectors from a truncated SVD of the train TF-IDF matrix.

    This is latent semantic analysis (Deerwester et al. 1990): components times the root of their
    singular values, each word times its idf (smoothed as scikit-learn does), all brought to a
    standard deviation of 0.2. Where the texts give fewer dimensions than `embedding_size`, the
    rest is normal noise of that deviation. Ids beyond `vocabulary_size` are left out; the vectors
    of padding and unknown are zero.

    Returns:
        float32, (vocabulary_size, embedding_size).
    """
    generator = np.random.default_rng(seed)
    vectors = generator.normal(0.0, _STANDARD_DEVIATION, (vocabulary_size, embedding_size))
    tf_idf, idf = _tf_idf(train, vocabulary_size)
    tf_idf = tf_idf.astype(np.float32)
    rank = min(embedding_size, min(tf_idf.shape) - 1)
    if rank > 0:
        svd = TruncatedSVD(rank, random_state=seed, n_iter=4)
        svd.fit(tf_idf)
        found = svd.components_.T * np.sqrt(svd.singular_values_) * idf[:, None]
        vectors[:, :rank] = found * (_STANDARD_DEVIATION / (found.std() or 1.0))
    vectors[:N_RESERVED] = 0.0
    return vectors.astype(np.float32)


class SvdStart:
    """The word vectors of one corpus, computed when first asked for and cut to size per trial.

    What a trial gets depends on its sizes alone, not on the trials before it.
    """

    def __init__(self, train: EncodedTexts, n_words: int, n_dimensions: int, *, seed: int) -> None:
        """Take the train texts, the number of token ids and the most dimensions of any trial."""
        self._train = train
        self._n_words = min(n_words, _MAX_WORDS)
        self._n_dimensions = n_dimensions
        self._seed = seed
        self._vectors: npt.NDArray[np.float32] | None = None

    def vectors(self, vocabulary_size: int, embedding_size: int) -> npt.NDArray[np.float32]:
        """Give the start of an embedding, float32, (vocabulary_size, embedding_size).

        Words beyond the 30,000 most frequent start as noise of the same deviation, and so do
        dimensions beyond the most that were named; padding and unknown start at zero.
        """
        if self._vectors is None:
            sizes = (self._n_words, self._n_dimensions)
            self._vectors = svd_embedding(self._train, *sizes, seed=self._seed)
        known = self._vectors[:vocabulary_size, :embedding_size]
        generator = np.random.default_rng(self._seed)
        start = generator.normal(0.0, _STANDARD_DEVIATION, (vocabulary_size, embedding_size))
        scale = _STANDARD_DEVIATION / (float(known[N_RESERVED:].std()) or 1.0)
        start[: known.shape[0], : known.shape[1]] = known * scale
        start[:N_RESERVED] = 0.0
        return start.astype(np.float32)


def _tf_idf(
    train: EncodedTexts, vocabulary_size: int
) -> tuple[csr_matrix, npt.NDArray[np.float64]]:
    rows = np.repeat(np.arange(len(train)), train.lengths)
    known = (train.ids >= N_RESERVED) & (train.ids < vocabulary_size)
    cells = (np.ones(known.sum()), (rows[known], train.ids[known]))
    counts = csr_matrix(cells, shape=(len(train), vocabulary_size))
    counts.sum_duplicates()
    n_texts_with = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log((1 + len(train)) / (1 + n_texts_with)) + 1.0
    counts.data = counts.data * idf[counts.indices]
    norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(np.where(norms > 0, norms, 1.0), np.diff(counts.indptr))
    return counts, idf
