"""The words a network knows, most frequent first, and texts as ids into them.

Owns the ids; knows nothing of lengths. The vocabulary is counted once, on train, and cut to size
for each trial: since ids go by frequency, a smaller vocabulary is a prefix of a larger one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
import numpy.typing as npt

from .words import words_of

PADDING = 0
"""Id that fills up short texts."""
UNKNOWN = 1
"""Id of every word outside the vocabulary."""
N_RESERVED = 2

TokenIds = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Texts of any length as ids, one after another in a single array."""

    ids: TokenIds
    """Token ids of all texts, int32, (n_tokens,); none is padding."""
    offsets: npt.NDArray[np.int64]
    """Text i is ids[offsets[i]:offsets[i + 1]]; (n_texts + 1,)."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each text, (n_texts,); 0 for a text without words."""
        return np.diff(self.offsets)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by falling frequency; word i has the id i + 2."""

    words: tuple[str, ...]

    @classmethod
    def count(cls, texts: Iterable[str]) -> Self:
        """Collect all words of the texts, most frequent first, equally frequent ones by name."""
        counts = Counter(chain.from_iterable(map(words_of, texts)))
        return cls(tuple(sorted(counts, key=lambda word: (-counts[word], word))))

    @property
    def size(self) -> int:
        """Number of ids: the words, padding and unknown."""
        return len(self.words) + N_RESERVED

    def cut(self, size: int) -> Self:
        """Keep the most frequent words so that there are at most `size` ids."""
        return self if size >= self.size else type(self)(self.words[: size - N_RESERVED])

    def encode(self, texts: Sequence[str]) -> EncodedTexts:
        """Turn texts into ids; words outside the vocabulary become UNKNOWN."""
        ids_of = {word: index for index, word in enumerate(self.words, start=N_RESERVED)}
        rows = [[ids_of.get(word, UNKNOWN) for word in words_of(text)] for text in texts]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=offsets[1:])
        return EncodedTexts(np.fromiter(chain.from_iterable(rows), np.int32), offsets)
