import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search.errors import StudyError
from search.store.snapshot import snapshot
from search.store.study_store import StudyStore
from tests.engines.tiny import open_trials
from tests.store.conftest import close


def _files(folder: Path) -> dict[str, str]:
    """Hash all files below a folder, by their names."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_studies_are_read_and_their_folder_stays_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    made = StudyStore(url)
    open_trials(made).ask()
    close(made)
    before = _files(tmp_path)
    assert list(before) == ["studies.db"]
    with snapshot(url) as store:
        assert store is not None
        assert store.names() == ["films"]
        assert len(open_trials(store).trials()) == 1
        open_trials(store).ask()
        assert _files(tmp_path) == before
    assert _files(tmp_path) == before


def test_trials_that_are_only_in_the_log_of_another_process_are_read_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    running = StudyStore(url)
    open_trials(running).ask()
    assert (tmp_path / "studies.db-wal").stat().st_size
    with snapshot(url) as store:
        assert store is not None
        assert len(open_trials(store).trials()) == 1
    open_trials(running).ask()
    close(running)


def test_messages_name_the_database_and_not_its_copy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    made = StudyStore(url)
    with snapshot(url) as store:
        assert store is not None
        assert store.url == url
        with pytest.raises(StudyError) as error:
            store.find(None)
        assert error.value.message.startswith(f"{url}: ")
    open_trials(made)
    with snapshot(url) as store:
        assert store is not None
        with pytest.raises(StudyError) as error:
            store.find("movies")
    assert error.value.message.startswith(f"{url}: ")
    close(made)


@pytest.mark.parametrize("is_there", [False, True], ids=["no-file", "empty-file"])
def test_where_there_are_no_studies_there_is_no_store_and_nothing_is_made(
    tmp_path: Path, is_there: bool
) -> None:
    path = tmp_path / "studies.db"
    if is_there:
        path.touch()
    before = _files(tmp_path)
    with snapshot(f"sqlite:///{path}") as store:
        assert store is None
    assert _files(tmp_path) == before


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    with (
        pytest.raises(StudyError, match="the database of another program"),
        snapshot(f"sqlite:///{path}"),
    ):
        pass
