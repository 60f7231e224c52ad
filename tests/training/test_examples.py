from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.data.corpus import Corpus
from search.data.division import DividedCorpus, divide_corpus
from search.data.word_vectors.word_vectors import WordVectors
from search.model.embedding import FileEmbedding
from search.space.hyperparameters import Hyperparameters
from search.text.tokens import TokenSequences
from search.text.vocabulary import UNKNOWN
from search.training.examples import Examples, make_training_data
from tests.training.tiny import tiny_data


def examples() -> Examples:
    """Text i is i + 1 times the id i + 2, and its label is whether i is odd."""
    ids = np.concatenate([np.full(i + 1, i + 2, np.int32) for i in range(10)])
    offsets = np.concatenate(([0], np.cumsum(np.arange(1, 11)))).astype(np.int64)
    labels = (np.arange(10) % 2)[:, None].astype(np.uint8)
    return Examples(TokenSequences(ids, offsets), labels)


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


def divided_films() -> DividedCorpus:
    """Divide 100 texts; text i has a word of its own, `w` and its number."""
    texts = [f"{'love' if i % 2 else 'war'} the the w{i} v{i % 7}" for i in range(100)]
    return divide_corpus(Corpus.from_lists(texts, [["ab"[i % 2]] for i in range(100)]), seed=0)


def test_vocabulary_is_that_of_train_and_texts_keep_their_labels() -> None:
    divided = divided_films()
    data = make_training_data(divided, seed=0, n_dimensions=4)
    split, labels = divided.split, divided.corpus.labels
    assert data.vocabulary.words[0] == "the"
    own = {word for word in data.vocabulary.words if word.startswith("w") and word != "war"}
    assert own == {f"w{row}" for row in split.train}
    assert np.array_equal(data.train.labels, labels[split.train])
    assert np.array_equal(data.validation.labels, labels[split.validation])
    assert data.validation.texts.lengths.tolist() == [5] * len(split.validation)
    # The fourth word of a validation text stands in no train text.
    assert set(data.validation.texts.ids[3::5].tolist()) == {UNKNOWN}
    assert len(data.train_sample.texts) == len(split.validation)
    assert data.notes == ()


def test_a_part_of_train_is_all_that_is_learned_from() -> None:
    divided = divided_films()
    data = make_training_data(divided, seed=0, n_dimensions=4, part=np.array([1, 3]))
    rows = divided.split.train[[1, 3]]
    assert {f"w{row}" for row in rows} <= set(data.vocabulary.words)
    assert len(data.train.texts) == 2
    assert np.array_equal(data.train.labels, divided.corpus.labels[rows])


def test_coverage_of_word_vectors_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text("the 1 2\nlove 3 4\n")
    data = make_training_data(
        divided_films(), seed=0, n_dimensions=4, embeddings=tmp_path / "small.txt"
    )
    assert data.file_start is not None
    assert data.notes[0].startswith("small.txt: 2 of ")
    assert "of the tokens of train" in data.notes[0]


def test_an_embedding_starts_from_what_its_hyperparameters_name() -> None:
    found = WordVectors(np.array([2, 3]), np.array([[1, 2, 4], [3, 5, 9]], np.float32), 12)
    from_file = FileEmbedding(found, seed=0)
    data = replace(tiny_data(), file_start=from_file)
    h = Hyperparameters(embedding_size=3)
    n_rows = data.vocabulary.size
    assert data.choose_start(h) is None
    for initialization, expected in {
        "svd": data.svd_start.make_vectors(n_rows, 3),
        "file": from_file.make_vectors(n_rows, 3),
    }.items():
        start = data.choose_start(replace(h, embedding_initialization=initialization))
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
    start = tiny_data().choose_start(h)
    assert start is not None
    assert start.shape == (n_rows, 4)


def test_without_a_file_nothing_can_start_from_one() -> None:
    with pytest.raises(ValueError, match="embedding_initialization is file, but no file was read"):
        tiny_data().choose_start(Hyperparameters(embedding_initialization="file"))
