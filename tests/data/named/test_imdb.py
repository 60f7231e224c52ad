"""Reviews of Keras's archive: words come back from ranks, of pinned files only."""

import hashlib
from pathlib import Path

import pytest

from search.data.labelled_texts import LabelledTexts
from search.data.named.files import RemoteFile
from search.data.named.imdb import read_imdb
from search.errors import DataError
from search.metrics.task import Task
from tests.data.named.conftest import Mirror
from tests.reviews import reviews, sixteen, write_reviews


def read(folder: Path, mirror: Mirror, *entries: list[int]) -> LabelledTexts:
    archive = write_reviews(folder, x_train=sixteen(*entries) if entries else reviews(16)["x"])
    return read_imdb(*mirror.add(archive, archive.with_name("imdb_word_index.json")))


def test_words_come_back_in_the_order_of_the_archive(tmp_path: Path, mirror: Mirror) -> None:
    texts = read(tmp_path, mirror, [7, 4, 4, 3, 5], [6]).texts
    assert texts[:3] == ("café br br is good", "bad", "the film")
    assert texts[16:18] == ("the bad film", "the film is good")


def test_task_is_binary_and_the_split_is_the_archives(tmp_path: Path, mirror: Mirror) -> None:
    content = read(tmp_path, mirror)
    assert content.task is Task.BINARY
    assert content.outcome_names == ("positive", "negative")
    assert content.labels[:4].tolist() == [[0], [1], [0], [1]]
    assert content.given_split == ("train",) * 16 + ("test",) * 8
    assert "16 train, 8 test" in content.notes[-1]


def test_an_archive_with_another_hash_is_never_opened(tmp_path: Path, mirror: Mirror) -> None:
    archive = write_reviews(tmp_path)
    _, index = mirror.add(archive, archive.with_name("imdb_word_index.json"))
    pinned = RemoteFile("imdb.npz", "http://127.0.0.1:9", hashlib.sha256(b"other").hexdigest())
    with pytest.raises(DataError, match=r"imdb\.npz: expected the SHA256 hash"):
        read_imdb(pinned, index)


def test_a_weak_hash_does_not_vouch_for_pickles(file: RemoteFile) -> None:
    weak = RemoteFile(file.name, file.home, "0" * 32, algorithm="md5")
    with pytest.raises(ValueError, match="SHA-256 only"):
        read_imdb(weak, file)
