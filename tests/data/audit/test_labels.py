"""Labels that are rare, constant, always together, apart, or explained by a column."""

import numpy as np

from search.data.audit.finding import Finding, LabelPart
from search.data.audit.labels import find_in_labels
from search.data.corpus import Corpus, Task
from search.data.file_facts import ExplainedLabel, FileFacts

from .corpora import different_texts, make


def find(corpus: Corpus) -> dict[str, Finding]:
    return {finding.kind: finding for finding in find_in_labels(corpus)}


def test_labels_on_all_texts_or_none_are_constant() -> None:
    found = find(make(["t"] * 3, [[1, 0, 1], [1, 0, 0], [1, 0, 1]], "abc"))["constant_labels"]
    assert (found.count, found.total, found.is_beyond_limit) == (2, 3, True)
    assert found.by_label == (LabelPart("a", 3, 1.0), LabelPart("b", 0, 0.0))
    assert found.sentence == "1 label stands on no text, and 1 on every text"


def test_labels_under_20_texts_are_rare_the_rarest_first() -> None:
    labels = [[int(i < 19), int(i < 20), int(i < 3)] for i in range(40)]
    found = find(make(["t"] * 40, labels, "abc"))["rare_labels"]
    assert [(part.label, part.count) for part in found.by_label] == [("c", 3), ("a", 19)]


def test_rare_class_of_a_binary_task_is_found_on_either_side() -> None:
    labels = [[int(i < 35)] for i in range(40)]
    corpus = make(["t"] * 40, labels, ["pos"], task=Task.BINARY, negative_name="neg")
    found = find(corpus)
    assert found["rare_labels"].by_label == (LabelPart("neg", 5, 0.125),)
    assert set(found) == {"constant_labels", "rare_labels", "labels_alike"}


def test_labels_on_the_same_texts_come_together() -> None:
    labels = [[1, 1, 0, 1], [1, 1, 1, 0], [0, 0, 1, 0]]
    found = find(make(["t"] * 3, labels, "abcd"))["labels_together"]
    assert (found.count, found.examples) == (2, ("a = b",))


def test_labels_of_one_text_are_together_by_chance() -> None:
    assert find(make(["t"] * 2, [[1, 1], [0, 0]]))["labels_together"].count == 0


def test_groups_that_never_share_a_text_keep_apart() -> None:
    # a - b - c are connected by two texts, d - e by a third, g has no text.
    labels = [[1, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0]]
    found = find(make(["t"] * 3, labels, "abcdeg"))["labels_apart"]
    assert found.count == 2
    assert "2 groups that never share a text: 3 + 2 labels" in found.sentence
    assert found.examples == ("3 labels: a, b, c", "2 labels: d, e")


def test_single_labels_a_text_keep_apart_by_nature() -> None:
    assert find(make(["t"] * 2, [[1, 0], [0, 1]]))["labels_apart"].count == 0


def test_connected_labels_do_not_keep_apart() -> None:
    assert find(make(["t"] * 2, [[1, 1], [0, 1]]))["labels_apart"].count == 0


def test_labels_that_a_column_explains_are_reported_with_it() -> None:
    facts = FileFacts(10, 30, 0, 0, 0, explained=(ExplainedLabel("War", "country", 0.5),))
    found = find(make(["t"] * 2, [[1, 1], [0, 1]], file_facts=facts))["labels_explained"]
    assert found.by_label == (LabelPart("War by 'country'", 2, 0.5),)
    assert found.examples == ("War: 50 % by 'country'",)


def test_a_thousand_labels_of_one_text_each_are_all_rare() -> None:
    names = [f"label {i}" for i in range(1_000)]
    corpus = make(different_texts(1_000), np.eye(1_000, dtype=int).tolist(), names)
    found = find(corpus)
    assert found["rare_labels"].count == 1_000
    assert found["labels_together"].count == found["constant_labels"].count == 0
