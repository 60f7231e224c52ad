from dataclasses import replace

import numpy as np
import pytest

from search.data.word_vectors import WordVectors
from search.model.embedding import FileStart
from search.space.hyperparameters import Hyperparameters
from search.text.vocabulary import EncodedTexts
from search.training.examples import Examples
from tests.training.tiny import tiny_data


def examples() -> Examples:
    """Text i is i + 1 times the id i + 2, and its label is whether i is odd."""
    ids = np.concatenate([np.full(i + 1, i + 2, np.int32) for i in range(10)])
    offsets = np.concatenate(([0], np.cumsum(np.arange(1, 11)))).astype(np.int64)
    labels = (np.arange(10) % 2)[:, None].astype(np.uint8)
    return Examples(EncodedTexts(ids, offsets), labels)


def test_a_sample_keeps_texts_with_their_labels_and_in_their_order() -> None:
    sample = examples().sample(6, seed=3)
    lengths = sample.texts.lengths
    assert len(sample.texts) == 6
    assert lengths.tolist() == sorted(set(lengths.tolist()))
    assert sample.labels[:, 0].tolist() == ((lengths - 1) % 2).tolist()
    starts = sample.texts.ids[sample.texts.offsets[:-1]]
    assert starts.tolist() == (lengths + 1).tolist()
    assert sample.texts.ids.dtype == np.int32 and sample.texts.offsets.dtype == np.int64


def test_one_seed_draws_the_same_and_another_something_else() -> None:
    def drawn(seed: int) -> list[int]:
        return [int(length) for length in examples().sample(5, seed=seed).texts.lengths]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_where_there_are_fewer_all_are_taken() -> None:
    whole = examples()
    assert whole.sample(10, seed=0) is whole
    assert whole.sample(99, seed=0) is whole


def test_an_embedding_starts_from_what_its_hyperparameters_name() -> None:
    found = WordVectors(np.array([2, 3]), np.array([[1, 2, 4], [3, 5, 9]], np.float32), 12)
    from_file = FileStart(found, seed=0)
    data = replace(tiny_data(), file_start=from_file)
    h = Hyperparameters(embedding_size=3)
    n_rows = data.vocabulary.size
    assert data.start_of(h) is None
    for initialization, expected in {
        "svd": data.svd_start.vectors(n_rows, 3),
        "file": from_file.vectors(n_rows, 3),
    }.items():
        start = data.start_of(replace(h, embedding_initialization=initialization))
        assert start is not None
        assert np.array_equal(start, expected)


@pytest.mark.parametrize(
    ("vocabulary_size", "embedding_rows", "n_rows"),
    [
        (10, "words", 10),
        (10, "vocabulary_size", 10),
        (50, "words", 14),
        (50, "vocabulary_size", 50),
    ],
)
def test_a_start_has_the_rows_that_the_embedding_has(
    vocabulary_size: int, embedding_rows: str, n_rows: int
) -> None:
    h = Hyperparameters(
        embedding_initialization="svd",
        vocabulary_size=vocabulary_size,
        embedding_rows=embedding_rows,
        embedding_size=4,
    )
    start = tiny_data().start_of(h)
    assert start is not None
    assert start.shape == (n_rows, 4)


def test_without_a_file_nothing_can_start_from_one() -> None:
    with pytest.raises(ValueError, match="embedding_initialization is file, but no file was read"):
        tiny_data().start_of(Hyperparameters(embedding_initialization="file"))
