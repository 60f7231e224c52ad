from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from search.text.buckets import Bucket, Encoding, bucket_lengths, make_batches, make_buckets
from search.text.tokens import TokenSequences


def encoded(*texts: Sequence[int]) -> TokenSequences:
    ids = np.array([token for text in texts for token in text], np.int32)
    return TokenSequences(ids, np.cumsum([0, *map(len, texts)], dtype=np.int64))


def encoding(**changes: Any) -> Encoding:
    usual = {"vocabulary_size": 100, "sequence_length": 4, "padding": "pre", "truncation": "pre"}
    return Encoding(**{**usual, **changes})


def drawn_texts(n_texts: int, longest: int) -> TokenSequences:
    generator = np.random.default_rng(3)
    lengths = generator.integers(0, longest, n_texts, endpoint=True)
    return encoded(*(generator.integers(2, 100, length).tolist() for length in lengths))


@pytest.mark.parametrize(
    ("padding", "truncation", "matrix"),
    [
        ("pre", "pre", [[0, 0, 5, 6], [8, 9, 10, 11]]),
        ("pre", "post", [[0, 0, 5, 6], [7, 8, 9, 10]]),
        ("post", "pre", [[5, 6, 0, 0], [8, 9, 10, 11]]),
        ("post", "post", [[5, 6, 0, 0], [7, 8, 9, 10]]),
    ],
    ids=["pre, pre", "pre, post", "post, pre", "post, post"],
)
def test_sides_of_padding_and_truncation(
    padding: str, truncation: str, matrix: list[list[int]]
) -> None:
    texts = encoded([5, 6], [7, 8, 9, 10, 11])
    (bucket,) = make_buckets(texts, encoding(padding=padding, truncation=truncation))
    assert bucket.rows.tolist() == [0, 1]
    assert bucket.ids.tolist() == matrix
    assert bucket.ids.dtype == np.int32


def test_ids_beyond_the_vocabulary_become_unknown() -> None:
    (bucket,) = make_buckets(encoded([2, 3, 4, 5]), encoding(vocabulary_size=4))
    assert bucket.ids.tolist() == [[2, 3, 1, 1]]


def test_a_text_without_words_is_one_unknown_word() -> None:
    (pre,) = make_buckets(encoded([]), encoding())
    (post,) = make_buckets(encoded([]), encoding(padding="post"))
    assert pre.ids.tolist() == [[0, 0, 0, 1]]
    assert post.ids.tolist() == [[1, 0, 0, 0]]


def test_no_texts_have_no_buckets() -> None:
    assert make_buckets(encoded(), encoding()) == ()


@pytest.mark.parametrize("sequence_length", [2, 8, 9, 100, 512, 2000])
def test_the_last_bucket_has_the_sequence_length(sequence_length: int) -> None:
    lengths = bucket_lengths(sequence_length)
    assert lengths[-1] == sequence_length
    assert list(lengths) == sorted(set(lengths))


def test_lengths_rise_by_a_half_at_most() -> None:
    lengths = bucket_lengths(512)
    assert lengths[:4] == (8, 12, 16, 20)
    assert all(after <= 1.5 * before for before, after in pairwise(lengths))


def test_a_text_goes_to_the_shortest_bucket_that_holds_it() -> None:
    texts = encoded([2] * 8, [2] * 9, [2] * 12, [2] * 13, [2] * 30, [2] * 31)
    buckets = make_buckets(texts, encoding(sequence_length=30))
    assert [bucket.ids.shape[1] for bucket in buckets] == [8, 12, 16, 30]
    assert [bucket.rows.tolist() for bucket in buckets] == [[0], [1, 2], [3], [4, 5]]


def test_a_text_has_the_same_row_alone_and_in_company() -> None:
    texts, how = drawn_texts(60, 40), encoding(sequence_length=32)
    for bucket in make_buckets(texts, how):
        for row, ids in zip(bucket.rows, bucket.ids, strict=True):
            text = texts.ids[texts.offsets[row] : texts.offsets[row + 1]]
            (alone,) = make_buckets(encoded(text.tolist()), how)
            assert alone.ids.tolist() == [ids.tolist()]


def test_every_text_is_in_one_bucket() -> None:
    buckets = make_buckets(drawn_texts(60, 40), encoding(sequence_length=32))
    rows = np.concatenate([bucket.rows for bucket in buckets])
    assert sorted(rows.tolist()) == list(range(60))


def batches(seed: int | None) -> list[Bucket]:
    buckets = make_buckets(drawn_texts(60, 40), encoding(sequence_length=32))
    generator = None if seed is None else np.random.default_rng(seed)
    return list(make_batches(buckets, 7, generator))


@pytest.mark.parametrize("seed", [None, 1])
def test_batches_hold_each_text_once_with_its_own_ids(seed: int | None) -> None:
    of_row: dict[int, list[int]] = {}
    for bucket in make_buckets(drawn_texts(60, 40), encoding(sequence_length=32)):
        of_row |= dict(zip(bucket.rows.tolist(), bucket.ids.tolist(), strict=True))
    made = batches(seed)
    rows = [row for batch in made for row in batch.rows.tolist()]
    assert sorted(rows) == list(range(60))
    assert all(1 <= len(batch.rows) <= 7 for batch in made)
    for batch in made:
        assert batch.ids.tolist() == [of_row[row] for row in batch.rows.tolist()]


def test_without_a_generator_the_order_is_that_of_the_buckets() -> None:
    widths = [batch.ids.shape[1] for batch in batches(None)]
    assert widths == sorted(widths)
    for batch in batches(None):
        assert batch.rows.tolist() == sorted(batch.rows.tolist())


def test_shuffling_mixes_the_lengths() -> None:
    widths = [batch.ids.shape[1] for batch in batches(1)]
    assert widths not in (sorted(widths), sorted(widths, reverse=True))


def test_shuffling_mixes_the_texts_of_a_bucket() -> None:
    def join(seed: int | None) -> set[frozenset[int]]:
        return {frozenset(batch.rows.tolist()) for batch in batches(seed)}

    # Batches that only change places would hold the same texts.
    assert join(1) != join(None)
    assert any(batch.rows.tolist() != sorted(batch.rows.tolist()) for batch in batches(1))


def test_one_seed_gives_the_same_batches_and_another_others() -> None:
    def order(seed: int) -> list[list[int]]:
        return [batch.rows.tolist() for batch in batches(seed)]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_shuffling_leaves_the_buckets_as_they_are() -> None:
    buckets = make_buckets(drawn_texts(60, 40), encoding(sequence_length=32))
    before = [bucket.rows.tolist() for bucket in buckets]
    list(make_batches(buckets, 7, np.random.default_rng(1)))
    assert [bucket.rows.tolist() for bucket in buckets] == before


@pytest.mark.parametrize("padding", ["pre", "post"])
def test_without_buckets_all_texts_have_one_length(padding: str) -> None:
    texts = encoded([2] * 3, [3] * 9, [], [4] * 31)
    how = encoding(sequence_length=30, padding=padding, length_buckets=False)
    (bucket,) = make_buckets(texts, how)
    assert bucket.rows.tolist() == [0, 1, 2, 3]
    assert bucket.ids.shape == (4, 30)
    assert (bucket.ids > 0).sum(axis=1).tolist() == [3, 9, 1, 30]
