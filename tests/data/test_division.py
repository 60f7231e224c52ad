"""A corpus audited and divided: what the user reads, and what is refused."""

import pytest

from search.data.corpus import Corpus
from search.data.division import divide_corpus
from search.data.split.split import split_corpus
from search.errors import DataError


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
