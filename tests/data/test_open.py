"""Opening a corpus by path or by name, and what the real files hold."""

import hashlib
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import search.data.open
from search.data.corpus import Corpus, Task
from search.data.download.files import WIKIPEDIA_FILES, RemoteFile
from search.data.open import NAMED_CORPORA, fetch_corpus, open_corpus
from search.errors import DataError
from tests.file_server import FileServer, serving
from tests.reviews import write_reviews


@cache
def opened(path: Path) -> Corpus:
    return open_corpus(str(path))


def write_csv(path: Path, header: str = "text,label") -> Path:
    rows = [f"story {i},{'x' if i % 2 else 'y'}" for i in range(20)]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "name"), [("films.csv", "films"), ("my.films.2024.csv", "my.films.2024")]
)
def test_corpus_is_named_after_the_file(tmp_path: Path, file: str, name: str) -> None:
    corpus = open_corpus(str(write_csv(tmp_path / file)))
    assert corpus.name == name
    assert len(corpus.texts) == 20


def test_column_options_reach_the_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "films.csv", header="told,kind")
    corpus = open_corpus(str(path), text_column="told", label_column="kind", label_separator="|")
    assert corpus.label_names == ("y",)
    with pytest.raises(DataError, match=r"films\.csv: expected a text column") as caught:
        open_corpus(str(path))
    assert "--text-column" in caught.value.hint


def test_same_file_gives_the_same_hash(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "films.csv"))
    assert open_corpus(path).sha256 == open_corpus(path).sha256


def test_nothing_found_names_the_corpora_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\(synopses, imdb, wikipedia-movies\), found") as caught:
        open_corpus("synopsis")
    assert caught.value.hint == "Did you mean synopses?"
    path = write_csv(tmp_path / "films.csv")
    with pytest.raises(DataError, match=r"no file is at .*film\.csv") as caught:
        open_corpus(str(tmp_path / "film.csv"))
    assert caught.value.hint == f"Did you mean {path}?"
    with pytest.raises(DataError, match="Check the path"):
        open_corpus(str(tmp_path / "nowhere" / "zzz.csv"))


@pytest.mark.parametrize(
    ("meant", "written"),
    [("imdb", "imbd"), ("wikipedia-movies", "wikipedia-movie"), ("wikipedia-movies", "wikipedia")],
)
def test_nearest_name_is_told_of_each_corpus(meant: str, written: str) -> None:
    with pytest.raises(DataError) as caught:
        open_corpus(written)
    assert caught.value.hint == f"Did you mean {meant}?"


@pytest.mark.parametrize("name", NAMED_CORPORA)
def test_named_corpus_takes_no_column_options(name: str) -> None:
    with pytest.raises(DataError, match="for --text-column, --label-separator, found the named"):
        open_corpus(name, text_column="text", label_separator=",")


def test_archive_takes_no_column_options(tmp_path: Path) -> None:
    path = write_reviews(tmp_path)
    with pytest.raises(DataError, match=r"for --label-column, found the archive .*imdb\.npz"):
        open_corpus(str(path), label_column="y_train")


