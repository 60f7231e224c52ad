"""Which files are downloaded, and from where."""

import hashlib
from pathlib import Path

import pytest

from search.data.named.files import IMDB_ARCHIVE, IMDB_INDEX, WIKIPEDIA_FILES, RemoteFile
from search.errors import DataError


def test_files_of_keras_have_their_addresses() -> None:
    folder = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
    assert IMDB_ARCHIVE.address == f"{folder}/imdb.npz"
    assert IMDB_INDEX.address == f"{folder}/imdb_word_index.json"
    assert (IMDB_ARCHIVE.algorithm, IMDB_INDEX.algorithm) == ("sha256", "md5")


def test_wikipedia_is_thirteen_decades_in_order_of_one_commit() -> None:
    decades = [f"movies-{year}s.json" for year in range(1900, 2021, 10)]
    assert [file.name for file in WIKIPEDIA_FILES] == decades
    assert WIKIPEDIA_FILES[0].address == (
        "https://raw.githubusercontent.com/prust/wikipedia-movie-data/"
        "91ae721d3672e8ef4f15b213c763a634250ef61a/movies-1900s.json"
    )
    assert {len(file.digest) for file in WIKIPEDIA_FILES} == {64}


@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
def test_hashes_are_those_of_the_real_files(real_data: Path, place: int) -> None:
    file = WIKIPEDIA_FILES[place]
    content = (real_data / "wikipedia-movie-data" / file.name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file.digest


@pytest.mark.parametrize(
    "mirror",
    ["http://mirror.example/data", "http://mirror.example/data/"],
    ids=["bare", "with a slash"],
)
def test_mirror_stands_in_for_the_home(
    file: RemoteFile, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror)
    assert file.address == "http://mirror.example/data/film.bin"


def test_empty_mirror_is_none(file: RemoteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENRE_SEARCH_MIRROR", "")
    assert file.address == "http://127.0.0.1:9/film.bin"


def test_mirror_that_is_no_address_is_refused(
    file: RemoteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENRE_SEARCH_MIRROR", "/srv/mirror")
    with pytest.raises(DataError, match="GENRE_SEARCH_MIRROR: expected an address that begins"):
        _ = file.address
