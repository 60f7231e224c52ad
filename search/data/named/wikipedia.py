"""Films of Wikipedia with their genres. Owns how the files of the decades make one corpus."""

from dataclasses import replace

import pandas as pd

from ..labelled_texts import LabelledTexts
from ..read.assembly import assemble_texts
from ..read.columns import ColumnChoice, find_columns
from ..read.tables import read_table
from .downloads import fetch_all
from .files import RemoteFile


def read_wikipedia(*files: RemoteFile) -> LabelledTexts:
    """Read the leads of films and their genres, in the order of the files.

    Args:
        files: JSON lists of films with `extract` and `genres`, of which either may be missing.

    Raises:
        DataError: a file cannot be downloaded or read, or the films make no corpus.
    """
    frame = pd.concat([read_table(path).frame for path in fetch_all(files)], ignore_index=True)
    content = assemble_texts(frame, find_columns(frame, ColumnChoice("extract", "genres")))
    source = (
        "texts from Wikipedia, by its authors, licensed CC BY-SA; gathered by "
        "github.com/prust/wikipedia-movie-data"
    )
    return replace(content, notes=(source, *content.notes))
