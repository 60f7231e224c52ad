"""Databases of studies for the tests of this room."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.store.study_store import StudyStore

Connect = Callable[[str], StudyStore]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make a database without studies once, to be copied: making one takes half a second."""
    path = tmp_path_factory.mktemp("empty") / "studies.db"
    close(StudyStore(f"sqlite:///{path}"))
    return path.read_bytes()


@pytest.fixture
def connect(empty_database: bytes, tmp_path: Path) -> Iterator[Connect]:
    """Give what opens a database by a file's name, and closes all at the end."""
    stores: list[StudyStore] = []

    def connect(name: str) -> StudyStore:
        path = tmp_path / name
        if not path.exists():
            path.write_bytes(empty_database)
        stores.append(StudyStore(f"sqlite:///{path}"))
        return stores[-1]

    yield connect
    for store in stores:
        close(store)


@pytest.fixture
def store(connect: Connect) -> StudyStore:
    """Open a database without studies, `studies.db` in the temporary folder."""
    return connect("studies.db")


def close(store: StudyStore) -> None:
    """Close all connections, upon which SQLite removes its log."""
    store.storage.remove_session()
    store._database.engine.dispose()
