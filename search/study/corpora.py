"""A corpus, however it is named."""

from pathlib import Path
from typing import TypeAlias

from ..data.corpus import Corpus, DataSource
from ..errors import DataError, naming_parameter

Readable: TypeAlias = Corpus | DataSource | str | Path
"""A corpus, what it is read from, or the path or name of that."""


def read_corpus(corpus: Readable | None) -> Corpus:
    """Read a corpus, unless it is one already.

    Raises:
        DataError: it is none of these, or cannot be read.
    """
    if isinstance(corpus, Corpus):
        return corpus
    if not isinstance(corpus, DataSource | str | Path):
        raise DataError(
            f"expected a corpus, or the path or name of one, got {type(corpus).__name__}",
            "Make a corpus of texts in memory with Corpus.from_lists(texts, labels).",
            parameter="corpus",
        )
    source = corpus if isinstance(corpus, DataSource) else DataSource(str(corpus))
    with naming_parameter("corpus"):
        return source.open()
