"""Texts as word shingles: runs of a few words in a row (Broder, 1997).

Owns the hash of a shingle. Knows no comparison of two texts. Shingles are made for a few texts at
a time, so that only the token ids of a corpus are kept.
"""

import numpy as np
import numpy.typing as npt

from ...text.tokens import TokenSequences

SHINGLE_WORDS = 2
"""Words in a shingle; a text of fewer words is one shingle of all of them."""

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]


def hash_shingles(texts: TokenSequences, chosen: Positions) -> tuple[Hashes, Positions]:
    """Hash the shingles of the chosen texts, repeated ones included, in the order of the texts.

    Args:
        texts: token ids, in which equal words have equal ids.
        chosen: positions of texts, (n_chosen,); each may be named more than once.

    Returns:
        Hashes of 64 bits, (n_shingles,); and how many each text has, (n_chosen,), 0 for a text
        without words.
    """
    lengths = texts.offsets[chosen + 1] - texts.offsets[chosen]
    counts = np.where(lengths > 0, np.maximum(lengths - SHINGLE_WORDS + 1, 1), 0)
    starts = np.repeat(texts.offsets[chosen], counts) + _count_up(counts)
    ends = np.repeat(texts.offsets[chosen + 1], counts)
    hashes = np.zeros(starts.size, dtype=np.uint64)
    for at in (starts + place for place in range(SHINGLE_WORDS)):
        # A text of fewer words than a shingle is filled up with an id that no word has.
        ids = np.where(at < ends, texts.ids[np.minimum(at, ends - 1)], -1)
        hashes = mix(hashes + ids.astype(np.uint64))
    return hashes, counts


def _count_up(lengths: Positions) -> Positions:
    """Count 0 to length - 1 for each length, one after the other: int64, (sum of lengths,)."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - lengths, lengths)


def mix(values: Hashes) -> Hashes:
    """Scatter the bits of each value, one to one (SplitMix64, Steele, Lea and Flood, 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
