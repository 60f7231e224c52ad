"""A corpus as a file gives the same corpus again."""

import json
from pathlib import Path
from typing import Any

import pytest

from search.data.corpus import Corpus, DataSource, open_corpus
from search.data.json_lines import write_corpus
from search.errors import DataError

AWKWARD = [
    *('two\nlines, "quoted"', "  leading and trailing \t", "für 日本 😀 é", "a\u2028b\x85c\x0bd"),
    *("", "   ", "\\n is no line break", "null", "[1, 2]", "=1+1", "\ufeffmark", "a\r\nb"),
    *(f"text {i}" for i in range(20)),
]


def cycle(*labels: Any) -> list[Any]:
    return [labels[i % len(labels)] for i in range(len(AWKWARD))]


@pytest.mark.parametrize(
    "labels",
    [
        cycle(["Action, Adventure", "Drama"], ["[REC]"], ["Drama", "a|b"], []),
        cycle("[REC]", "Drama", "Drama"),
        cycle("Action, Adventure", "Drama", "War"),
        cycle("a, b", "a", "b", "a"),
        cycle("yes, please", "no"),
        cycle(" spaces ", "none"),
        cycle(0, 1, None),
        cycle(True, False),
        cycle(1.0, 0.0, float("nan")),
        cycle("neg", "pos"),
        cycle(["pos"], ["neg"]),
        cycle("2", "1", "0"),
    ],
    ids=[
        *("several labels", "a name in brackets", "a comma in one of three", "joined"),
        *("a comma in one of two", "spaces", "0 and 1", "truth values", "floats", "two names"),
        *("lists of one", "three names"),
    ],
)
def test_corpus_of_lists_is_read_back_the_same(tmp_path: Path, labels: list[Any]) -> None:
    corpus = Corpus.from_lists(AWKWARD, labels, name="mine")
    source = write_corpus(corpus, tmp_path / "abc.jsonl")
    for again in (source.open(), open_corpus(tmp_path / "abc.jsonl")):
        assert again.texts == corpus.texts
        assert again.outcome_names == corpus.outcome_names
        assert again.task is corpus.task
        assert (again.labels == corpus.labels).all()
        assert again.sha256 == corpus.sha256
    assert source.open().name == "mine"


@pytest.mark.parametrize("separator", ["|", "/"])
def test_classes_that_a_separator_would_divide_stay_whole(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "films.csv"
    rows = [f'"text {i}","{"a, b" if i % 2 else "a"}"' for i in range(20)]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    corpus = open_corpus(path, label_separator=separator)
    assert corpus.outcome_names == ("a, b", "a")
    assert write_corpus(corpus, tmp_path / "abc.jsonl").open().sha256 == corpus.sha256


def test_split_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    rows = [f"text {i},{i % 2},{'test' if i > 15 else 'train'}" for i in range(20)]
    path.write_text("\n".join(["text,label,split", *rows]), encoding="utf-8")
    corpus = open_corpus(path)
    again = write_corpus(corpus, tmp_path / "abc.jsonl").open()
    assert again.given_split == corpus.given_split
    assert again.sha256 == corpus.sha256


def test_rows_are_objects_with_text_and_labels(tmp_path: Path) -> None:
    corpus = Corpus.from_lists([f"text {i}" for i in range(20)], [["b", "a"], ["b"]] * 10)
    assert write_corpus(corpus, tmp_path / "a.jsonl") == DataSource(
        str(tmp_path / "a.jsonl"),
        text_column="text",
        label_column="labels",
        task="multilabel",
        name="texts",
    )
    first = (tmp_path / "a.jsonl").read_text().splitlines()[0]
    assert json.loads(first) == {"text": "text 0", "labels": ["b", "a"]}


def test_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    corpus = Corpus.from_lists([f"text {i}" for i in range(20)], [0, 1] * 10)
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="expected a place that can be written"):
        write_corpus(corpus, tmp_path / "file" / "a.jsonl")
    with pytest.raises(DataError, match=r"ends in \.jsonl, found 'a\.csv'") as caught:
        write_corpus(corpus, tmp_path / "a.csv")
    assert caught.value.parameter == "path"


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        pytest.param(cycle("a, b", "c|d", "e; f", "g/h"), "multiclass", id="separators"),
        pytest.param(cycle("a b", "a", "b"), "multiclass", id="spaces"),
        pytest.param(cycle("a, b", "a", "b"), "multilabel", id="separators of several"),
        pytest.param(cycle(["a, b"], ["a"], ["b"], ["a|b; c"]), "multiclass", id="lists of one"),
        pytest.param(cycle(["a, b"], ["a"]), "binary", id="lists as two classes"),
        pytest.param(cycle("a", "b"), "multiclass", id="two as choices"),
        pytest.param(cycle("a", "b"), "multilabel", id="two as several"),
        pytest.param(cycle(3, 1, 2), "multiclass", id="ratings"),
        pytest.param(cycle("3", "1", "2"), "multilabel", id="numbers of several"),
        pytest.param(cycle(["['a']"], ["b"], ["c"]), "multiclass", id="a name like a list"),
        pytest.param(cycle(["[]"], ["b"], ["c"]), "multiclass", id="a name like an empty list"),
        pytest.param(cycle("a\tb", "c", "d"), "multilabel", id="a tab in a name"),
    ],
)
def test_corpus_of_a_task_that_was_asked_for_is_read_back_the_same(
    tmp_path: Path, labels: list[Any], task: str
) -> None:
    corpus = Corpus.from_lists(AWKWARD, labels, task=task)
    again = write_corpus(corpus, tmp_path / "abc.jsonl").open()
    assert corpus.task.value == again.task.value == task
    assert again.outcome_names == corpus.outcome_names
    assert (again.labels == corpus.labels).all()
    assert again.sha256 == corpus.sha256


def test_texts_without_a_label_are_kept_when_they_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "films.jsonl"
    rows = [{"text": f"text {i}", "labels": [["a, b", "c"], ["c"], []][i % 3]} for i in range(30)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    corpus = open_corpus(path, empty_labels="keep")
    assert corpus.labels.sum(axis=1).tolist() == [2, 1, 0] * 10
    source = write_corpus(corpus, tmp_path / "abc.jsonl")
    assert source.empty_labels == "keep"
    again = source.open()
    assert again.sha256 == corpus.sha256
    assert again.labels.sum(axis=1).tolist() == [2, 1, 0] * 10


def test_a_choice_is_written_by_its_name(tmp_path: Path) -> None:
    corpus = Corpus.from_lists([f"text {i}" for i in range(21)], ["b", "a", "c"] * 7)
    source = write_corpus(corpus, tmp_path / "a.jsonl")
    assert (source.task, source.empty_labels) == ("multiclass", "drop")
    first = (tmp_path / "a.jsonl").read_text().splitlines()[0]
    assert json.loads(first) == {"text": "text 0", "labels": "b"}
