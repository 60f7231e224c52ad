import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from optuna.storages import RDBStorage

from search.errors import StudyError
from search.store.database import holds_studies, network_file_system
from search.store.study_store import StudyStore
from tests.store.conftest import close
from tests.store.settings import make_settings

NOBODY = 65534


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _refused(path: Path, message: str) -> StudyError:
    """Open a store where it must be refused, with everything in its folder left as it was."""
    before = _files(path.parent)
    for must_exist in (False, True):
        with pytest.raises(StudyError, match=message) as error:
            StudyStore(f"sqlite:///{path}", must_exist=must_exist)
    assert _files(path.parent) == before
    assert str(path) in error.value.message
    assert "`storage`" in error.value.hint
    return error.value


def _run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
def ours(store: StudyStore, tmp_path: Path) -> Path:
    """Make a database of studies that no process has open."""
    store.create("films", make_settings(), directions=["minimize"])
    close(store)
    assert [file.name for file in tmp_path.iterdir()] == ["studies.db"]
    return tmp_path / "studies.db"


def test_where_nothing_is_there_are_no_studies_and_nothing_is_made(tmp_path: Path) -> None:
    assert not holds_studies(f"sqlite:///{tmp_path / 'studies.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_studies_is_recognised_without_a_trace(ours: Path) -> None:
    before = _files(ours.parent)
    assert holds_studies(f"sqlite:///{ours}")
    assert _files(ours.parent) == before


def test_a_database_that_another_process_has_open_is_recognised(tmp_path: Path) -> None:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    store.create("films", make_settings(), directions=["minimize"])
    assert (tmp_path / "studies.db-wal").exists()
    assert holds_studies(store.url)


def test_mlflows_own_database_is_refused(mlflow_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_bytes(mlflow_database.read_bytes())
    _refused(path, r"another program, .* and \d+ more")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_any_other_program_is_refused(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "bank.db"
    _run(path, f"PRAGMA journal_mode={mode}", "CREATE TABLE accounts (money INTEGER)")
    _refused(path, "another program, .* accounts")


def test_a_database_whose_content_is_in_its_log_is_inspected_with_it(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("CREATE TABLE accounts (money INTEGER)")
        with pytest.raises(StudyError, match=r"another program, .* accounts"):
            StudyStore(f"sqlite:///{path}")
        tables = connection.execute("SELECT name FROM sqlite_schema").fetchall()
    assert tables == [("accounts",)]


def test_revisions_of_another_program_alone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    _run(
        path,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('1b5f0d9ad7c1')",
    )
    _refused(path, r"another program, .* alembic_version \(1b5f0d9ad7c1\)")


def test_tables_that_another_process_is_just_making_are_completed(ours: Path) -> None:
    _run(ours, "DROP TABLE alembic_version", "DROP TABLE version_info", "DROP TABLE trials")
    assert not holds_studies(f"sqlite:///{ours}")
    assert StudyStore(f"sqlite:///{ours}").names() == ["films"]


@pytest.mark.parametrize(
    ("revision", "hint"),
    [
        pytest.param("v2.6.0.a", "optuna storage upgrade --storage sqlite:", id="older"),
        pytest.param("v9.0.0.a", "update it", id="newer"),
    ],
)
def test_another_schema_of_optuna_is_refused(ours: Path, revision: str, hint: str) -> None:
    _run(
        ours,
        f"UPDATE alembic_version SET version_num = '{revision}'",
        "UPDATE version_info SET library_version = '2.10.1'",
    )
    error = _refused(ours, f"{revision}, made by Optuna 2.10.1")
    assert hint in error.hint


def test_a_schema_of_before_revisions_is_refused(ours: Path) -> None:
    _run(ours, "DROP TABLE alembic_version", "UPDATE version_info SET schema_version = 11")
    _refused(ours, r"Optuna from before 0\.9 .*11")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database, but a text that is long enough to be looked at\n" * 20)
    _refused(path, "not a database of SQLite")


def test_a_truncated_database_is_refused(ours: Path) -> None:
    whole = ours.read_bytes()
    ours.write_bytes(whole[: len(whole) // 2])
    error = _refused(ours, f"{len(whole):,} bytes, found {len(whole) // 2:,}")
    assert "truncated" in error.hint


def test_a_database_with_garbage_in_it_is_refused(ours: Path) -> None:
    whole = ours.read_bytes()
    ours.write_bytes(whole[:100] + bytes(range(256)) * ((len(whole) - 100) // 256 + 1))
    error = _refused(ours, "malformed")
    assert "damaged" in error.hint


def test_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "studies.db"
    path.mkdir()
    _refused(path, "a folder")
    assert list(path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=f"no folder {tmp_path / 'runs'}"):
        StudyStore(f"sqlite:///{tmp_path / 'runs' / 'studies.db'}")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def _as_anyone() -> Iterator[None]:
    """Be a user who may not write everywhere, as root may."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def _lock_folder(path: Path) -> Path:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    return path.parent


def _lock_file(path: Path) -> Path:
    path.chmod(0o444)
    path.parent.chmod(0o777)
    return path


@pytest.mark.parametrize("lock", [_lock_folder, _lock_file], ids=["folder", "file"])
def test_what_cannot_be_written_is_refused(ours: Path, lock: Callable[[Path], Path]) -> None:
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "studies.db")
        path.write_bytes(ours.read_bytes())
        locked = lock(path)
        with _as_anyone():
            _refused(path, f"{locked}, which cannot be written")
        path.parent.chmod(0o700)


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file:a?uri=true"],
    ids=["none", "memory", "uri"],
)
def test_a_database_that_is_no_file_is_refused(url: str) -> None:
    with pytest.raises(StudyError, match="without the path of a file") as error:
        StudyStore(url)
    assert "sqlite:///studies.db" in error.value.hint


@pytest.mark.parametrize(
    "url", ["studies", "nosuchdatabase://host/studies"], ids=["no-address", "no-driver"]
)
def test_an_address_where_nothing_answers_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(StudyError, match="expected a database of studies") as error:
        StudyStore(url)
    assert "sqlite:///studies.db" in error.value.hint


def test_a_password_is_not_shown() -> None:
    with pytest.raises(StudyError) as error:
        StudyStore("postgresql://ann:hunter2@127.0.0.1:9/films")
    assert "hunter2" not in error.value.message
    assert "ann:***@127.0.0.1:9/films" in error.value.message


def test_a_database_of_optuna_with_further_tables_is_one_of_studies(ours: Path) -> None:
    _run(ours, "CREATE TABLE notes (text VARCHAR)")
    assert StudyStore(f"sqlite:///{ours}").names() == ["films"]


def test_a_database_that_optuna_made_itself_is_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'theirs.db'}"
    RDBStorage(url).engine.dispose()
    assert StudyStore(url, must_exist=True).names() == []


MOUNTS = [("/", "ext4"), ("/home", "nfs4"), ("/home/ann/disk", "xfs"), ("/mnt/share", "cifs")]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/home/ann/studies.db", "nfs4", id="network"),
        pytest.param("/home/ann/disk/studies.db", None, id="disk-within-network"),
        pytest.param("/homes/studies.db", None, id="similar-name"),
        pytest.param("/mnt/share/a/b/studies.db", "cifs", id="folders-below"),
        pytest.param("/srv/../home/studies.db", "nfs4", id="dots"),
        pytest.param("/srv/studies.db", None, id="local"),
    ],
)
def test_a_path_is_on_the_innermost_file_system(path: str, kind: str | None) -> None:
    assert network_file_system(Path(path), MOUNTS) == kind


def test_of_two_file_systems_on_one_folder_the_later_is_seen() -> None:
    mounts = [("/", "ext4"), ("/home", "autofs"), ("/home", "nfs")]
    assert network_file_system(Path("/home/studies.db"), mounts) == "nfs"
    assert network_file_system(Path("/home/studies.db"), [*mounts, ("/home", "ext4")]) is None
