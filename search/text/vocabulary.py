"""The words that a network knows, most frequent first, and texts as ids into them.

Owns the ids. Knows no lengths. The vocabulary is counted once, on train, and cut to size for each
trial: since ids are in order of frequency, a smaller vocabulary is a prefix of a larger one.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from .tokens import Tokens, TokenSequences

PADDING = 0
"""Id with which short texts are padded."""
UNKNOWN = 1
"""Id of every word outside the vocabulary."""
N_RESERVED = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, most frequent first; word i has the id i + 2."""

    words: tuple[str, ...]

    @classmethod
    def count(cls, tokens: Tokens) -> Self:
        """Collect the words of the texts, most frequent first; equally frequent ones by name."""
        counts = np.bincount(tokens.sequences.ids, minlength=len(tokens.words)).tolist()
        found = ((-n, word) for word, n in zip(tokens.words, counts, strict=True) if n)
        return cls(tuple(word for _, word in sorted(found)))

    @property
    def size(self) -> int:
        """Number of ids: the words, padding and unknown."""
        return len(self.words) + N_RESERVED

    def cut(self, size: int) -> Self:
        """Keep the most frequent words so that there are at most `size` ids."""
        return self if size >= self.size else type(self)(self.words[: size - N_RESERVED])

    def encode(self, tokens: Tokens) -> TokenSequences:
        """Turn tokens into ids of this vocabulary; words outside it become UNKNOWN."""
        places = {word: place for place, word in enumerate(self.words, start=N_RESERVED)}
        ids = np.array([places.get(word, UNKNOWN) for word in tokens.words], np.int32)
        return TokenSequences(ids[tokens.sequences.ids], tokens.sequences.offsets)
