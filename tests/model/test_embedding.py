import numpy as np
import numpy.typing as npt
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from search.data.word_vectors.word_vectors import WordVectors
from search.model.embedding import FileEmbedding, SvdEmbedding, compute_svd_embedding
from search.text.tokens import TokenSequences

N_WORDS = 30
SIZE = N_WORDS + 2


def drawn_texts(n_texts: int) -> TokenSequences:
    """Texts of 4 to 12 tokens, early ids frequent; 1 is unknown, the last id is beyond the cut."""
    generator = np.random.default_rng(8)
    lengths = generator.integers(4, 12, n_texts, endpoint=True)
    ids = np.minimum(generator.geometric(0.08, lengths.sum()), SIZE + 3).astype(np.int32)
    return TokenSequences(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def count_words(texts: TokenSequences) -> npt.NDArray[np.float64]:
    """Known words of each text, (n_texts, N_WORDS)."""
    counts = np.zeros((len(texts), SIZE + 4))
    for row in range(len(texts)):
        for token in texts.ids[texts.offsets[row] : texts.offsets[row + 1]]:
            counts[row, token] += 1
    return counts[:, 2:SIZE]


def test_vectors_are_scikit_learns_components_times_root_singular_values_and_idf() -> None:
    texts = drawn_texts(80)
    tf_idf = TfidfTransformer()
    matrix = tf_idf.fit_transform(count_words(texts))
    svd = TruncatedSVD(6, algorithm="arpack", random_state=0).fit(matrix)
    theirs = svd.components_.T * np.sqrt(svd.singular_values_) * tf_idf.idf_[:, None]
    ours = compute_svd_embedding(texts, SIZE, 6, seed=1)[2:].astype(np.float64)
    # Signs are arbitrary, so products between words are compared; the scale is another test's.
    scale = np.sqrt(np.square(ours).sum() / np.square(theirs).sum())
    gram = theirs @ theirs.T * scale**2
    assert np.abs(ours @ ours.T - gram).max() < 0.02 * np.abs(gram).max()


def test_vectors_have_a_standard_deviation_of_a_fifth_and_zero_for_reserved_ids() -> None:
    vectors = compute_svd_embedding(drawn_texts(80), SIZE, 6, seed=1)
    assert vectors.shape == (SIZE, 6)
    assert vectors.dtype == np.float32
    assert vectors.std() == pytest.approx(0.2, rel=1e-4)
    assert not vectors[:2].any()
    assert vectors[2:].any(axis=1).all()


def test_dimensions_that_the_texts_do_not_give_are_noise_of_the_same_deviation() -> None:
    # Four texts have three dimensions at most: one is left for the solver.
    vectors = compute_svd_embedding(drawn_texts(4), SIZE, 400, seed=1)
    assert vectors.shape == (SIZE, 400)
    assert not vectors[:2].any()
    assert vectors[2:, 3:].std() == pytest.approx(0.2, rel=0.02)
    correlations = np.corrcoef(vectors[2:, 3:])
    assert np.abs(correlations - np.eye(N_WORDS)).max() < 0.3


def test_one_text_gives_noise_alone() -> None:
    vectors = compute_svd_embedding(drawn_texts(1), SIZE, 50, seed=1)
    assert vectors[2:].std() == pytest.approx(0.2, rel=0.05)


def test_a_text_of_unknown_words_alone_does_no_harm() -> None:
    ids = np.array([2, 3, 2, 3, 4, 1, 1, 9], np.int32)
    texts = TokenSequences(ids, np.array([0, 3, 5, 8, 8], np.int64))
    assert np.isfinite(compute_svd_embedding(texts, 5, 2, seed=1)).all()


def test_one_seed_gives_the_same_vectors_and_another_other_noise() -> None:
    texts = drawn_texts(10)
    first, again = (compute_svd_embedding(texts, SIZE, 20, seed=4) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:, 9:], compute_svd_embedding(texts, SIZE, 20, seed=5)[:, 9:])


