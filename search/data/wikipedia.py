"""Films of Wikipedia with their genres. Owns how the files of the decades make one corpus."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from .assemble import assemble_corpus
from .columns import Columns
from .corpus import Corpus
from .reading import read_table


def read_wikipedia(files: Sequence[Path], *, name: str) -> Corpus:
    """Read the leads of films and their genres, in the order of the files.

    Args:
        files: JSON lists of films with `extract` and `genres`, of which either may be missing.
        name: becomes the name of the corpus.

    Raises:
        DataError: a file cannot be read, or the films make no corpus.
    """
    frame = pd.concat([read_table(file) for file in files], ignore_index=True)
    corpus = assemble_corpus(frame, Columns(text="extract", label="genres"), name=name)
    source = (
        "texts from Wikipedia, by its authors, licensed CC BY-SA; gathered by "
        "github.com/prust/wikipedia-movie-data"
    )
    return replace(corpus, notes=(source, *corpus.notes))
