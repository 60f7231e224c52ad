"""Texts that name their own label."""

from search.data.audit.finding import LabelPart
from search.data.audit.naming import find_own_labels_named
from search.data.corpus import Task

from .corpora import make


def test_texts_that_name_a_label_they_have_are_counted_overall_and_by_label() -> None:
    texts = ["a drama of war", "dramas", "a war", "peace"]
    found = find_own_labels_named(make(texts, [[1, 1], [0, 1], [1, 1], [1, 0]]))
    assert (found.count, found.total) == (2, 4)
    assert found.by_label == (LabelPart("War", 2, 2 / 3), LabelPart("Drama", 1, 1 / 3))
    assert found.examples == ("a drama of war", "a war")
    assert found.sentence == "2 texts name a label that they have"


def test_naming_a_label_of_others_is_no_finding() -> None:
    assert find_own_labels_named(make(["a war"], [[1, 0]])).count == 0


def test_binary_texts_are_held_against_their_own_class() -> None:
    texts = ["truly positive", "positive", "negative"]
    corpus = make(texts, [[1], [0], [0]], ["positive"], task=Task.BINARY, negative_name="negative")
    found = find_own_labels_named(corpus)
    assert found.count == 2
    assert found.by_label == (LabelPart("positive", 1, 1.0), LabelPart("negative", 1, 0.5))


def test_classes_that_are_no_words_are_said_not_to_be_looked_for() -> None:
    corpus = make(["1", "0"], [[1], [0]], ["1"], task=Task.BINARY, negative_name="0")
    found = find_own_labels_named(corpus)
    assert found.count == 0
    assert found.sentence.endswith("not looked for, being no words: '1', '0'")
