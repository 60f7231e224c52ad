"""A corpus, however it is named."""

from pathlib import Path
from typing import TypeAlias

from ..data.corpus import Corpus, DataSource
from ..errors import naming_parameter

Readable: TypeAlias = Corpus | DataSource | str | Path
"""A corpus, what it is read from, or the path or name of that."""


def read_corpus(corpus: Readable) -> Corpus:
    """Read a corpus, unless it is one already.

    Raises:
        DataError: it cannot be read.
    """
    if isinstance(corpus, Corpus):
        return corpus
    source = corpus if isinstance(corpus, DataSource) else DataSource(str(corpus))
    with naming_parameter("corpus"):
        return source.open()
