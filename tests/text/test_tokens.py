"""Texts as numbered words."""

import numpy as np
import pytest

from search.text.tokens import tokenize


def test_words_are_numbered_in_order_of_appearance() -> None:
    tokens = tokenize(["A dog, a cat.", "", "The Dog!"])
    assert tokens.words == ("a", "dog", "cat", "the")
    assert tokens.sequences.ids.tolist() == [0, 1, 0, 2, 3, 1]
    assert tokens.sequences.offsets.tolist() == [0, 4, 4, 6]
    assert tokens.sequences.lengths.tolist() == [4, 0, 2]
    assert tokens.sequences.ids.dtype == np.int32
    assert tokens.sequences.offsets.dtype == np.int64


def test_no_texts_have_no_tokens() -> None:
    tokens = tokenize([])
    assert (len(tokens), tokens.words) == (0, ())
    assert tokens.sequences.ids.size == 0


@pytest.mark.parametrize(
    ("rows", "ids", "offsets"),
    [
        ([2, 0], [3, 0, 1, 2], [0, 1, 4]),
        ([0, 0], [0, 1, 2, 0, 1, 2], [0, 3, 6]),
        ([1], [], [0, 0]),
        ([1, 2, 1], [3], [0, 0, 1, 1]),
        ([], [], [0]),
    ],
    ids=["another order", "one text twice", "a text without words", "between empty ones", "none"],
)
def test_selected_texts_keep_their_ids(rows: list[int], ids: list[int], offsets: list[int]) -> None:
    tokens = tokenize(["a b c", "...", "d"]).select(rows)
    assert tokens.words == ("a", "b", "c", "d")
    assert tokens.sequences.ids.tolist() == ids
    assert tokens.sequences.offsets.tolist() == offsets
