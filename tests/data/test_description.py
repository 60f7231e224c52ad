"""Describing a corpus: numbers worked out by hand."""

import json
import math

import numpy as np
import pytest

from search.data.corpus import Corpus, Task
from search.data.description import describe_corpus


def make(labels: list[list[int]], texts: list[str], **fields: object) -> Corpus:
    names = tuple("abcdef"[: len(labels[0])])
    parts: dict[str, object] = {"task": Task.MULTILABEL, "label_names": names, **fields}
    return Corpus(
        name="tiny",
        texts=tuple(texts),
        labels=np.array(labels, dtype=np.uint8),
        **parts,  # type: ignore[arg-type]
    )


def test_labels_and_words_are_counted() -> None:
    described = describe_corpus(
        make([[1, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]], ["one", "one two", "a b c d", "a\n b c"])
    )
    assert (described.rows, described.n_labels) == (4, 3)
    assert described.labels_a_row_mean == 1.0
    assert (described.labels_a_row_min, described.labels_a_row_max) == (0, 2)
    assert described.positive_rate == pytest.approx(4 / 12)
    assert described.label_counts == (("b", 3), ("a", 1), ("c", 0))
    assert (described.words_min, described.words_median, described.words_max) == (1, 2.5, 4)
    # Linear between the third (3 words) and the fourth (4): 0.95 * 3 = 2.85.
    assert described.words_p95 == pytest.approx(3.85)


def test_prior_cross_entropy_is_the_mean_entropy_of_the_shares() -> None:
    described = describe_corpus(make([[1, 0, 0], [1, 0, 1], [1, 0, 0], [1, 0, 0]], ["x"] * 4))
    quarter = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert described.prior_cross_entropy == pytest.approx(quarter / 3)


def test_balanced_binary_task_has_a_prior_cross_entropy_of_ln_2() -> None:
    described = describe_corpus(
        make([[1], [0]], ["x", "y"], task=Task.BINARY, label_names=("pos",), negative_name="neg")
    )
    assert described.prior_cross_entropy == pytest.approx(math.log(2))
    assert described.label_counts == (("neg", 1), ("pos", 1))


def test_description_goes_through_json() -> None:
    corpus = make([[1, 0], [1, 1]], ["x", "y"], notes=("read so",), floor=0.25)
    written = json.loads(json.dumps(describe_corpus(corpus).to_dict()))
    assert written["task"] == "multilabel"
    assert written["label_counts"] == {"a": 2, "b": 1}
    assert written["floor"] == 0.25
    assert written["notes"] == ["read so"]
    assert written["sha256"] == corpus.sha256


def test_empty_corpus_is_a_programmers_mistake() -> None:
    empty = Corpus(
        name="none",
        texts=(),
        labels=np.zeros((0, 2), dtype=np.uint8),
        label_names=("a", "b"),
        task=Task.MULTILABEL,
    )
    with pytest.raises(ValueError, match="empty corpus"):
        describe_corpus(empty)


def test_one_choice_has_the_entropy_of_its_shares_as_prior_cross_entropy() -> None:
    labels = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    described = describe_corpus(make(labels, ["x"] * 4, task=Task.MULTICLASS))
    # One half and two quarters.
    assert described.prior_cross_entropy == pytest.approx(1.5 * math.log(2))
    a_row = described.labels_a_row_mean, described.labels_a_row_min, described.labels_a_row_max
    assert a_row == (1.0, 1, 1)
    assert described.positive_rate == pytest.approx(1 / 3)
    assert described.label_counts == (("a", 2), ("b", 1), ("c", 1))
    assert described.to_dict()["task"] == "multiclass"


def test_a_choice_that_no_text_has_adds_nothing() -> None:
    described = describe_corpus(make([[1, 0, 0]] * 4, ["x"] * 4, task=Task.MULTICLASS))
    assert described.prior_cross_entropy == 0.0
    assert described.label_counts[1:] == (("b", 0), ("c", 0))


def test_texts_without_a_label_count_in_the_shares_of_several_labels() -> None:
    described = describe_corpus(make([[1, 0], [0, 0], [0, 0], [1, 1]], ["x"] * 4))
    assert (described.labels_a_row_min, described.labels_a_row_max) == (0, 2)
    quarter = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert described.prior_cross_entropy == pytest.approx((math.log(2) + quarter) / 2)