def test_the_texts_stay_as_they_are() -> None:
    texts = drawn_texts(10)
    before = texts.ids.copy()
    compute_svd_embedding(texts, SIZE, 5, seed=4)
    assert np.array_equal(texts.ids, before)


def test_a_trial_starts_with_a_part_of_the_vectors_of_the_corpus() -> None:
    texts = drawn_texts(80)
    whole = compute_svd_embedding(texts, SIZE, 8, seed=1)[2:20, :5]
    start = SvdEmbedding(texts, SIZE, 8, seed=1).make_vectors(20, 5)
    assert start.shape == (20, 5)
    assert start.dtype == np.float32
    assert not start[:2].any()
    assert start[2:].std() == pytest.approx(0.2, rel=1e-4)
    assert start[2:] == pytest.approx(whole * (0.2 / whole.std()), rel=1e-4)


def test_a_start_does_not_depend_on_the_trials_before() -> None:
    texts = drawn_texts(80)
    used = SvdEmbedding(texts, SIZE, 8, seed=1)
    used.make_vectors(SIZE, 8)
    used.make_vectors(10, 3)
    assert np.array_equal(
        used.make_vectors(20, 5), SvdEmbedding(texts, SIZE, 8, seed=1).make_vectors(20, 5)
    )


def test_dimensions_beyond_those_of_the_corpus_start_as_noise() -> None:
    start = SvdEmbedding(drawn_texts(80), SIZE, 4, seed=1).make_vectors(SIZE, 200)
    assert start[2:, 4:].std() == pytest.approx(0.2, rel=0.03)
    assert not start[:2].any()


def test_words_beyond_the_thirty_thousandth_start_as_noise() -> None:
    ids = np.arange(2, 30_402, dtype=np.int32)
    texts = TokenSequences(ids, np.array([0, 10_000, 20_000, 30_400], np.int64))
    start = SvdEmbedding(texts, 30_402, 2, seed=1).make_vectors(30_402, 2)
    assert start.shape == (30_402, 2)
    assert start[30_000:].std() == pytest.approx(0.2, rel=0.1)


def drawn_vectors(n_words: int, n_dimensions: int, *, n_found: int) -> WordVectors:
    """Vectors of the first words, with a mean, and correlated dimensions of unequal variance."""
    generator = np.random.default_rng(6)
    mixing = generator.normal(size=(n_dimensions, n_dimensions))
    values = generator.normal(size=(n_found, n_dimensions)) @ mixing + 3.0
    return WordVectors(np.arange(2, n_found + 2), values.astype(np.float32), n_words)


