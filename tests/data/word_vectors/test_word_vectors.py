import gzip
import hashlib
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from search.data.corpus import open_corpus
from search.data.word_vectors.word_vectors import (
    WordVectors,
    hash_file,
    read_word_vectors,
)
from search.errors import DataError
from search.text.tokens import TokenSequences, tokenize
from search.text.vocabulary import Vocabulary
from search.text.words import split_words

VOCABULARY = Vocabulary(("the", "cat", "straße".casefold(), "été", "dog"))
"""Ids 2 to 6."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.txt"


def found_in(path: Path, *lines: str) -> dict[int, list[float]]:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_word_vectors(path, VOCABULARY)
    return dict(zip(found.ids.tolist(), found.values.tolist(), strict=True))


def test_words_of_the_vocabulary_are_kept_by_their_ids(path: Path) -> None:
    path.write_text("dog 1 2\nfox 3 4\nthe 5 6\n")
    found = read_word_vectors(path, VOCABULARY)
    assert found.ids.tolist() == [2, 6]
    assert found.values.tolist() == [[5.0, 6.0], [1.0, 2.0]]
    assert found.values.dtype == np.float32
    assert found.n_words == 5


def test_the_first_of_equal_words_counts(path: Path) -> None:
    assert found_in(path, "cat 1 2", "cat 3 4") == {3: [1.0, 2.0]}


def test_the_same_spelling_wins_over_another_case_else_the_first_case_does(path: Path) -> None:
    lines = ("The 1 2", "THE 3 4", "the 5 6", "THe 9 9", "CAT 7 8", "Cat 9 9")
    assert found_in(path, *lines) == {2: [5.0, 6.0], 3: [7.0, 8.0]}


def test_words_are_folded_and_composed_as_texts_are(path: Path) -> None:
    # An accent as a mark of its own, and a sharp s that folds to two letters.
    assert found_in(path, "E\u0301te\u0301 1 2", "Straße 3 4") == {5: [1.0, 2.0], 4: [3.0, 4.0]}


def test_words_in_another_encoding_are_words_of_no_text(path: Path) -> None:
    path.write_bytes(b"caf\xe9 1 2\n\xff\xfe 3 4\ncat 5 6\n")
    assert read_word_vectors(path, VOCABULARY).ids.tolist() == [3]


def test_rows_of_other_words_are_counted_but_not_read_as_numbers(path: Path) -> None:
    assert found_in(path, "the 1 2", "fox x y") == {2: [1.0, 2.0]}
    with pytest.raises(DataError, match=r"vectors\.txt: line 2: expected a word and 2 numbers"):
        found_in(path, "the 1 2", "fox 1")


@pytest.mark.parametrize("name", ["vectors.vec.gz", "vectors.txt"])
def test_compression_is_told_by_the_content(tmp_path: Path, name: str) -> None:
    text = b"2 2\nthe 1 2\ncat 3 4\n"
    (tmp_path / name).write_bytes(gzip.compress(text))
    assert read_word_vectors(tmp_path / name, VOCABULARY).ids.tolist() == [2, 3]
    (tmp_path / name).write_bytes(text)
    assert read_word_vectors(tmp_path / name, VOCABULARY).ids.tolist() == [2, 3]


def damaged(part: str) -> bytes:
    whole = gzip.compress(b"".join(b"w%d 1 2\n" % i for i in range(1_000)))
    changed = {
        "end": whole[:-300],
        "sum": whole[:-8] + bytes(8),
        "data": whole[:10] + b"\xff" * 50 + whole[60:],
        "head": whole[:2] + b"\xff" + whole[3:],
    }
    return changed[part]


@pytest.mark.parametrize("part", ["end", "sum", "data", "head"])
def test_a_damaged_gzip_file_is_told(path: Path, part: str) -> None:
    path.write_bytes(damaged(part))
    with pytest.raises(DataError, match=r"vectors\.txt: expected a whole gzip file, found a dam"):
        read_word_vectors(path, VOCABULARY)


def test_a_file_without_any_word_of_the_texts_is_refused(path: Path) -> None:
    expected = "expected vectors for words of the texts, found none of the 5 words\nGive vectors of"
    with pytest.raises(DataError, match=expected):
        found_in(path, "Hund 1 2", "Katze 3 4")


def test_a_row_that_does_not_fit_is_told_with_the_path(path: Path) -> None:
    expected = r"vectors\.txt: line 2: expected finite numbers .* 'cat', found 'nan'\nCorrect or"
    with pytest.raises(DataError, match=expected):
        found_in(path, "the 1 2", "cat nan 4")


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, expected in {
        "missing.txt": "expected a file, found nothing there\nCheck the path",
        ".": "expected a file, found a folder\nName one",
        "pipe": "expected a file, found a pipe or device\nWrite its content",
    }.items():
        with pytest.raises(DataError, match=expected) as caught:
            read_word_vectors(tmp_path / name, VOCABULARY)
        assert str(tmp_path / name) in caught.value.message
        with pytest.raises(DataError, match=expected):
            hash_file(tmp_path / name)


def test_a_file_below_a_file_cannot_be_read(path: Path) -> None:
    path.write_text("the 1 2\n")
    with pytest.raises(DataError, match="expected a readable file, found: Not a directory"):
        hash_file(path / "vectors.txt")


def test_the_sum_is_that_of_the_bytes_as_they_lie(path: Path) -> None:
    content = gzip.compress(b"the 1 2\n")
    path.write_bytes(content)
    assert hash_file(path) == hashlib.sha256(content).hexdigest()


def test_coverage_counts_words_once_and_tokens_as_often_as_they_stand() -> None:
    texts = ["the cat the dog", "the unicorn"]
    vocabulary = Vocabulary.count(tokenize(texts))
    assert vocabulary.words == ("the", "cat", "dog", "unicorn")
    found = WordVectors(np.array([2, 4]), np.ones((2, 3), np.float32), 4)
    coverage = found.describe_coverage(vocabulary.encode(tokenize(texts)))
    assert coverage == "2 of 4 words (50.0 %), 66.7 % of the tokens of train"


def test_coverage_is_written_with_thousands() -> None:
    ids = np.arange(2, 31_004)
    found = WordVectors(ids, np.ones((31_002, 1), np.float32), 34_115)
    train = TokenSequences(np.repeat(np.array([2, 1], np.int32), [987, 13]), np.array([0, 1_000]))
    expected = "31,002 of 34,115 words (90.9 %), 98.7 % of the tokens of train"
    assert found.describe_coverage(train) == expected


def test_coverage_of_nothing_is_zero() -> None:
    found = WordVectors(np.array([], np.int64), np.ones((0, 3), np.float32), 0)
    nothing = TokenSequences(np.array([], np.int32), np.array([0]))
    expected = "0 of 0 words (0.0 %), 0.0 % of the tokens of train"
    assert found.describe_coverage(nothing) == expected


def test_unknown_words_are_tokens_without_a_vector() -> None:
    texts = TokenSequences(np.array([1, 2, 1, 3], np.int32), np.array([0, 4], np.int64))
    found = WordVectors(np.array([2, 3]), np.ones((2, 3), np.float32), 2)
    assert "50.0 % of the tokens" in found.describe_coverage(texts)


def test_words_of_real_texts_are_found_in_a_cased_file(real_data: Path, path: Path) -> None:
    corpus = open_corpus(str(real_data / "netflix_titles.csv"))
    vocabulary = Vocabulary.count(tokenize(corpus.texts))
    generator = np.random.default_rng(2)
    numbers = generator.normal(size=(3_000, 8)).round(4)
    rows = zip(vocabulary.words, numbers, strict=False)
    lines = (f"{word.title()} {' '.join(map(str, row))}" for word, row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_word_vectors(path, vocabulary)
    assert found.ids.tolist() == list(range(2, 3_002))
    assert np.abs(found.values - numbers).max() < 1e-6
    coverage = found.describe_coverage(vocabulary.encode(tokenize(corpus.texts)))
    counts = Counter(word for text in corpus.texts for word in split_words(text))
    share = sum(n for _, n in counts.most_common()[:3_000]) / counts.total()
    assert coverage.endswith(f"{100 * share:.1f} % of the tokens of train")
