"""Films of Wikipedia, decade by decade."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from search.data.named.files import WIKIPEDIA_FILES, RemoteFile
from search.data.named.wikipedia import read_wikipedia
from search.errors import DataError
from search.metrics.task import Task
from tests.data.named.conftest import Mirror


def test_decades_stand_in_the_order_given(real_data: Path, mirror: Mirror) -> None:
    published = (WIKIPEDIA_FILES[0], WIKIPEDIA_FILES[-1])
    mirror.add(*(real_data / "wikipedia-movie-data" / file.name for file in published))
    both = read_wikipedia(*published)
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
    assert "CC BY-SA" in both.notes[0]
    assert "'extract'" in both.notes[1] and "'genres'" in both.notes[1]
    assert both.task is Task.MULTILABEL


def test_file_that_is_no_list_of_films_is_refused(cache: Path) -> None:
    cache.mkdir()
    (cache / "movies.json").write_text("{}")
    file = RemoteFile("movies.json", "http://127.0.0.1:9", hashlib.sha256(b"{}").hexdigest())
    with pytest.raises(DataError, match=r"movies\.json: expected a list of objects"):
        read_wikipedia(file)
