import numpy as np
import numpy.typing as npt
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from search.model.embedding import SvdStart, svd_embedding
from search.text.vocabulary import EncodedTexts

N_WORDS = 30
SIZE = N_WORDS + 2


def drawn_texts(n_texts: int) -> EncodedTexts:
    """Texts of 4 to 12 tokens, early ids frequent; 1 is unknown, the last id is beyond the cut."""
    generator = np.random.default_rng(8)
    lengths = generator.integers(4, 12, n_texts, endpoint=True)
    ids = np.minimum(generator.geometric(0.08, lengths.sum()), SIZE + 3).astype(np.int32)
    return EncodedTexts(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def counts_of(texts: EncodedTexts) -> npt.NDArray[np.float64]:
    """Known words of each text, (n_texts, N_WORDS)."""
    counts = np.zeros((len(texts), SIZE + 4))
    for row in range(len(texts)):
        for token in texts.ids[texts.offsets[row] : texts.offsets[row + 1]]:
            counts[row, token] += 1
    return counts[:, 2:SIZE]


def test_vectors_are_scikit_learns_components_times_root_singular_values_and_idf() -> None:
    texts = drawn_texts(80)
    tf_idf = TfidfTransformer()
    matrix = tf_idf.fit_transform(counts_of(texts))
    svd = TruncatedSVD(6, algorithm="arpack", random_state=0).fit(matrix)
    theirs = svd.components_.T * np.sqrt(svd.singular_values_) * tf_idf.idf_[:, None]
    ours = svd_embedding(texts, SIZE, 6, seed=1)[2:].astype(np.float64)
    # Signs are arbitrary, so products between words are compared; the scale is another test's.
    scale = np.sqrt(np.square(ours).sum() / np.square(theirs).sum())
    gram = theirs @ theirs.T * scale**2
    assert np.abs(ours @ ours.T - gram).max() < 0.02 * np.abs(gram).max()


def test_vectors_have_a_standard_deviation_of_a_fifth_and_zero_for_reserved_ids() -> None:
    vectors = svd_embedding(drawn_texts(80), SIZE, 6, seed=1)
    assert vectors.shape == (SIZE, 6)
    assert vectors.dtype == np.float32
    assert vectors.std() == pytest.approx(0.2, rel=1e-4)
    assert not vectors[:2].any()
    assert vectors[2:].any(axis=1).all()


def test_dimensions_that_the_texts_do_not_give_are_noise_of_the_same_deviation() -> None:
    # Four texts have three dimensions at most: one is left for the solver.
    vectors = svd_embedding(drawn_texts(4), SIZE, 400, seed=1)
    assert vectors.shape == (SIZE, 400)
    assert not vectors[:2].any()
    assert vectors[2:, 3:].std() == pytest.approx(0.2, rel=0.02)
    correlations = np.corrcoef(vectors[2:, 3:])
    assert np.abs(correlations - np.eye(N_WORDS)).max() < 0.3


def test_one_text_gives_noise_alone() -> None:
    vectors = svd_embedding(drawn_texts(1), SIZE, 50, seed=1)
    assert vectors[2:].std() == pytest.approx(0.2, rel=0.05)


def test_a_text_of_unknown_words_alone_does_no_harm() -> None:
    ids = np.array([2, 3, 2, 3, 4, 1, 1, 9], np.int32)
    texts = EncodedTexts(ids, np.array([0, 3, 5, 8, 8], np.int64))
    assert np.isfinite(svd_embedding(texts, 5, 2, seed=1)).all()


def test_one_seed_gives_the_same_vectors_and_another_other_noise() -> None:
    texts = drawn_texts(10)
    first, again = (svd_embedding(texts, SIZE, 20, seed=4) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:, 9:], svd_embedding(texts, SIZE, 20, seed=5)[:, 9:])


def test_the_texts_stay_as_they_are() -> None:
    texts = drawn_texts(10)
    before = texts.ids.copy()
    svd_embedding(texts, SIZE, 5, seed=4)
    assert np.array_equal(texts.ids, before)


def test_a_trial_starts_with_a_part_of_the_vectors_of_the_corpus() -> None:
    texts = drawn_texts(80)
    whole = svd_embedding(texts, SIZE, 8, seed=1)[2:20, :5]
    start = SvdStart(texts, SIZE, 8, seed=1).vectors(20, 5)
    assert start.shape == (20, 5)
    assert start.dtype == np.float32
    assert not start[:2].any()
    assert start[2:].std() == pytest.approx(0.2, rel=1e-4)
    assert start[2:] == pytest.approx(whole * (0.2 / whole.std()), rel=1e-4)


def test_a_start_does_not_depend_on_the_trials_before() -> None:
    texts = drawn_texts(80)
    used = SvdStart(texts, SIZE, 8, seed=1)
    used.vectors(SIZE, 8)
    used.vectors(10, 3)
    assert np.array_equal(used.vectors(20, 5), SvdStart(texts, SIZE, 8, seed=1).vectors(20, 5))


def test_dimensions_beyond_those_of_the_corpus_start_as_noise() -> None:
    start = SvdStart(drawn_texts(80), SIZE, 4, seed=1).vectors(SIZE, 200)
    assert start[2:, 4:].std() == pytest.approx(0.2, rel=0.03)
    assert not start[:2].any()


def test_words_beyond_the_thirty_thousandth_start_as_noise() -> None:
    ids = np.arange(2, 30_402, dtype=np.int32)
    texts = EncodedTexts(ids, np.array([0, 10_000, 20_000, 30_400], np.int64))
    start = SvdStart(texts, 30_402, 2, seed=1).vectors(30_402, 2)
    assert start.shape == (30_402, 2)
    assert start[30_000:].std() == pytest.approx(0.2, rel=0.1)
