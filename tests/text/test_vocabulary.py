"""Words by frequency, and texts as ids into them."""

import numpy as np
import pytest

from search.text.tokens import tokenize
from search.text.vocabulary import PADDING, UNKNOWN, Vocabulary

TEXTS = ["the wolf the moon", "a wolf", "The END"]
"""the 3 times, wolf twice, a, end and moon once."""


def test_words_go_by_frequency_and_equally_frequent_ones_by_name() -> None:
    assert Vocabulary.count(tokenize(TEXTS)).words == ("the", "wolf", "a", "end", "moon")


def test_the_order_of_the_texts_changes_nothing() -> None:
    assert Vocabulary.count(tokenize(reversed(TEXTS))) == Vocabulary.count(tokenize(TEXTS))


def test_words_of_other_texts_of_the_corpus_do_not_count() -> None:
    tokens = tokenize(["moon moon moon", *TEXTS])
    assert Vocabulary.count(tokens.select([1, 2, 3])) == Vocabulary.count(tokenize(TEXTS))


def test_padding_and_unknown_count_toward_the_size() -> None:
    assert Vocabulary.count(tokenize(TEXTS)).size == 7
    assert Vocabulary.count(tokenize([])).size == 2


@pytest.mark.parametrize(("size", "n_words"), [(2, 0), (4, 2), (7, 5), (100, 5)])
def test_a_cut_is_a_prefix(size: int, n_words: int) -> None:
    whole = Vocabulary.count(tokenize(TEXTS))
    assert whole.cut(size).words == whole.words[:n_words]


def test_texts_become_the_places_of_their_words_after_padding_and_unknown() -> None:
    encoded = Vocabulary.count(tokenize(TEXTS)).encode(tokenize(["Wolf, the end", "the werewolf"]))
    assert (PADDING, UNKNOWN) == (0, 1)
    assert encoded.ids.tolist() == [3, 2, 5, 2, 1]
    assert encoded.ids.dtype == np.int32
    assert encoded.offsets.tolist() == [0, 3, 5]
    assert encoded.lengths.tolist() == [3, 2]


def test_ids_of_a_cut_vocabulary_are_those_of_the_whole_one_or_unknown() -> None:
    whole = Vocabulary.count(tokenize(TEXTS))
    assert whole.encode(tokenize(TEXTS)).ids.tolist() == [2, 3, 2, 6, 4, 3, 2, 5]
    assert whole.cut(4).encode(tokenize(TEXTS)).ids.tolist() == [2, 3, 2, 1, 1, 3, 2, 1]


def test_a_text_without_words_has_length_zero() -> None:
    encoded = Vocabulary.count(tokenize(TEXTS)).encode(tokenize(["", "wolf", "?!"]))
    assert len(encoded) == 3
    assert encoded.lengths.tolist() == [0, 1, 0]
    assert encoded.ids.tolist() == [3]


def test_no_texts_at_all_are_encoded_too() -> None:
    encoded = Vocabulary.count(tokenize(TEXTS)).encode(tokenize([]))
    assert len(encoded) == 0
    assert encoded.ids.tolist() == []
