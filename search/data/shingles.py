"""Texts as word shingles: runs of a few words in a row (Broder, 1997).

Owns the numbering of words and the hash of a shingle. Knows no comparison of two texts. Shingles
are made for a few texts at a time, so that only the word numbers of a corpus are kept.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from ..text.words import words_of

SHINGLE_WORDS = 2
"""Words in a shingle; a text of fewer words is one shingle of all of them."""

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WordNumbers:
    """The words of several texts as numbers, one text after the other."""

    numbers: npt.NDArray[np.int32]
    """Words numbered in order of appearance, (n_words,); equal words have equal numbers."""
    bounds: Positions
    """Text i holds the words from bounds[i] up to bounds[i + 1], (n_texts + 1,)."""

    @property
    def lengths(self) -> Positions:
        """Count the words of each text, (n_texts,)."""
        return np.diff(self.bounds)


def number_words(texts: Sequence[str]) -> WordNumbers:
    """Split the texts into words as the networks see them, and number these."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    numbers = array("i")
    lengths = [0]
    for text in texts:
        words = words_of(text)
        numbers.extend(map(known.__getitem__, words))
        lengths.append(len(words))
    bounds = np.fromiter(accumulate(lengths), dtype=np.int64, count=len(lengths))
    return WordNumbers(np.frombuffer(numbers, dtype=np.int32), bounds)


def shingles_of(words: WordNumbers, chosen: Positions) -> tuple[Hashes, Positions]:
    """Hash the shingles of the chosen texts, repeated ones included, in the order of the texts.

    Args:
        words: the word numbers of all texts.
        chosen: positions of texts, (n_chosen,); each may be named more than once.

    Returns:
        Hashes of 64 bits, (n_shingles,); and how many each text has, (n_chosen,), 0 for a text
        without words.
    """
    lengths = words.bounds[chosen + 1] - words.bounds[chosen]
    counts = np.where(lengths > 0, np.maximum(lengths - SHINGLE_WORDS + 1, 1), 0)
    starts = np.repeat(words.bounds[chosen], counts) + _ranges(counts)
    ends = np.repeat(words.bounds[chosen + 1], counts)
    hashes = np.zeros(starts.size, dtype=np.uint64)
    for at in (starts + place for place in range(SHINGLE_WORDS)):
        # A text of fewer words than a shingle is filled up with a number that no word has.
        numbers = np.where(at < ends, words.numbers[np.minimum(at, ends - 1)], -1)
        hashes = mix(hashes + numbers.astype(np.uint64))
    return hashes, counts


def _ranges(lengths: Positions) -> Positions:
    """Count 0 to length - 1 for each length, one after the other: int64, (sum of lengths,)."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - lengths, lengths)


def mix(values: Hashes) -> Hashes:
    """Scatter the bits of each value, one to one (SplitMix64, Steele, Lea and Flood, 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
