"""Data of a command are fetched ahead of everything else, or refused."""

from pathlib import Path

import pytest

from search.errors import DataError
from search.pipeline.places import DataSource
from tests.reviews import write_reviews


def no_progress(*_: object) -> None:
    raise AssertionError("nothing is fetched")


def test_file_is_there_already(tmp_path: Path) -> None:
    source = DataSource(str(write_reviews(tmp_path)))
    source.fetch(no_progress)
    assert source.open().given_split.count("test") == 8


def test_columns_of_a_named_corpus_are_refused_before_it_is_fetched() -> None:
    with pytest.raises(DataError, match="for --text-column, found the named corpus 'imdb'"):
        DataSource("imdb", text_column="review").fetch(no_progress)


def test_missing_file_is_told() -> None:
    with pytest.raises(DataError, match="no corpus is named 'imbd' and no file is at"):
        DataSource("imbd").fetch(no_progress)
