"""Word vectors from a file, for the words of a vocabulary.

Owns the opening of the file, which of its rows stands for which word, and how much of a corpus
they cover. Knows the format of a row as little as what a network does with a vector.
"""

import gzip
import hashlib
import io
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from ...errors import DataError
from ...text.tokens import TokenSequences
from ...text.vocabulary import N_RESERVED, Vocabulary
from ..file_errors import naming_file
from .rows import Vector, parse_vector, read_rows

_GZIP = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The vectors that a file has for the words of a vocabulary."""

    ids: npt.NDArray[np.int64]
    """Token ids of the words found, ascending, (n_found,); at least one."""
    values: npt.NDArray[np.float32]
    """As the file has them, finite, (n_found, n_dimensions)."""
    n_words: int
    """Words of the vocabulary, found or not."""

    def describe_coverage(self, train: TokenSequences) -> str:
        """Say how much of train has a vector.

        Args:
            train: the texts that the vocabulary was counted on, encoded by it.

        Returns:
            Such as "31,002 of 34,115 words (90.9 %), 98.7 % of the tokens of train".
        """
        is_found = np.zeros(self.n_words + N_RESERVED, np.bool_)
        is_found[self.ids] = True
        words = len(self.ids) / max(self.n_words, 1)
        tokens = is_found[train.ids].sum() / max(len(train.ids), 1)
        return (
            f"{len(self.ids):,} of {self.n_words:,} words ({100 * words:.1f} %), "
            f"{100 * tokens:.1f} % of the tokens of train"
        )


def read_word_vectors(path: Path, vocabulary: Vocabulary) -> WordVectors:
    """Read the vectors of a vocabulary's words out of a text file, also a compressed one (gzip).

    Only they are kept in memory, whatever the size of the file. The format is that of GloVe, or of
    fastText and word2vec; it and the compression are detected by the content. A word takes the row
    that spells it as the vocabulary does, else the first that does when case folded and composed;
    of equal rows the first. Rows of other words are not read as numbers.

    Raises:
        DataError: the file is missing, a folder, unreadable, no such text, or has a row that does
            not fit (with its line), or no word of the vocabulary at all.
    """
    ids = {word: index for index, word in enumerate(vocabulary.words, start=N_RESERVED)}
    with naming_file(path):
        with _open_unpacked(path) as stream:
            found = _find(stream, ids)
        if not found:
            raise DataError(
                f"expected vectors for words of the texts, found none of the {len(ids):,} words",
                "Give vectors of the language that the texts are written in.",
            )
    chosen = sorted(found)
    values = np.stack([found[index] for index in chosen])
    return WordVectors(np.array(chosen, np.int64), values, len(ids))


def hash_file(path: Path) -> str:
    """Hash the bytes of a file, compressed or not: SHA-256 in lower case hexadecimal.

    Raises:
        DataError: it is missing, a folder, or unreadable.
    """
    with naming_file(path), _open(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _find(stream: BinaryIO, ids: Mapping[str, int]) -> dict[int, Vector]:
    exact: dict[int, Vector] = {}
    folded: dict[int, Vector] = {}
    for row in read_rows(stream):
        # The vocabulary has neither the mark that stands for wrong bytes nor upper case.
        word = row.word.decode("utf-8", "replace")
        index = ids.get(word)
        if index is not None:
            if index not in exact:
                exact[index] = parse_vector(row)
            continue
        # As text/words.py does to every text.
        index = ids.get(unicodedata.normalize("NFC", word).casefold())
        if index is not None and index not in folded and index not in exact:
            folded[index] = parse_vector(row)
    return folded | exact


@contextmanager
def _open_unpacked(path: Path) -> Iterator[BinaryIO]:
    with _open(path) as stream:
        if stream.peek(len(_GZIP))[: len(_GZIP)] != _GZIP:
            yield stream
            return
        try:
            with gzip.GzipFile(fileobj=stream) as unpacked:
                # Its own readline is a function of Python.
                yield io.BufferedReader(cast(io.RawIOBase, unpacked), _BLOCK_BYTES)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            message = f"expected a whole gzip file, found a damaged one ({error})"
            raise DataError(message, "Fetch the file again.") from error


def _open(path: Path) -> io.BufferedReader:
    if path.exists() and not path.is_file():
        # A pipe can be read once; this file is hashed first, and then read by each worker.
        message = "expected a file, found a pipe or device"
        raise DataError(message, "Write its content to a file first.")
    return path.open("rb")