def test_archive_is_opened_with_the_index_beside_it(tmp_path: Path) -> None:
    path = write_reviews(tmp_path).rename(tmp_path / "my-reviews.npz")
    corpus = open_corpus(str(path))
    assert corpus.name == "my-reviews"
    assert corpus.texts[:2] == ("the bad film", "the film is good")
    assert fetch_corpus(str(path)) == ()


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answer an empty cache folder, and let no network be there."""
    monkeypatch.setenv("GENRE_SEARCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GENRE_SEARCH_MIRROR", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("imdb", ("imdb.npz", "imdb_word_index.json")),
        ("wikipedia-movies", tuple(f"movies-{year}s.json" for year in range(1900, 2021, 10))),
    ],
)
def test_fetched_corpus_without_network_says_where_all_its_files_go(
    cache_folder: Path, name: str, files: tuple[str, ...]
) -> None:
    with pytest.raises(DataError, match=rf"{files[0]}: .*no connection") as caught:
        open_corpus(name)
    assert caught.value.hint == (
        f"Fetch {', '.join(files)} elsewhere and put them into {cache_folder}, or give the "
        "address of a folder that has them in GENRE_SEARCH_MIRROR."
    )


def test_files_that_are_there_are_not_asked_for(cache_folder: Path, real_data: Path) -> None:
    there = ("movies-1900s.json", "movies-2020s.json")
    cache_folder.mkdir()
    for file in there:
        shutil.copy(real_data / "wikipedia-movie-data" / file, cache_folder)
    with pytest.raises(DataError, match=r"movies-1910s\.json: .*no connection") as caught:
        open_corpus("wikipedia-movies")
    assert not any(file in str(caught.value) for file in there)
    assert "movies-2010s.json elsewhere" in caught.value.hint


def test_archive_without_an_index_needs_that_of_keras(
    tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_reviews(tmp_path, index=False)
    with serving(FileServer({"imdb_word_index.json": b"{}"})) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        # Of two braces, by md5sum.
        with pytest.raises(DataError, match="found 99914b932bd37a50b983c5e7c90ae93b in"):
            open_corpus(str(path))
    assert not list(cache_folder.glob("*.json"))


@pytest.mark.usefixtures("cache_folder")
def test_fetched_files_come_in_the_order_of_decades(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "movies-1900s.json"
    files = {name: (real_data / "wikipedia-movie-data" / name).read_bytes()}
    told: set[tuple[str, int | None]] = set()
    with serving(FileServer(files)) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        with pytest.raises(DataError, match=r"movies-1910s\.json: .*HTTP status 404"):
            fetch_corpus("wikipedia-movies", lambda name, _, n_bytes: told.add((name, n_bytes)))
    assert told == {(name, 100_041)}


# The true files cannot be had here, so the two tests below put other ones in their places.
def test_imdb_is_fetched_and_read(
    tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_reviews(tmp_path)
    files = {path.name: path.read_bytes() for path in (archive, tmp_path / "imdb_word_index.json")}
    for known in ("IMDB_ARCHIVE", "IMDB_INDEX"):
        file: RemoteFile = getattr(search.data.open, known)
        digest = hashlib.new(file.algorithm, files[file.name]).hexdigest()
        monkeypatch.setattr(search.data.open, known, replace(file, digest=digest))
    with serving(FileServer(files)) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        corpus = open_corpus("imdb")
    assert (corpus.name, corpus.texts[0]) == ("imdb", "the bad film")
    assert {file.name for file in cache_folder.iterdir()} >= set(files)
    assert open_corpus("imdb").sha256 == corpus.sha256 == open_corpus(str(archive)).sha256


@pytest.mark.usefixtures("cache_folder")
def test_wikipedia_is_fetched_and_read(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = (WIKIPEDIA_FILES[0], WIKIPEDIA_FILES[-1])
    monkeypatch.setattr(search.data.open, "WIKIPEDIA_FILES", published)
    folder = real_data / "wikipedia-movie-data"
    with serving(FileServer({f.name: (folder / f.name).read_bytes() for f in published})) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        corpus = open_corpus("wikipedia-movies")
    assert corpus.name == "wikipedia-movies"
    assert corpus.texts[0].startswith("Clowns Spinning Hats is a black-and-white silent film")
    assert "CC BY-SA" in corpus.notes[0]


def test_corpus_that_is_fetched_from_nowhere_needs_no_network() -> None:
    assert fetch_corpus("synopses") == ()


def test_empty_separator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found an empty string"):
        open_corpus(str(write_csv(tmp_path / "films.csv")), label_separator="")


def test_synopses_tell_that_they_are_generated_and_carry_their_floor() -> None:
    corpus = open_corpus("synopses")
    assert corpus.name == "synopses"
    assert len(corpus.texts) == 6_000
    assert corpus.task is Task.MULTILABEL
    assert corpus.floor is not None
    assert corpus.floor > 0
    assert "no real film" in corpus.notes[0]
    assert f"{corpus.floor:.4f}" in corpus.notes[1]


def test_netflix_has_42_labels_not_73(real_data: Path) -> None:
    corpus = opened(real_data / "netflix_titles.csv")
    assert corpus.labels.shape == (8_807, 42)
    assert corpus.name == "netflix_titles"
    # 2,752 and 2,427: grep -c on the file, for the two most frequent labels.
    assert corpus.label_names[:2] == ("International Movies", "Dramas")
    assert corpus.labels.sum(axis=0)[:2].tolist() == [2_752, 2_427]
    assert corpus.positive_rate == pytest.approx(0.052, abs=0.0005)


def test_imdb_movie_data_has_20_labels_separated_by_bare_commas(real_data: Path) -> None:
    corpus = opened(real_data / "IMDB-Movie-Data.csv")
    assert corpus.labels.shape == (1_000, 20)
    assert corpus.labels.sum(axis=1).mean() == pytest.approx(2.56, abs=0.005)


def test_wikipedia_drops_the_rows_without_extract_or_genre(real_data: Path) -> None:
    corpus = opened(real_data / "wikipedia_movies.jsonl.gz")
    assert corpus.labels.shape == (34_266, 41)
    assert corpus.notes[1].startswith("2,007 of 36,273 rows dropped")


def test_rt_polarity_is_binary_and_balanced(real_data: Path) -> None:
    corpus = opened(real_data / "rt_polarity.csv")
    assert corpus.task is Task.BINARY
    assert (corpus.label_names, corpus.negative_name) == (("1",), "0")
    assert corpus.labels.shape == (10_662, 1)
    assert corpus.positive_rate == 0.5


def test_imdb_reviews_bring_their_split(real_data: Path) -> None:
    corpus = opened(real_data / "imdb_reviews.jsonl.gz")
    assert corpus.task is Task.BINARY
    assert corpus.given_split.count("train") == corpus.given_split.count("test") == 25_000
