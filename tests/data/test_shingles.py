"""Texts as word shingles."""

import numpy as np

from search.data.shingles import mix, number_words, shingles_of


def test_words_are_numbered_in_order_of_appearance() -> None:
    words = number_words(["A dog, a cat.", "", "The Dog!"])
    assert words.numbers.tolist() == [0, 1, 0, 2, 3, 1]
    assert words.bounds.tolist() == [0, 4, 4, 6]


def test_no_texts_have_no_words() -> None:
    words = number_words([])
    assert words.numbers.size == 0
    assert words.bounds.tolist() == [0]


def test_equal_pairs_of_words_have_equal_hashes_and_other_pairs_do_not() -> None:
    words = number_words(["red dog red dog", "dog red cat"])
    hashes, counts = shingles_of(words, np.array([0, 1]))
    assert counts.tolist() == [3, 2]
    assert hashes[0] == hashes[2]
    assert hashes[1] == hashes[3]
    assert len(set(hashes.tolist())) == 3


def test_text_of_one_word_is_one_shingle_and_of_none_is_no_shingle() -> None:
    words = number_words(["dog", "...", "dog dog", "dog"])
    hashes, counts = shingles_of(words, np.array([0, 1, 2, 3]))
    assert counts.tolist() == [1, 0, 1, 1]
    assert hashes[0] == hashes[2]
    assert hashes[0] != hashes[1]


def test_texts_come_in_the_order_that_is_asked_for() -> None:
    words = number_words(["a b c", "d e"])
    first, _ = shingles_of(words, np.array([0]))
    second, _ = shingles_of(words, np.array([1]))
    both, counts = shingles_of(words, np.array([1, 0, 1]))
    assert counts.tolist() == [1, 2, 1]
    np.testing.assert_array_equal(both, np.concatenate([second, first, second]))


def test_mixing_is_splitmix64() -> None:
    # The first outputs of the reference generator with seed 0: its state grows by the golden ratio.
    golden = 0x9E3779B97F4A7C15
    mixed = mix(np.array([0, golden], dtype=np.uint64))
    assert [hex(int(value)) for value in mixed] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4"]
