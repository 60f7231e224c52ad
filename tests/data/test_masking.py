"""Texts with their label names masked."""

from dataclasses import replace

import numpy as np

from search.data.corpus import Corpus, Task
from search.data.masking import mask_label_names

FILMS = Corpus(
    name="films",
    texts=("A drama of two.", "War and peace", "Nothing"),
    labels=np.eye(3, 2, dtype=np.uint8),
    label_names=("Drama", "War"),
    task=Task.MULTILABEL,
    notes=("read so",),
    floor=0.1,
)


def test_texts_hash_and_notes_change_and_the_rest_stays() -> None:
    masked = mask_label_names(FILMS)
    assert masked.texts == ("A … of two.", "… and peace", "Nothing")
    assert masked.sha256 != FILMS.sha256
    assert masked.notes == ("read so", "label names masked in 2 of 3 texts")
    assert replace(masked, texts=FILMS.texts, notes=FILMS.notes).sha256 == FILMS.sha256
    assert mask_label_names(masked).texts == masked.texts


def binary(positive: str, negative: str) -> Corpus:
    return Corpus(
        name="reviews",
        texts=("A positive 1", "so negative 0"),
        labels=np.array([[1], [0]], dtype=np.uint8),
        label_names=(positive,),
        task=Task.BINARY,
        negative_name=negative,
    )


def test_both_classes_of_a_binary_task_are_masked() -> None:
    assert mask_label_names(binary("positive", "negative")).texts == ("A … 1", "so … 0")


def test_classes_that_are_no_words_mask_nothing_and_the_note_says_so() -> None:
    corpus = binary("1", "0")
    masked = mask_label_names(corpus)
    assert masked.sha256 == corpus.sha256
    note = "no label names masked: '1', '0' are no words that a text could hold"
    assert masked.notes == (note,)


def test_names_that_are_no_words_beside_others_are_noted() -> None:
    masked = mask_label_names(binary("positive", "0"))
    assert masked.notes == (
        "label names masked in 1 of 2 texts; not looked for, being no words: '0'",
    )
