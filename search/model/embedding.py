"""Initial embeddings: word vectors from the train texts themselves, or from a file.

Owns how both are brought to the sizes of a trial. Knows no Keras and no file format.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from ..data.word_vectors.word_vectors import WordVectors
from ..text.tokens import TokenSequences
from ..text.vocabulary import N_RESERVED

_STANDARD_DEVIATION = 0.2
_MAX_WORDS = 30_000
"""Time and memory of the decomposition grow with the words, and rare words add little to it."""
_LEAST_VARIANCE = 1e-10
"""Least variance of a component, as a share of the largest; smaller ones are rounding errors."""


def compute_svd_embedding(
    train: TokenSequences, vocabulary_size: int, embedding_size: int, *, seed: int
) -> npt.NDArray[np.float32]:
    """Make word vectors from a truncated SVD of the train TF-IDF matrix.

    This is latent semantic analysis (Deerwester et al. 1990). The components are multiplied by the
    square root of their singular values, and each word by its idf (smoothed as in scikit-learn);
    then all are scaled to a standard deviation of 0.2. If the texts have fewer dimensions than
    `embedding_size`, the rest is normal noise with that deviation. Ids of `vocabulary_size` and
    above are left out. The vectors of padding and unknown are zero.

    Returns:
        float32, (vocabulary_size, embedding_size).
    """
    weights = TfidfTransformer()
    tf_idf = weights.fit_transform(_count_words(train, vocabulary_size)).astype(np.float32)
    rank = min(embedding_size, min(tf_idf.shape) - 1)
    vectors = np.zeros((vocabulary_size, 0))
    if rank > 0:
        svd = TruncatedSVD(rank, random_state=seed, n_iter=4).fit(tf_idf)
        vectors = svd.components_.T * np.sqrt(svd.singular_values_) * weights.idf_[:, None]
    return _make_start(np.arange(vocabulary_size), vectors, vocabulary_size, embedding_size, seed)


class SvdEmbedding:
    """The SVD word vectors of one corpus, computed at first use and cut to the size of each trial.

    The result depends only on a trial's sizes, not on the trials before it.
    """

    def __init__(
        self, train: TokenSequences, n_words: int, n_dimensions: int, *, seed: int
    ) -> None:
        """Keep the train texts, the number of token ids and the most dimensions of any trial."""
        self._train = train
        self._n_words = min(n_words, _MAX_WORDS)
        self._n_dimensions = n_dimensions
        self._seed = seed

    @cached_property
    def _vectors(self) -> npt.NDArray[np.float32]:
        sizes = (self._n_words, self._n_dimensions)
        return compute_svd_embedding(self._train, *sizes, seed=self._seed)

    def make_vectors(self, vocabulary_size: int, embedding_size: int) -> npt.NDArray[np.float32]:
        """Make an initial embedding, float32, (vocabulary_size, embedding_size).

        Words beyond the 30,000 most frequent are noise with the same deviation, and so are
        dimensions above the most dimensions of any trial. Padding and unknown are zero.
        """
        ids = np.arange(N_RESERVED, min(vocabulary_size, self._n_words))
        return _make_start(ids, self._vectors[ids], vocabulary_size, embedding_size, self._seed)


class FileEmbedding:
    """The word vectors of a file, brought to the sizes of each trial.

    The result depends only on a trial's sizes, not on the trials before it.
    """

    def __init__(self, word_vectors: WordVectors, *, seed: int) -> None:
        """Keep the file's vectors of the words in the vocabulary, and the seed of the noise."""
        self._word_vectors = word_vectors
        self._seed = seed

    @cached_property
    def _components(self) -> npt.NDArray[np.float32]:
        return _compute_principal_components(self._word_vectors.values)

    def make_vectors(self, vocabulary_size: int, embedding_size: int) -> npt.NDArray[np.float32]:
        """Make an initial embedding, float32, (vocabulary_size, embedding_size).

        A word has the first principal components of its vector, in order of falling variance over
        all words of the file that are in the vocabulary. So a smaller embedding is the first part
        of a larger one (Raunak et al. 2019; fastText's reduce_model does the same). The vectors are
        centred, because what all words share does not distinguish them (Mu and Viswanath 2018); so
        zero, the vector of padding and unknown, is the mean word. With all components this is a
        rotation: distances between words are those of the file, times one factor that gives the
        standard deviation of an SVD embedding, 0.2.

        Words that are not in the file are noise with that deviation, and so are dimensions beyond
        those that the vectors span.
        """
        is_kept = self._word_vectors.ids < vocabulary_size
        ids, vectors = self._word_vectors.ids[is_kept], self._components[is_kept]
        return _make_start(ids, vectors, vocabulary_size, embedding_size, self._seed)


def _make_start(
    ids: npt.NDArray[np.integer],
    vectors: npt.NDArray[np.floating],
    vocabulary_size: int,
    embedding_size: int,
    seed: int,
) -> npt.NDArray[np.float32]:
    """Bring vectors, (n, any length), of n token ids to a standard deviation of 0.2.

    All else is noise with that deviation, except for zeros at the reserved ids.
    """
    sizes = (vocabulary_size, embedding_size)
    start = np.random.default_rng(seed).normal(0.0, _STANDARD_DEVIATION, sizes)
    known = vectors[:, :embedding_size]
    if known.size:
        scale = _STANDARD_DEVIATION / (float(known.std()) or 1.0)
        start[ids, : known.shape[1]] = known * scale
    start[:N_RESERVED] = 0.0
    return start.astype(np.float32)


def _compute_principal_components(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rotate centred vectors onto their principal axes; the first gets a variance of 1.

    Returns (n, rank of the centred vectors): no column if they are all equal.
    """
    if (values == values[0]).all():
        return values[:, :0]
    # 34,000 vectors of 300 dimensions: 0.6 s with their covariance, 2.1 s with their own SVD.
    pca = PCA(svd_solver="covariance_eigh")
    components = pca.fit_transform(values.astype(np.float64))
    variances = pca.explained_variance_
    rank = int((variances > _LEAST_VARIANCE * variances[0]).sum())
    scaled: npt.NDArray[np.float64] = components[:, :rank] / np.sqrt(variances[0])
    return scaled.astype(np.float32)


def _count_words(texts: TokenSequences, vocabulary_size: int) -> csr_matrix:
    rows = np.repeat(np.arange(len(texts)), texts.lengths)
    known = (texts.ids >= N_RESERVED) & (texts.ids < vocabulary_size)
    entries = (np.ones(known.sum()), (rows[known], texts.ids[known]))
    return csr_matrix(entries, shape=(len(texts), vocabulary_size))
