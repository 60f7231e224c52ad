"""Reviews of Keras's archive: words come back from ranks, and what does not fit is refused."""

from pathlib import Path

import numpy as np
import pytest

from search.data.corpus import Corpus, Task
from search.data.imdb import read_imdb
from search.errors import DataError
from tests.reviews import WORDS, lists, reviews, sixteen, write_index, write_reviews


def read(archive: Path) -> Corpus:
    return read_imdb(archive, archive.with_name("imdb_word_index.json"), name="imdb")


def test_words_come_back_in_the_order_of_the_archive(tmp_path: Path) -> None:
    x_train = sixteen([7, 4, 4, 3, 5], [6])
    corpus = read(write_reviews(tmp_path, x_train=x_train))
    assert corpus.texts[:3] == ("café br br is good", "bad", "the film")
    assert corpus.texts[16:18] == ("the bad film", "the film is good")


def test_task_is_binary_and_positive_is_1(tmp_path: Path) -> None:
    corpus = read(write_reviews(tmp_path))
    assert corpus.name == "imdb"
    assert corpus.task is Task.BINARY
    assert (corpus.label_names, corpus.negative_name) == (("positive",), "negative")
    assert corpus.labels[:4].tolist() == [[0], [1], [0], [1]]
    assert corpus.texts[1] == "the film is good"


def test_split_of_the_archive_is_given(tmp_path: Path) -> None:
    corpus = read(write_reviews(tmp_path))
    assert corpus.given_split == ("train",) * 16 + ("test",) * 8


def test_notes_tell_what_is_gone_and_how_many_there_are(tmp_path: Path) -> None:
    first, _, last = read(write_reviews(tmp_path)).notes
    assert "punctuation and case are gone" in first
    assert last == "the archive divides the texts itself: 16 train, 8 test"


@pytest.mark.parametrize(
    ("strange", "found"),
    [
        *((8, "8"), (0, "0"), (-1, "-1"), (70_000, "70,000")),
        ("film", "a value of type str"),
        ([1], "a value of type list"),
        (None, "a value of type NoneType"),
        (True, "a value of type bool"),
        # 7.0 is 7 to a dictionary.
        (7.0, "a value of type float"),
    ],
)
def test_entry_that_is_no_rank_of_the_index_is_refused(
    tmp_path: Path, strange: object, found: str
) -> None:
    path = write_reviews(tmp_path, x_train=sixteen([1], [1, strange]))
    with pytest.raises(DataError, match=r"imdb\.npz: x_train: .*7 words of the index") as caught:
        read(path)
    assert f"found {found} in review 1" in caught.value.message
    assert "imdb_word_index.json that belongs to the archive" in caught.value.hint


def test_number_that_python_does_not_print_is_refused(tmp_path: Path) -> None:
    # 10**600 has 250 bytes; one of more than 255 is another step of a pickle, and refused as such.
    path = write_reviews(tmp_path, x_train=sixteen([10**600]))
    with pytest.raises(DataError, match="found a huge number in review 0"):
        read(path)
    with pytest.raises(DataError, match=r"x_train: .*found a broken one"):
        read(write_reviews(tmp_path, x_train=sixteen([10**5_000])))


def test_pairs_of_pairs_are_neither_looked_up_nor_printed(tmp_path: Path) -> None:
    # Each pair holds the one before twice: 2**30 entries, if anything went through them.
    pair: object = ()
    for _ in range(30):
        pair = (pair, pair)
    own: list[object] = [1, pair]
    own.append(own)
    with pytest.raises(DataError, match="found a value of type tuple in review 0"):
        read(write_reviews(tmp_path, x_train=sixteen(own)))


def test_empty_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="x_train: expected words, found an empty review, number 1"):
        read(write_reviews(tmp_path, x_train=sixteen([1], [])))


def test_archive_of_other_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "imdb.npz"
    np.savez(path, images=np.zeros(3))
    write_index(tmp_path, WORDS)
    with pytest.raises(
        DataError, match="the arrays x_train, y_train, x_test, y_test, found images"
    ):
        read(path)
    with pytest.raises(DataError, match="found x_train, y_train, y_test"):
        read(write_reviews(tmp_path, x_test=None))


@pytest.mark.parametrize(
    ("classes", "found"),
    [(np.arange(16), r"16 of \[0, 1, 2, 3, 4\]"), (np.zeros(15, dtype=int), r"15 of \[0\]")],
)
def test_classes_other_than_0_and_1_or_too_few_are_refused(
    tmp_path: Path, classes: object, found: str
) -> None:
    with pytest.raises(
        DataError, match=f"y_train: expected 16 classes, each 0 or 1, found {found}"
    ):
        read(write_reviews(tmp_path, y_train=classes))


def test_matrix_of_ranks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"x_train: expected one dimension .* \(16, 4\)"):
        read(write_reviews(tmp_path, x_train=np.ones((16, 4), dtype=int)))


def test_one_class_or_few_reviews_are_refused(tmp_path: Path) -> None:
    ones = np.ones(16, dtype=int)
    with pytest.raises(DataError, match="reviews of two classes, found 24 of 1"):
        read(write_reviews(tmp_path, y_train=ones, y_test=ones[:8]))
    few = reviews(11)
    with pytest.raises(DataError, match="at least 20 reviews of two classes, found 19 of 2"):
        read(write_reviews(tmp_path, x_train=few["x"], y_train=few["y"]))


def test_small_file_that_claims_many_words_is_refused(tmp_path: Path) -> None:
    path = write_reviews(tmp_path, x_train=lists(*[[1] * 60_000] * 1_000))
    assert path.stat().st_size < 200_000
    with pytest.raises(DataError, match="at most 50,000,000 words, found 60,000,000"):
        read(path)


@pytest.mark.parametrize(
    ("index", "found"),
    [
        (["the"], "expected ranks by their words, found something else"),
        ({"the": "1"}, "expected ranks by their words, found something else"),
        ({"the": True}, "expected ranks by their words, found something else"),
        ({"the": 1, "a": 1}, "expected a rank a word, found 2 words on 1 ranks"),
    ],
)
def test_index_of_another_form_is_refused(tmp_path: Path, index: object, found: str) -> None:
    path = write_reviews(tmp_path)
    write_index(tmp_path, index)
    with pytest.raises(DataError, match=rf"imdb_word_index\.json: {found}"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 200_000])
def test_index_that_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = write_reviews(tmp_path)
    (tmp_path / "imdb_word_index.json").write_bytes(content)
    with pytest.raises(DataError, match="expected a word index, found something else"):
        read(path)


def test_missing_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"imdb_word_index\.json: .*No such file"):
        read(write_reviews(tmp_path, index=False))
