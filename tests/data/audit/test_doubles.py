"""Repeats, conflicts among them, and repeats on two sides of a split."""

import numpy as np
import pytest

from search.data.audit.doubles import find_doubles
from search.data.audit.finding import Finding
from search.data.corpus import Corpus
from search.data.split.repeats import Repeats

from .corpora import make


def find(corpus: Corpus, exact: list[int], near: list[int]) -> dict[str, Finding]:
    repeats = Repeats(exact=np.array(exact, dtype=np.int64), near=np.array(near, dtype=np.int64))
    return {finding.kind: finding for finding in find_doubles(corpus, repeats, 0.25)}


def test_repeats_count_each_text_after_the_first() -> None:
    found = find(make(["a b", "A  b", "c", "d", "a b"]), [0, 0, 1, 2, 0], [0, 0, 1, 1, 0])
    assert (found["exact_repeats"].count, found["exact_repeats"].share) == (2, 0.4)
    assert found["exact_repeats"].examples == ("3 times: a b",)
    assert found["exact_repeats"].sentence.startswith("2 texts repeat an earlier text")


def test_near_repeats_count_different_texts_only() -> None:
    found = find(make(["a b", "A  b", "c", "d", "a b"]), [0, 0, 1, 2, 0], [0, 0, 1, 1, 0])
    assert found["near_repeats"].count == 1
    assert found["near_repeats"].examples == ("d | like | c",)


def test_conflicts_count_all_texts_of_a_group_whose_labels_differ() -> None:
    labels = [[1, 0], [1, 1], [1, 0], [0, 1], [0, 1]]
    found = find(make(["a", "a", "a", "b", "b"], labels), [0, 0, 0, 1, 1], [0, 0, 0, 1, 1])
    conflict = found["conflicting_repeats"]
    assert (conflict.count, conflict.total) == (3, 5)
    assert conflict.examples == ("a | Drama | Drama, War",)
    assert "forces a loss of 0.25 nats per entry" in conflict.sentence


def test_texts_without_repeats_have_no_findings() -> None:
    found = find(make(["a", "b"], [[1, 0], [0, 1]]), [0, 1], [0, 1])
    assert [finding.count for finding in found.values()] == [0, 0, 0]
    assert not any(finding.examples for finding in found.values())


def test_one_repeated_text_repeats_all_but_once() -> None:
    found = find(make(["a"] * 40), [0] * 40, [0] * 40)
    assert found["exact_repeats"].count == 39
    assert found["near_repeats"].count == found["conflicting_repeats"].count == 0


@pytest.mark.parametrize(
    ("split", "count", "total"),
    [
        (["train", "test", "test", "test"], 2, 3),
        (["train", "validation", "test", "test"], 2, 3),
        (["test", "train", "train", "train"], 1, 1),
        (["train", "train", "train", "test"], 0, 1),
        (["train"] * 4, 0, 0),
    ],
    ids=[
        "two in test",
        "one on each held-out side",
        "one in test",
        "within train",
        "no held-out side",
    ],
)
def test_repeats_across_the_given_split_are_texts_held_out(
    split: list[str], count: int, total: int
) -> None:
    corpus = make(["a", "a", "a", "b"], given_split=tuple(split))
    across = find(corpus, [0, 0, 0, 1], [0, 0, 0, 1])["repeats_across_split"]
    assert (across.count, across.total) == (count, total)


def test_nearly_equal_texts_across_the_split_are_told_beside() -> None:
    corpus = make(["a", "b", "c"], given_split=("train", "test", "test"))
    across = find(corpus, [0, 1, 2], [0, 0, 1])["repeats_across_split"]
    assert across.count == 0
    assert across.sentence.endswith("1 counting nearly equal ones")


def test_repeats_within_a_side_of_the_given_split_are_counted_by_side() -> None:
    corpus = make(["a"] * 5, given_split=("train", "train", "train", "test", "test"))
    told = find(corpus, [0] * 5, [0] * 5)["exact_repeats"].sentence
    assert told.endswith("; 2 within train, 1 within test")
