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

from ..errors import DataError
from ..text.vocabulary import N_RESERVED, EncodedTexts, Vocabulary
from .vector_rows import Vector, read_rows, vector_of

_GZIP = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a corpus has a vector."""

    n_words: int
    """Of the vocabulary."""
    n_words_found: int
    n_tokens: int
    """Of train, words outside the vocabulary among them."""
    n_tokens_found: int

    @property
    def told(self) -> str:
        """Say it: "31,002 of 34,115 words (90.9 %), 98.7 % of the tokens of train"."""
        words = self.n_words_found / max(self.n_words, 1)
        tokens = self.n_tokens_found / max(self.n_tokens, 1)
        return (
            f"{self.n_words_found:,} of {self.n_words:,} words ({words:.1%}), "
            f"{tokens:.1%} of the tokens of train"
        ).replace("%", " %")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The vectors that a file has for the words of a vocabulary."""

    ids: npt.NDArray[np.int64]
    """Token ids of the words found, ascending, (n_found,); at least one."""
    values: npt.NDArray[np.float32]
    """As the file has them, finite, (n_found, n_dimensions)."""
    n_words: int
    """Words of the vocabulary, found or not."""

    def coverage(self, train: EncodedTexts) -> Coverage:
        """Count what is covered of the texts that the vocabulary was counted on, encoded by it."""
        is_found = np.zeros(self.n_words + N_RESERVED, np.bool_)
        is_found[self.ids] = True
        n_tokens_found = int(is_found[train.ids].sum())
        return Coverage(self.n_words, len(self.ids), len(train.ids), n_tokens_found)


def read_word_vectors(path: Path, vocabulary: Vocabulary) -> WordVectors:
    """Read the vectors of a vocabulary's words out of a text file, also a compressed one (gzip).

    Only they are kept in memory, whatever the size of the file. The format is that of GloVe, or of
    fastText and word2vec; it and the compression are told by the content. A word takes the row
    that spells it as the vocabulary does, else the first that does when case folded and composed;
    of equal rows the first. Rows of other words are not read as numbers.

    Raises:
        DataError: the file is missing, a folder, unreadable, no such text, or has a row that does
            not fit (with its line), or no word of the vocabulary at all.
    """
    ids = {word: index for index, word in enumerate(vocabulary.words, start=N_RESERVED)}
    try:
        with _opened(path) as stream:
            found = _find(stream, ids)
        if not found:
            raise DataError(
                f"expected vectors for words of the texts, found none of the {len(ids):,} words",
                "Give vectors of the language that the texts are written in.",
            )
    except DataError as error:
        raise DataError(f"{path}: {error.message}", error.hint) from error
    chosen = sorted(found)
    values = np.stack([found[index] for index in chosen])
    return WordVectors(np.array(chosen, np.int64), values, len(ids))


def sha256_of(path: Path) -> str:
    """Sum up the bytes of a file, compressed or not, in lower case hexadecimal.

    Raises:
        DataError: it is missing, a folder, or unreadable.
    """
    try:
        with _readable(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except DataError as error:
        raise DataError(f"{path}: {error.message}", error.hint) from error


def _find(stream: BinaryIO, ids: Mapping[str, int]) -> dict[int, Vector]:
    exact: dict[int, Vector] = {}
    folded: dict[int, Vector] = {}
    for row in read_rows(stream):
        # The vocabulary has neither the mark that stands for wrong bytes nor upper case.
        word = row.word.decode("utf-8", "replace")
        index = ids.get(word)
        if index is not None:
            if index not in exact:
                exact[index] = vector_of(row)
            continue
        # As text/words.py does to every text.
        index = ids.get(unicodedata.normalize("NFC", word).casefold())
        if index is not None and index not in folded and index not in exact:
            folded[index] = vector_of(row)
    return folded | exact


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with _readable(path) as stream:
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


@contextmanager
def _readable(path: Path) -> Iterator[io.BufferedReader]:
    try:
        if path.is_dir():
            raise DataError("expected a file, found a folder", "Name one file inside it.")
        if path.exists() and not path.is_file():
            # A pipe is read once; this is summed up first, and read by each worker.
            message = "expected a file, found a pipe or device"
            raise DataError(message, "Write its content to a file first.")
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        message = "expected a file, found nothing there"
        raise DataError(message, f"Check the path; it starts from {Path.cwd()}.") from error
    except OSError as error:
        message = f"expected a readable file, found: {error.strerror or error}"
        raise DataError(message, "Check the file and its permissions.") from error
