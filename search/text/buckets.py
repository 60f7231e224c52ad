"""Token sequences to padded matrices of a few lengths.

Owns sequence length, truncation, padding and the lengths of the buckets. A text's bucket depends
on that text alone, so its prediction does not depend on other texts; and short texts need only
short recurrences (a mask would save nothing on a CPU).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .tokens import Rows, TokenIds, TokenSequences
from .vocabulary import PADDING, UNKNOWN

_LENGTHS = (8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512)
"""Each is at most a half longer than the one before, so at most a third of a row is padding."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a network reads a text."""

    vocabulary_size: int
    """Ids from this one on become UNKNOWN."""
    sequence_length: int
    """Number of tokens read at most."""
    padding: str
    """Side on which short texts are padded, "pre" or "post"."""
    truncation: str
    """Side on which long texts are cut, "pre" or "post"."""
    length_buckets: bool = True
    """Whether there are shorter lengths to pad to; if not, all are `sequence_length` long."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Texts of about one length, padded to the same number of tokens."""

    rows: Rows
    """Which texts, (n,)."""
    ids: TokenIds
    """Token ids, int32, (n, length), 0 is padding."""


Buckets = tuple[Bucket, ...]


def bucket_lengths(sequence_length: int) -> tuple[int, ...]:
    """List the lengths that texts are padded to, rising; the last is `sequence_length`."""
    return (*(length for length in _LENGTHS if length < sequence_length), sequence_length)


def make_buckets(texts: TokenSequences, encoding: Encoding) -> Buckets:
    """Cut, pad and group all texts; every text is in exactly one bucket, and no bucket is empty.

    A text without words becomes one unknown word: with padding alone, pooling would have no input.
    """
    longest = encoding.sequence_length
    borders = np.array(bucket_lengths(longest) if encoding.length_buckets else (longest,))
    bucket_of_text = np.searchsorted(borders, np.minimum(texts.lengths, longest))
    buckets = []
    for index in np.unique(bucket_of_text):
        rows = np.flatnonzero(bucket_of_text == index)
        buckets.append(Bucket(rows, _pad(texts, rows, int(borders[index]), encoding)))
    return tuple(buckets)


def _pad(texts: TokenSequences, rows: Rows, width: int, encoding: Encoding) -> TokenIds:
    matrix = np.full((len(rows), width), PADDING, np.int32)
    for target, row in zip(matrix, rows, strict=True):
        ids = texts.ids[texts.offsets[row] : texts.offsets[row + 1]]
        ids = ids[-width:] if encoding.truncation == "pre" else ids[:width]
        if not len(ids):
            ids = np.array([UNKNOWN], np.int32)
        target[slice(-len(ids), None) if encoding.padding == "pre" else slice(len(ids))] = ids
    matrix[matrix >= encoding.vocabulary_size] = UNKNOWN
    return matrix


def make_batches(
    buckets: tuple[Bucket, ...], batch_size: int, generator: np.random.Generator | None = None
) -> Iterator[Bucket]:
    """Cut the buckets into batches of at most `batch_size` texts.

    With a generator the texts of each bucket are shuffled, and then the batches, as an epoch of
    training needs; without one, the order is that of the buckets.
    """
    cuts = []
    for bucket in buckets:
        order = np.arange(len(bucket.rows))
        if generator is not None:
            generator.shuffle(order)
        starts = range(0, len(order), batch_size)
        cuts += [(bucket, order[start : start + batch_size]) for start in starts]
    if generator is not None:
        generator.shuffle(cuts)
    for bucket, chosen in cuts:
        yield Bucket(bucket.rows[chosen], bucket.ids[chosen])
