"""A corpus audited and divided: what the user reads, and what is refused."""

import numpy as np
import pytest

from search.data.corpus import Corpus
from search.data.division import divide_corpus
from search.data.split.split import split_corpus
from search.errors import DataError
from search.metrics.losses import prior_cross_entropy
from search.metrics.task import Task


def make(*, leak: bool = False) -> Corpus:
    names = ("drama", "war")
    texts = [f"story w{i} v{i} {names[i % 2] if leak else ''} u{i}" for i in range(60)]
    return Corpus.from_lists([*texts, ""], [[names[i % 2]] for i in range(61)])


def test_corpus_is_divided_as_the_seed_says() -> None:
    corpus = make()
    divided = divide_corpus(corpus, seed=3)
    assert divided.corpus is corpus
    assert divided.split.sha256 == split_corpus(corpus, seed=3).sha256
    assert divided.audit.texts == 60
    assert divided.forced_loss == 0.0


def test_notes_come_in_the_order_reading_audit_split() -> None:
    notes = divide_corpus(make(leak=True), seed=0).notes
    assert notes[0].startswith("texts from column")
    assert "1 of 61 rows dropped" in notes[1]
    assert notes[2].startswith("audit: 60 texts name a label that they have")
    assert len(notes) == 3


def test_strict_division_refuses_findings_beyond_the_limits() -> None:
    divide_corpus(make(), seed=0, is_strict=True)
    with pytest.raises(DataError, match="60 texts name a label") as caught:
        divide_corpus(make(leak=True), seed=0, is_strict=True)
    assert caught.value.parameter == "strict"
    assert "`strict`" in caught.value.hint


def test_several_labels_with_texts_without_one_are_divided() -> None:
    texts = tuple(f"story w{i} v{i} u{i}" for i in range(90))
    labels = np.array([[1, 1], [1, 0], [0, 0]] * 30, dtype=np.uint8)
    corpus = Corpus(
        name="some", texts=texts, labels=labels, label_names=("a", "b"), task=Task.MULTILABEL
    )
    divided = divide_corpus(corpus, seed=0)
    split = divided.split
    sides = [labels[side].any(axis=1).mean() for side in (split.train, split.validation)]
    assert sides == pytest.approx([2 / 3] * 2, abs=0.03)
    assert len(split.train) + len(split.validation) + len(split.test) == 90
    assert 0.0 < divided.prior_loss < np.log(2)


def test_one_choice_is_divided_by_class_and_its_losses_are_those_of_a_choice() -> None:
    texts = [f"story w{i} v{i} u{i}" for i in range(90)]
    corpus = Corpus.from_lists(texts, ["a", "b", "c"] * 30)
    divided = divide_corpus(corpus, seed=0)
    train, validation = corpus.labels[divided.split.train], corpus.labels[divided.split.validation]
    assert validation.sum(axis=0).tolist() == [3, 3, 3]
    # Of three equally frequent classes.
    assert divided.prior_loss == pytest.approx(np.log(3))
    assert divided.prior_loss == prior_cross_entropy(train, validation, Task.MULTICLASS)
    assert divided.forced_loss == 0.0


def test_the_loss_that_is_forced_on_one_choice_is_that_of_a_choice() -> None:
    # All of validation is six equal texts of three classes, two of each.
    texts = [*(f"story w{i} v{i} u{i}" for i in range(60)), *["the same"] * 6]
    labels = np.eye(3, dtype=np.uint8)[np.arange(66) % 3]
    given = ("train",) * 50 + ("test",) * 10 + ("validation",) * 6
    corpus = Corpus(
        name="same",
        texts=tuple(texts),
        labels=labels,
        label_names=("a", "b", "c"),
        task=Task.MULTICLASS,
        given_split=given,
    )
    assert divide_corpus(corpus, seed=0).forced_loss == pytest.approx(np.log(3))
