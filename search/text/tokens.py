"""Texts as numbered words, one after another in a single array.

Owns the numbering. Every text of a corpus is split into words once, here; code that counts,
compares, masks or encodes words works on the numbers. Knows no vocabulary and no corpus.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .words import split_words

TokenIds = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class TokenSequences:
    """Texts of any length as token ids, one text after another."""

    ids: TokenIds
    """Token ids of all texts, int32, (n_tokens,); none is padding."""
    offsets: Rows
    """Text i is ids[offsets[i]:offsets[i + 1]]; int64, (n_texts + 1,)."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Rows:
        """Tokens of each text, int64, (n_texts,); 0 for a text without words."""
        return np.diff(self.offsets)

    def select(self, rows: npt.ArrayLike) -> "TokenSequences":
        """Copy some texts.

        Args:
            rows: positions of texts, integers, (n,), in any order; a text may appear twice.
        """
        chosen = np.asarray(rows, np.int64)
        lengths = self.lengths[chosen]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        # The place of each copied token: its place in the copy, moved by what its text moved.
        moved = np.repeat(self.offsets[chosen] - offsets[:-1], lengths)
        return TokenSequences(self.ids[np.arange(offsets[-1]) + moved], offsets)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words of several texts; the id of a word is its place in `words`."""

    words: tuple[str, ...]
    """The different words, in order of first appearance."""
    sequences: TokenSequences
    """The texts as ids from 0 on."""

    def __len__(self) -> int:
        return len(self.sequences)

    def select(self, rows: npt.ArrayLike) -> "Tokens":
        """Copy some texts; `words` stays whole, so that ids keep their meaning.

        Args:
            rows: positions of texts, integers, (n,), in any order; a text may appear twice.
        """
        return Tokens(self.words, self.sequences.select(rows))


def tokenize(texts: Iterable[str]) -> Tokens:
    """Split texts into words and number the words; no texts give no tokens."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    ids = array("i")
    lengths = [0]
    for text in texts:
        words = split_words(text)
        ids.extend(map(known.__getitem__, words))
        lengths.append(len(words))
    offsets = np.cumsum(lengths, dtype=np.int64)
    return Tokens(tuple(known), TokenSequences(np.frombuffer(ids, dtype=np.int32), offsets))