def distances(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Distance of each row from each other, (n, n)."""
    wide = vectors.astype(np.float64)
    found: npt.NDArray[np.float64] = np.linalg.norm(wide[:, None] - wide[None], axis=2)
    return found


def test_with_all_dimensions_words_are_as_far_from_each_other_as_in_the_file() -> None:
    found = drawn_vectors(40, 5, n_found=40)
    start = FileEmbedding(found, seed=1).make_vectors(42, 5)
    assert start.shape == (42, 5)
    assert start.dtype == np.float32
    theirs, ours = distances(found.values), distances(start[2:])
    assert ours == pytest.approx(theirs * (ours.sum() / theirs.sum()), rel=1e-4, abs=1e-6)


def test_with_fewer_dimensions_words_have_the_principal_components_of_their_vectors() -> None:
    found = drawn_vectors(40, 6, n_found=40)
    start = FileEmbedding(found, seed=1).make_vectors(42, 3)[2:].astype(np.float64)
    centred = found.values - found.values.mean(axis=0, dtype=np.float64)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    components = u[:, :3] * s[:3]
    # Signs are arbitrary: the products between words are compared.
    scale = 0.2 / components.std()
    gram = (components @ components.T) * scale**2
    assert start @ start.T == pytest.approx(gram, rel=1e-4, abs=1e-6)
    assert np.all(np.diff(start.var(axis=0)) < 0)


def test_two_words_lie_on_either_side_of_zero() -> None:
    found = WordVectors(np.array([2, 3]), np.array([[1, 5], [1, 9]], np.float32), 2)
    start = FileEmbedding(found, seed=1).make_vectors(4, 2)
    assert np.abs(start[:, 0]).tolist() == pytest.approx([0.0, 0.0, 0.2, 0.2])
    assert start[2, 0] == -start[3, 0]


def test_a_file_start_has_the_deviation_of_an_svd_start_whatever_the_sizes() -> None:
    start = FileEmbedding(drawn_vectors(40, 6, n_found=40), seed=1)
    for sizes in [(42, 6), (42, 2), (20, 6), (7, 3)]:
        vectors = start.make_vectors(*sizes)
        assert vectors[2:].std() == pytest.approx(0.2, rel=1e-4)
        assert not vectors[:2].any()


def test_words_that_the_file_lacks_start_as_noise_of_the_same_deviation() -> None:
    start = FileEmbedding(drawn_vectors(2_000, 8, n_found=1_000), seed=1).make_vectors(2_002, 8)
    assert start[2:1_002].std() == pytest.approx(0.2, rel=1e-4)
    assert start[1_002:].std() == pytest.approx(0.2, rel=0.05)
    assert np.abs(np.corrcoef(start[1_002:].T) - np.eye(8)).max() < 0.15


def test_dimensions_beyond_those_of_the_file_start_as_noise() -> None:
    found = drawn_vectors(100, 3, n_found=100)
    start = FileEmbedding(found, seed=1).make_vectors(102, 60)
    assert start[2:, 3:].std() == pytest.approx(0.2, rel=0.05)
    # What comes from the file depends on no other dimension.
    assert np.array_equal(start[:, :3], FileEmbedding(found, seed=1).make_vectors(102, 3))


def test_dimensions_that_few_words_do_not_span_start_as_noise() -> None:
    found = drawn_vectors(3, 50, n_found=3)
    start = FileEmbedding(found, seed=1).make_vectors(5, 400)
    assert start[2:, :2].std() == pytest.approx(0.2, rel=1e-4)
    assert start[2:, 2:].std() == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize("n_found", [1, 30])
def test_words_that_are_all_alike_start_as_noise(n_found: int) -> None:
    found = WordVectors(np.arange(2, n_found + 2), np.ones((n_found, 4), np.float32), 30)
    start = FileEmbedding(found, seed=1).make_vectors(32, 100)
    assert start[2:].std() == pytest.approx(0.2, rel=0.05)
    assert not start[:2].any()


@pytest.mark.parametrize("factor", [1e-30, 1e36])
def test_the_scale_of_the_file_changes_nothing(factor: float) -> None:
    found = drawn_vectors(40, 4, n_found=40)
    values = (found.values.astype(np.float64) * factor).astype(np.float32)
    scaled = FileEmbedding(WordVectors(found.ids, values, found.n_words), seed=1).make_vectors(
        42, 4
    )
    assert scaled == pytest.approx(
        FileEmbedding(found, seed=1).make_vectors(42, 4), rel=1e-3, abs=1e-5
    )


def test_a_vocabulary_cut_below_the_words_of_the_file_starts_as_noise() -> None:
    found = WordVectors(np.array([50, 51]), np.array([[1, 2], [3, 5]], np.float32), 60)
    start = FileEmbedding(found, seed=1).make_vectors(40, 30)
    assert start[2:].std() == pytest.approx(0.2, rel=0.1)


def test_a_file_start_does_not_depend_on_the_trials_before() -> None:
    found = drawn_vectors(60, 6, n_found=40)
    used = FileEmbedding(found, seed=1)
    used.make_vectors(62, 6)
    used.make_vectors(10, 3)
    again = FileEmbedding(found, seed=1)
    assert np.array_equal(used.make_vectors(50, 8), again.make_vectors(50, 8))
    assert not np.array_equal(
        used.make_vectors(50, 8), FileEmbedding(found, seed=2).make_vectors(50, 8)
    )


def test_the_vectors_of_the_file_stay_as_they_are() -> None:
    found = drawn_vectors(40, 6, n_found=40)
    before = found.values.copy()
    FileEmbedding(found, seed=1).make_vectors(42, 6)
    assert np.array_equal(found.values, before)
