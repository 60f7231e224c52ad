"""Opening a corpus by path or by name, and what the real files hold."""

from functools import cache
from pathlib import Path

import pytest

from search.data.corpus import Corpus, Task
from search.data.open import open_corpus
from search.errors import DataError


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
    with pytest.raises(DataError, match=r"named corpus \(synopses\), found nothing") as caught:
        open_corpus("synopsis")
    assert caught.value.hint == "Did you mean synopses?"
    path = write_csv(tmp_path / "films.csv")
    with pytest.raises(DataError, match=r"no file is at .*film\.csv") as caught:
        open_corpus(str(tmp_path / "film.csv"))
    assert caught.value.hint == f"Did you mean {path}?"
    with pytest.raises(DataError, match="Check the path"):
        open_corpus(str(tmp_path / "nowhere" / "zzz.csv"))


def test_named_corpus_takes_no_column_options() -> None:
    with pytest.raises(DataError, match="for --text-column, --label-separator, found the named"):
        open_corpus("synopses", text_column="text", label_separator=",")


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
