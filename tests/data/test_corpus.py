"""Opening a corpus by path or by name, corpora of lists, and what the real files hold."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data.corpus import Corpus, DataSource, Task, open_corpus
from search.data.named.catalogue import NAMED, NAMED_CORPORA, NamedCorpus
from search.data.named.files import RemoteFile
from search.errors import DataError
from tests.file_server import FileServer, serving
from tests.reviews import write_reviews


@cache
def opened(path: Path) -> Corpus:
    return open_corpus(path)


def write_csv(path: Path, header: str = "text,label") -> Path:
    rows = [f"story {i},{'x' if i % 2 else 'y'}" for i in range(20)]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "name"),
    [("films.csv", "films"), ("my.films.2024.csv", "my.films.2024")],
    ids=["plain", "with points"],
)
def test_corpus_is_named_after_the_file(tmp_path: Path, file: str, name: str) -> None:
    corpus = open_corpus(write_csv(tmp_path / file))
    assert corpus.name == name
    assert len(corpus.texts) == 20


def test_a_name_that_is_given_wins(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "films.csv")
    assert open_corpus(path, name="winter").name == "winter"


def test_column_parameters_reach_the_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "films.csv", header="story,kind")
    corpus = open_corpus(path, text_column="story", label_column="kind", label_separator="|")
    assert corpus.label_names == ("y",)
    with pytest.raises(DataError, match=r"films\.csv: expected a text column") as caught:
        open_corpus(path)
    assert "`text_column`" in caught.value.hint


def test_unknown_column_names_its_parameter(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found 'storey'") as caught:
        open_corpus(write_csv(tmp_path / "films.csv", header="story,kind"), text_column="storey")
    assert caught.value.parameter == "text_column"
    assert "story" in caught.value.hint


def test_corpus_knows_its_source_which_opens_it_again(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "films.csv"))
    corpus = open_corpus(path, label_column="label", name="winter")
    assert corpus.source == DataSource(path, label_column="label", name="winter")
    again = corpus.source.open()
    assert (again.sha256, again.name) == (corpus.sha256, corpus.name)


def test_source_does_not_enter_the_hash(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "films.csv")
    assert open_corpus(path, label_separator="|").sha256 == open_corpus(path).sha256


def test_label_names_are_masked_if_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    rows = [f"a {kind} {i},{kind}" for i in range(10) for kind in ("drama", "war")]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    corpus = open_corpus(path, mask_label_names=True)
    assert corpus.texts[:2] == ("a … 0", "a … 0")
    assert corpus.source == DataSource(str(path), mask_label_names=True)


def test_words_are_split_once_and_kept(tmp_path: Path) -> None:
    corpus = open_corpus(write_csv(tmp_path / "films.csv"))
    assert corpus.tokens is corpus.tokens
    assert corpus.tokens.words[:3] == ("story", "0", "1")


def test_nothing_found_names_the_corpora_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\(synopses, imdb, wikipedia-movies\), found") as caught:
        open_corpus("synopsis")
    assert caught.value.hint == "Did you mean synopses?"
    path = write_csv(tmp_path / "films.csv")
    with pytest.raises(DataError, match=r"no file is at .*film\.csv") as caught:
        open_corpus(tmp_path / "film.csv")
    assert caught.value.hint == f"Did you mean {path}?"
    with pytest.raises(DataError, match="Check the path"):
        open_corpus(tmp_path / "nowhere" / "zzz.csv")


@pytest.mark.parametrize(
    ("meant", "written"),
    [("imdb", "imbd"), ("wikipedia-movies", "wikipedia-movie"), ("wikipedia-movies", "wikipedia")],
    ids=["swapped", "a letter less", "a word less"],
)
def test_nearest_name_is_suggested_of_each_corpus(meant: str, written: str) -> None:
    with pytest.raises(DataError) as caught:
        DataSource(written).fetch()
    assert caught.value.hint == f"Did you mean {meant}?"


@pytest.mark.parametrize("name", NAMED_CORPORA)
def test_columns_of_a_named_corpus_are_refused_before_it_is_fetched(name: str) -> None:
    with pytest.raises(DataError, match=f"found the named corpus '{name}'") as caught:
        DataSource(name, text_column="text", label_separator=",").fetch()
    assert caught.value.parameter == "text_column"
    assert "`text_column`, `label_separator`" in caught.value.hint


def test_empty_separator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found an empty string") as caught:
        open_corpus(write_csv(tmp_path / "films.csv"), label_separator="")
    assert caught.value.parameter == "label_separator"


def test_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"imdb\.npz: expected a table, found arrays") as caught:
        open_corpus(write_reviews(tmp_path))
    assert "named corpus imdb" in caught.value.hint


def test_fetching_a_file_that_is_there_reports_no_progress(tmp_path: Path) -> None:
    def no_progress(*_: object) -> None:
        raise AssertionError("nothing is downloaded")

    DataSource(str(write_csv(tmp_path / "films.csv"))).fetch(no_progress)
    DataSource("synopses").fetch(no_progress)


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
    ids=["imdb", "wikipedia-movies"],
)
def test_named_corpus_without_network_says_where_all_its_files_go(
    cache_folder: Path, name: str, files: tuple[str, ...]
) -> None:
    with pytest.raises(DataError, match=rf"{files[0]}: .*no connection") as caught:
        open_corpus(name)
    for part in (*files, str(cache_folder), "GENRE_SEARCH_MIRROR"):
        assert part in caught.value.hint


@pytest.fixture
def small_imdb(
    tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Put small files, known by their own hashes, in the place of those of Keras."""
    archive = write_reviews(tmp_path)
    contents = {
        path.name: path.read_bytes() for path in (archive, tmp_path / "imdb_word_index.json")
    }
    files = tuple(
        RemoteFile(name, "http://127.0.0.1:9", hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    )
    monkeypatch.setitem(NAMED, "imdb", NamedCorpus(files, NAMED["imdb"].read))
    with serving(FileServer(contents)) as server:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", server.address)
        yield "imdb"


def test_named_corpus_is_downloaded_once_and_read(small_imdb: str, cache_folder: Path) -> None:
    progress: dict[str, int] = {}
    corpus = open_corpus(small_imdb, progress=lambda name, n, _: progress.update({name: n}))
    assert (corpus.name, corpus.texts[0]) == ("imdb", "the bad film")
    assert corpus.source == DataSource("imdb")
    assert set(progress) == {"imdb.npz", "imdb_word_index.json"}
    progress.clear()
    assert open_corpus(small_imdb).sha256 == corpus.sha256
    assert progress == {}


TWENTY = [f"text {i}" for i in range(20)]


@pytest.mark.parametrize(
    ("labels", "names", "task"),
    [
        ([["a", "b"], ["b"]] * 10, ("b", "a"), Task.MULTILABEL),
        ([("a", "b"), ["b"], {"b"}, {"a", "b"}] * 5, ("b", "a"), Task.MULTILABEL),
        ([0, 1] * 10, ("1", "0"), Task.BINARY),
        ([False, True] * 10, ("true", "false"), Task.BINARY),
        (["neg", "pos"] * 10, ("pos", "neg"), Task.BINARY),
        (["x", "y", "z", "x"] * 5, ("x", "y", "z"), Task.MULTICLASS),
        (["a, b", "b", "a, b", "a"] * 5, ("a", "b"), Task.MULTILABEL),
        ([["a"], "['b']"] * 10, ("a", "b"), Task.MULTILABEL),
    ],
    ids=[
        *("lists", "tuples and sets", "0 and 1", "truth values", "two names", "three names"),
        *("joined", "a list written as text"),
    ],
)
def test_lists_are_understood_as_a_file_is(
    labels: list[Any], names: tuple[str, ...], task: Task
) -> None:
    corpus = Corpus.from_lists(TWENTY, labels, name="mine")
    assert (corpus.outcome_names, corpus.task) == (names, task)
    assert corpus.texts == tuple(TWENTY)
    assert (corpus.name, corpus.source) == ("mine", None)


def test_lists_are_cleaned_as_a_file_is() -> None:
    texts = [*TWENTY, "  ", None, "no label", "\n two\nlines "]
    labels = [*[["a", "b "], ["b"]] * 10, ["a"], ["a"], [], [" a"]]
    corpus = Corpus.from_lists(texts, labels)  # type: ignore[arg-type]
    assert corpus.texts == (*TWENTY, "two\nlines")
    assert corpus.labels[-1].tolist() == [0, 1]
    assert "3 of 24 rows dropped" in corpus.notes[1]


@pytest.mark.parametrize(
    ("texts", "labels", "parameter", "message"),
    [
        (TWENTY, [0, 1], "labels", "one entry for each of 20 texts, found 2"),
        ([], [], "texts", "expected texts, found none"),
        ("a text", [1], "texts", "expected a list of texts, found str"),
        (TWENTY, "x" * 20, "labels", "found str"),
        (None, TWENTY, "texts", "found NoneType"),
        (TWENTY, 7, "labels", "found int"),
        ([*TWENTY[1:], 3], [0, 1] * 10, "texts", "expected strings, found int 3 at position 19"),
        (TWENTY, [object] * 20, "labels", "expected label names, found type"),
        (TWENTY, [[["a"]]] * 20, "labels", "expected label names, found list"),
        (TWENTY, [{"a": 1}] * 20, "labels", "expected label names, found dict"),
        ([*TWENTY[1:], "\ud800"], [0, 1] * 10, "texts", "UTF-8, found half a character"),
        (TWENTY, ["a", "\ud800"] * 10, "labels", "UTF-8, found half a character"),
        (TWENTY[:2], [0, 1], None, "at least 20"),
        (TWENTY, [1] * 20, None, "two labels or more"),
    ],
    ids=[
        *("lengths differ", "no texts", "one text", "one label", "no list of texts"),
        *("no list of labels", "a number among texts", "types", "lists in lists", "dictionaries"),
        *("half a character", "half a character in a label", "too few", "one class"),
    ],
)
def test_lists_that_make_no_corpus_are_refused(
    texts: Any, labels: Any, parameter: str | None, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        Corpus.from_lists(texts, labels)
    assert caught.value.hint
    assert caught.value.parameter == parameter


def test_synopses_say_that_they_are_generated_and_carry_their_floor() -> None:
    corpus = open_corpus("synopses")
    assert corpus.name == "synopses"
    assert len(corpus.texts) == 6_000
    assert corpus.task is Task.MULTILABEL
    assert corpus.floor is not None
    assert corpus.floor > 0
    assert "no real film" in corpus.notes[0]
    assert f"{corpus.floor:.4f}" in corpus.notes[1]


REAL: dict[str, tuple[int, int, float, tuple[str, ...]]] = {
    "netflix_titles.csv": (8_807, 42, 2.19, ("'description'", "'listed_in', separated by ','")),
    "IMDB-Movie-Data.csv": (1_000, 20, 2.555, ("'Description'", "'Genre', separated by ','")),
    "wikipedia_movies.jsonl.gz": (34_266, 41, 1.83, ("JSON lines", "'genres', lists")),
    "rt_polarity.csv": (10_662, 1, 0.5, ("'text'", "'1', not '0'")),
    "imdb_reviews.jsonl.gz": (50_000, 1, 0.5, ("JSON lines", "'split'", "25,000 train")),
    "hulu_titles.csv": (3_069, 36, 2.20, ("'description'", "'listed_in', separated by ','")),
    "tmdb_5000_movies_raw.csv": (4_771, 20, 2.55, ("'genres', lists", "32 of 4,803 rows")),
    "goemotions_train.tsv": (43_410, 28, 1.18, ("tabs", "no header", "'column 2'")),
    "stackoverflow_tags_validation.tsv": (30_000, 100, 1.95, ("tabs", "'tags', lists")),
    # Every tenth row has no label: 2.57 labels on each of the others.
    "tmdb_one_hot.csv": (3_000, 18, 2.31, ("Windows-1252", "one column a label", "300 of 3,000")),
    "banking77_train.csv": (10_003, 77, 1.0, ("'text'", "'category', one a row")),
    "emoevent_es_train.tsv": (5_723, 7, 1.0, ("tabs", "'tweet'", "'emotion', one a row")),
}
"""Texts, labels, labels a text and what is said of it: as in the README of the folder."""


@pytest.mark.parametrize("file", REAL)
def test_real_file_is_read_right_without_an_option(real_data: Path, file: str) -> None:
    n_texts, n_labels, labels_a_text, parts = REAL[file]
    corpus = opened(real_data / file)
    assert corpus.labels.shape == (n_texts, n_labels)
    several = Task.MULTICLASS if labels_a_text == 1.0 else Task.MULTILABEL
    assert corpus.task is (Task.BINARY if n_labels == 1 else several)
    assert corpus.labels.sum(axis=1).mean() == pytest.approx(labels_a_text, abs=0.0051)
    for part in parts:
        assert part in " ".join(corpus.notes)


def test_netflix_shows_its_traps(real_data: Path) -> None:
    corpus = opened(real_data / "netflix_titles.csv")
    # 2,752 and 2,427: grep -c on the file, for the two most frequent labels.
    assert list(corpus.outcome_counts.items())[:2] == [
        ("International Movies", 2_752),
        ("Dramas", 2_427),
    ]
    facts = corpus.file_facts
    assert facts is not None
    assert (facts.labels_unstripped, facts.labels_stripped) == (73, 42)
    assert facts.multiline_fields == 1
    columns = {label.label: label.column for label in facts.explained}
    assert columns["International Movies"] == "country"
    assert columns["TV Dramas"] == "type"


def test_wikipedia_drops_the_rows_without_extract_or_genre(real_data: Path) -> None:
    notes = opened(real_data / "wikipedia_movies.jsonl.gz").notes
    assert any("2,007 of 36,273 rows dropped" in note for note in notes)


def test_imdb_reviews_bring_their_split(real_data: Path) -> None:
    split = opened(real_data / "imdb_reviews.jsonl.gz").given_split
    assert split.count("train") == split.count("test") == 25_000


def test_text_of_windows_1252_has_its_quotation_marks(real_data: Path) -> None:
    corpus = opened(real_data / "tmdb_one_hot.csv")
    assert "Brooklyn\u2019s full-time" in corpus.texts[1]
    assert (corpus.labels.sum(axis=1) == 0).sum() == 300


def test_the_task_of_lists_can_be_chosen() -> None:
    labels = ["x", "y"] * 10
    tasks = {task: Corpus.from_lists(TWENTY, labels, task=task).task for task in Task}
    assert tasks == {task: task for task in Task}
    with pytest.raises(DataError, match="exactly one label for each text") as caught:
        Corpus.from_lists(TWENTY, [["a"], ["a", "b"]] * 10, task="multiclass")
    assert caught.value.parameter == "task"


def test_the_task_of_a_file_can_be_chosen(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "films.csv")
    assert open_corpus(path).task is Task.BINARY
    chosen = open_corpus(path, task="multiclass")
    assert (chosen.task, chosen.label_names) == (Task.MULTICLASS, ("x", "y"))
    assert chosen.source == DataSource(str(path), task="multiclass")
    assert open_corpus(path, task="multilabel").sha256 == chosen.sha256


@pytest.mark.parametrize("task", ["", "regression", "Multiclass"])
def test_an_unknown_task_is_refused_with_the_known_ones(tmp_path: Path, task: str) -> None:
    path = write_csv(tmp_path / "films.csv")
    message = f"binary.*multiclass.*{task}"
    with pytest.raises(DataError, match=message) as caught:
        open_corpus(path, task=task)
    assert caught.value.parameter == "task"
    with pytest.raises(DataError, match=message) as caught:
        Corpus.from_lists(TWENTY, [0, 1] * 10, task=task)
    assert caught.value.parameter == "task"


@pytest.mark.parametrize(
    "rows", [[[1, 0], [0, 0]], [[1, 0], [1, 1]]], ids=["a text without", "a text with two"]
)
def test_a_choice_of_none_or_two_is_a_programmers_mistake(rows: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="exactly one label"):
        Corpus(
            name="wrong",
            texts=("a", "b"),
            labels=np.array(rows, dtype=np.uint8),
            label_names=("x", "y"),
            task=Task.MULTICLASS,
        )


# Banking77: 77 intents; EmoEvent: 7 emotions.
@pytest.mark.parametrize(
    ("file", "name"), [("banking77_train.csv", "card_arrival"), ("emoevent_es_train.tsv", "anger")]
)
def test_real_classes_are_one_choice_and_can_be_read_as_several(
    real_data: Path, file: str, name: str
) -> None:
    corpus = opened(real_data / file)
    assert corpus.task is Task.MULTICLASS
    assert name in corpus.label_names
    several = open_corpus(real_data / file, task="multilabel")
    assert (several.task, several.sha256) == (Task.MULTILABEL, corpus.sha256)
