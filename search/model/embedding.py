"""Where an embedding can start: word vectors from the train texts themselves, or from a file.

Owns how either is brought to the sizes of a trial. Knows no Keras, and no format of a file.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA, TruncatedSVD

from ..data.word_vectors import WordVectors
from ..text.vocabulary import N_RESERVED, EncodedTexts

_STANDARD_DEVIATION = 0.2
_MAX_WORDS = 30_000
"""The decomposition's time and memory grow with the words; rare ones have little to tell it."""
_LEAST_VARIANCE = 1e-10
"""Of a component, as a share of the largest: below it there is nothing but rounding."""


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
    vectors = _noise(vocabulary_size, embedding_size, seed=seed)
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
        start = _noise(vocabulary_size, embedding_size, seed=self._seed)
        scale = _STANDARD_DEVIATION / (float(known[N_RESERVED:].std()) or 1.0)
        start[: known.shape[0], : known.shape[1]] = known * scale
        start[:N_RESERVED] = 0.0
        return start.astype(np.float32)


class FileStart:
    """The word vectors of a file, brought to the sizes of each trial.

    What a trial gets depends on its sizes alone, not on the trials before it.
    """

    def __init__(self, found: WordVectors, *, seed: int) -> None:
        """Take what the file has for the words of the vocabulary, and the seed of the noise."""
        self._found = found
        self._seed = seed
        self._components: npt.NDArray[np.float32] | None = None

    def vectors(self, vocabulary_size: int, embedding_size: int) -> npt.NDArray[np.float32]:
        """Give the start of an embedding, float32, (vocabulary_size, embedding_size).

        A word has the first principal components of its vector, by falling variance over all words
        found, so that a smaller embedding begins with what a larger one does (Raunak et al. 2019;
        fastText's reduce_model too). They are centred: what all words have in common tells none
        apart (Mu and Viswanath 2018), and zero, where padding and unknown start, is the mean word.
        With all components that is a rotation: distances between words are those of the file, up
        to one factor that brings them to the standard deviation of an SVD start, 0.2.

        Words that are not in the file start as noise of that deviation, and so do dimensions
        beyond those that the vectors span.
        """
        if self._components is None:
            self._components = _principal_components(self._found.values)
        is_kept = self._found.ids < vocabulary_size
        ids, known = self._found.ids[is_kept], self._components[is_kept, :embedding_size]
        start = _noise(vocabulary_size, embedding_size, seed=self._seed)
        if known.size:
            scale = _STANDARD_DEVIATION / (float(known.std()) or 1.0)
            start[ids, : known.shape[1]] = known * scale
        start[:N_RESERVED] = 0.0
        return start.astype(np.float32)


def _noise(vocabulary_size: int, embedding_size: int, *, seed: int) -> npt.NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    return generator.normal(0.0, _STANDARD_DEVIATION, (vocabulary_size, embedding_size))


def _principal_components(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rotate centred vectors onto their axes of falling variance, of which the first has one.

    Returns (n, rank of the centred vectors): no column where they are all equal.
    """
    if (values == values[0]).all():
        return values[:, :0]
    # 34,000 vectors of 300: 0.6 s by their covariance, 2.1 s by their own decomposition.
    pca = PCA(svd_solver="covariance_eigh")
    components = pca.fit_transform(values.astype(np.float64))
    variances = pca.explained_variance_
    rank = int((variances > _LEAST_VARIANCE * variances[0]).sum())
    scaled: npt.NDArray[np.float64] = components[:, :rank] / np.sqrt(variances[0])
    return scaled.astype(np.float32)


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
