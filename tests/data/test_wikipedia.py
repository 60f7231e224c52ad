"""Films of Wikipedia, decade by decade."""

import gzip
import json
from pathlib import Path

import pytest

from search.data.corpus import Corpus, Task
from search.data.wikipedia import read_wikipedia
from search.errors import DataError


@pytest.fixture(scope="module")
def both(real_data: Path) -> Corpus:
    """Read the two decades that are there as they were published."""
    folder = real_data / "wikipedia-movie-data"
    files = [folder / "movies-1900s.json", folder / "movies-2020s.json"]
    return read_wikipedia(files, name="wikipedia-movies")


def test_decades_stand_in_the_order_given(both: Corpus, real_data: Path) -> None:
    # The same films, joined to one file by other means, which also joined runs of blanks.
    with gzip.open(real_data / "wikipedia_movies.jsonl.gz", "rt", encoding="utf-8") as lines:
        films = [json.loads(line) for line in lines]
    usable = [
        (film["extract"].split(), set(film["genres"]))
        for film in films
        if (film["year"] < 1910 or film["year"] >= 2020) and film["extract"] and film["genres"]
    ]
    assert [text.split() for text in both.texts] == [words for words, _ in usable]
    for row, (_, genres) in zip(both.labels, usable, strict=True):
        assert {both.label_names[place] for place in row.nonzero()[0]} == genres


def test_notes_begin_with_source_and_licence(both: Corpus) -> None:
    assert both.notes[0].startswith("texts from Wikipedia, by its authors, licensed CC BY-SA")
    assert "texts from column 'extract'; labels from 'genres', lists" in both.notes
    assert both.task is Task.MULTILABEL


def test_file_that_is_no_list_of_films_is_told(tmp_path: Path) -> None:
    path = tmp_path / "movies-1900s.json"
    path.write_text("{}")
    with pytest.raises(DataError, match=r"movies-1900s\.json: expected a list of objects"):
        read_wikipedia([path], name="wikipedia-movies")
