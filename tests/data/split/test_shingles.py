"""Texts as word shingles."""

import numpy as np

from search.data.split.shingles import hash_shingles, mix
from search.text.tokens import tokenize


def test_equal_pairs_of_words_have_equal_hashes_and_other_pairs_do_not() -> None:
    texts = tokenize(["red dog red dog", "dog red cat"])
    hashes, counts = hash_shingles(texts.sequences, np.array([0, 1]))
    assert counts.tolist() == [3, 2]
    assert hashes[0] == hashes[2]
    assert hashes[1] == hashes[3]
    assert len(set(hashes.tolist())) == 3


def test_text_of_one_word_is_one_shingle_and_of_none_is_no_shingle() -> None:
    texts = tokenize(["dog", "...", "dog dog", "dog"])
    hashes, counts = hash_shingles(texts.sequences, np.array([0, 1, 2, 3]))
    assert counts.tolist() == [1, 0, 1, 1]
    assert hashes[0] == hashes[2]
    assert hashes[0] != hashes[1]


def test_texts_come_in_the_order_that_is_asked_for() -> None:
    texts = tokenize(["a b c", "d e"])
    first, _ = hash_shingles(texts.sequences, np.array([0]))
    second, _ = hash_shingles(texts.sequences, np.array([1]))
    both, counts = hash_shingles(texts.sequences, np.array([1, 0, 1]))
    assert counts.tolist() == [1, 2, 1]
    np.testing.assert_array_equal(both, np.concatenate([second, first, second]))


def test_mixing_is_splitmix64() -> None:
    # The first outputs of the reference generator with seed 0: its state grows by the golden ratio.
    golden = 0x9E3779B97F4A7C15
    mixed = mix(np.array([0, golden], dtype=np.uint64))
    assert [hex(int(value)) for value in mixed] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4"]
