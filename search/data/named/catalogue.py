"""The corpora that are opened by a name. Owns their list: files and reader of each."""

from collections.abc import Callable
from dataclasses import dataclass

from ..labelled_texts import LabelledTexts
from .files import IMDB_ARCHIVE, IMDB_INDEX, WIKIPEDIA_FILES, RemoteFile
from .imdb import read_imdb
from .wikipedia import read_wikipedia


@dataclass(frozen=True, slots=True)
class NamedCorpus:
    """A corpus that is opened by a name."""

    files: tuple[RemoteFile, ...]
    """What it is read from; empty for a generated one."""
    read: Callable[..., LabelledTexts]
    """Called with the files; downloads those that are not there."""


def read_synopses() -> LabelledTexts:
    """Generate the synopses."""
    # Imported here: the grammar is of no use to whoever opens a file.
    from .synopses.generate import generate

    return generate()


NAMED = {
    "synopses": NamedCorpus((), read_synopses),
    "imdb": NamedCorpus((IMDB_ARCHIVE, IMDB_INDEX), read_imdb),
    "wikipedia-movies": NamedCorpus(WIKIPEDIA_FILES, read_wikipedia),
}
NAMED_CORPORA = tuple(NAMED)
"""What can be opened without a file."""
