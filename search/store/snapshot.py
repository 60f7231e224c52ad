"""A database of studies as of one moment, read without a trace. Owns how SQLite is copied for it.

SQLite writes beside a database file with a log when it opens it, and sometimes into it. So a copy
is opened instead, and messages name the original. A database server is read where it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .database import connect_read_only, database_errors, find_path, holds_studies
from .study_store import StudyStore


@contextmanager
def snapshot(url: str) -> Iterator[StudyStore | None]:
    """Open the studies at an address for reading; None where there is no database of studies.

    Nothing is made or changed there. What is written into the copy of an SQLite file is lost; a
    database on a server is opened itself, and the caller must not write into it.

    Raises:
        StudyError: as `StudyStore`.
    """
    path = find_path(url)
    if not holds_studies(url):
        yield None
    elif path is None:
        yield StudyStore(url, must_exist=True)
    else:
        with TemporaryDirectory() as folder:
            copied = Path(folder, "studies.db")
            with database_errors(url, "could not be read: {}"):
                _copy(path, copied)
            yield StudyStore(url, must_exist=True, copy=copied)


def _copy(path: Path, copied: Path) -> None:
    """Copy a database as of one moment, also while other processes write into it."""
    with closing(connect_read_only(path)) as here, closing(sqlite3.connect(copied)) as there:
        here.backup(there)
