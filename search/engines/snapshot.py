"""A database of studies as it stands, to be read without a trace. Owns how SQLite is copied for it.

Whoever opens a file of SQLite that has a log writes beside it, and sometimes into it; so a copy is
opened instead, under the name of the original. A server of databases keeps its own house, and is
read where it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .database import holds_studies, path_of, told, without_password
from .store import StudyStore

_LOGGED = 2
"""Byte 18 of a file with a log (sqlite.org/fileformat2.html, section 1.3.3)."""


@contextmanager
def snapshot(url: str) -> Iterator[StudyStore | None]:
    """Open the studies at an address for reading; None where there are none.

    Nothing is made or changed there. What is written into an SQLite copy goes with it; into what
    a server holds the caller must not write.

    Raises:
        StudyError: as `StudyStore`.
    """
    path = path_of(url)
    if not holds_studies(url):
        yield None
    elif path is None:
        yield StudyStore(url, must_exist=True)
    else:
        with TemporaryDirectory() as folder:
            copied = Path(folder, "studies.db")
            with told(without_password(url), "could not be read: {}"):
                _copy(path, copied)
            yield StudyStore(url, must_exist=True, copy=copied)


def _copy(path: Path, copied: Path) -> None:
    """Copy a database as of one moment, also while others write into it."""
    with path.open("rb") as file:
        is_logged = file.read(19)[18] == _LOGGED
    # While there is no log no process has the file open, and reading would make one (SQLite 3.45).
    is_closed = is_logged and not Path(f"{path}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_closed else ''}"
    with (
        closing(sqlite3.connect(address, uri=True)) as here,
        closing(sqlite3.connect(copied)) as there,
    ):
        here.backup(there)
