"""What is at a store's address. Owns the rule that no database of another program is changed.

Optuna makes its tables in whatever database it is given, and SQLite makes a log beside every file
it opens. So an address is inspected first, and opened only where it holds studies or nothing.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import optuna
import psutil
import sqlalchemy
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ..errors import StudyError

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_LOG_BYTE = 18
"""Its value is 2 in a file with a log (sqlite.org/fileformat2.html, section 1.3.3)."""
_ESSENTIAL = frozenset({"studies", "trials", "version_info"})
_LAST_UNVERSIONED = 12
"""Last schema before Optuna numbered revisions; any other number is older (Optuna 5)."""
_N_SHOWN = 4
_NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.s3fs",
     "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs"}
)  # fmt: skip
ELSEWHERE = "Give another with `storage`, such as sqlite:///studies.db."


def holds_studies(url: str) -> bool:
    """Tell whether Optuna's tables are at an address, without changing anything there.

    Returns:
        False where there is nothing yet: no file, an empty one, or a database without tables.

    Raises:
        StudyError: the address is malformed, nothing answers there, the database is another
            program's, damaged or read-only, or it is SQLite on a network file system.
    """
    shown = without_password(url)
    with database_errors(url, "expected a database of studies, got {}"):
        address = sqlalchemy.make_url(url)
        if address.get_backend_name() != "sqlite":
            return _has_tables(sqlalchemy.create_engine(address, poolclass=NullPool), shown)
        path = find_path(url)
        if path is None:
            raise _refusal(shown, "an address without the path of a file")
        engine = sqlalchemy.create_engine(
            "sqlite://", creator=lambda: connect_read_only(path), poolclass=NullPool
        )
        return _has_content(path, shown) and _has_tables(engine, shown)


def find_path(url: str) -> Path | None:
    """Find the file of an SQLite address; None for any other address, and for one in memory."""
    try:
        address = sqlalchemy.make_url(url)
    except SQLAlchemyError:
        return None
    name = address.database or ""
    is_file = address.get_backend_name() == "sqlite" and name not in ("", ":memory:")
    return Path(name) if is_file and not name.startswith("file:") else None


def check_schema(storage: RDBStorage, shown: str) -> None:
    """Check that the tables are those of this version of Optuna.

    Raises:
        StudyError: an older or a newer version made them.
    """
    found, expected = storage.get_current_version(), storage.get_head_version()
    if found == expected:
        return
    with storage.engine.connect() as connection:
        maker = connection.scalar(sqlalchemy.text("SELECT library_version FROM version_info"))
    is_older = found in storage.get_all_versions()
    raise StudyError(
        f"{shown}: expected a database of studies with Optuna's schema {expected}, found schema "
        f"{found}, made by Optuna {maker}",
        f"Keep a copy, then `optuna storage upgrade --storage {shown}`; or name another with "
        "`storage`."
        if is_older
        else f"Optuna {optuna.__version__} is older than that: update it, or name another with "
        "`storage`.",
    )


def network_file_system(path: Path, mounts: Iterable[tuple[str, str]]) -> str | None:
    """Name the kind of network file system that a path is on; None for a local one.

    SQLite's log needs shared memory, which two machines do not have (sqlite.org/wal.html).

    Args:
        path: need not exist.
        mounts: folder and kind of each file system.
    """
    resolved = path.resolve()
    holding = [(folder, kind) for folder, kind in mounts if resolved.is_relative_to(folder)]
    # A later mount hides an earlier one on the same folder.
    _, kind = max(reversed(holding), key=lambda mount: len(mount[0]), default=("", ""))
    return kind if kind in _NETWORK_FILE_SYSTEMS else None


@contextmanager
def database_errors(url: str, message: str) -> Iterator[None]:
    """Raise an error of a database as one that the user can mend.

    Args:
        url: the address, which is shown without its password.
        message: what could not be done, with {} for the error's text.

    Raises:
        StudyError: in place of an error of SQLAlchemy, of a missing driver or of Optuna's storage.
    """
    try:
        yield
    except (SQLAlchemyError, StorageInternalError, ImportError, OSError, ValueError) as error:
        cause = error.__cause__ if isinstance(error, StorageInternalError) else None
        lines = str(cause or error).strip().splitlines()
        complaint = lines[0] if lines else type(cause or error).__name__
        is_damaged = "malformed" in complaint or "not a database" in complaint
        raise StudyError(
            f"{without_password(url)}: {message.format(complaint)}",
            "The file is damaged: restore a copy of it, or name another with `storage`."
            if is_damaged
            else ELSEWHERE,
        ) from error


@contextmanager
def study_errors(url: str) -> Iterator[None]:
    """Raise an error of an open database as one that the user can mend.

    Raises:
        StudyError: in place of an error of SQLAlchemy or of Optuna's storage, and of no other.
    """
    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        with database_errors(url, "could not be used: {}"):
            raise error


def without_password(url: str) -> str:
    """Hide the password of an address, so that it can be shown."""
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return url


def _has_content(path: Path, shown: str) -> bool:
    """Tell whether an SQLite file has content; False where there is no file, or an empty one.

    Raises:
        StudyError: the file cannot be opened, or is no database of SQLite.
    """
    kind = network_file_system(
        path, ((mount.mountpoint, mount.fstype) for mount in psutil.disk_partitions(all=True))
    )
    if kind is not None:
        raise StudyError(
            f"{shown}: expected SQLite on a local disk, found the network file system {kind}",
            "Work in a local folder, or give a PostgreSQL or MySQL address with `storage`.",
        )
    folder = path.absolute().parent
    if not folder.is_dir():
        raise _refusal(shown, f"no folder {folder}")
    if path.exists() and not path.is_file():
        raise _refusal(shown, "a folder" if path.is_dir() else "no file")
    for place in (folder, path):
        # SQLite keeps its log in the folder.
        if place.exists() and not _is_writable(place):
            raise _refusal(shown, f"{place}, which cannot be written")
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not header.startswith(_MAGIC) or len(header) < _HEADER_SIZE:
        raise _refusal(shown, "a file that is not a database of SQLite")
    _check_length(path, header, shown)
    return True


def _check_length(path: Path, header: bytes, shown: str) -> None:
    """Refuse a truncated file. With a log beside it the length of the file says nothing.

    The header is described in sqlite.org/fileformat2.html, section 1.3.
    """
    page_size, n_pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    expected = (65536 if page_size == 1 else page_size) * n_pages
    size = path.stat().st_size
    if size < expected and not Path(f"{path}-wal").exists():
        raise StudyError(
            f"{shown}: expected a database of studies of {expected:,} bytes, found {size:,}",
            "The file is truncated: restore a copy of it, or name another with `storage`.",
        )


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open an SQLite file so that nothing is written into it or beside it."""
    with path.open("rb") as file:
        is_logged = file.read(_HEADER_SIZE)[_LOG_BYTE] == 2
    # Reading a database with a log leaves two files beside it (SQLite 3.45, tried) unless it is
    # declared immutable. While there is no log file no process has it open, and it is immutable.
    is_open = not is_logged or Path(f"{path}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'' if is_open else '&immutable=1'}"
    return sqlite3.connect(address, uri=True)


def _has_tables(engine: sqlalchemy.Engine, shown: str) -> bool:
    with engine.connect() as connection:
        tables = set(sqlalchemy.inspect(connection).get_table_names())
        if tables >= _ESSENTIAL:
            _check_versioned(connection, tables, shown)
            return True
        if tables:
            _check_half_made(connection, tables, shown)
    return False


def _check_versioned(connection: sqlalchemy.Connection, tables: set[str], shown: str) -> None:
    """Refuse tables from before revisions, which Optuna would change before it refuses them."""
    if "alembic_version" not in tables:
        schema = connection.scalar(sqlalchemy.text("SELECT schema_version FROM version_info"))
        if schema not in (None, _LAST_UNVERSIONED):
            raise _refusal(shown, f"tables of an Optuna from before 0.9 (schema {schema})")


def _check_half_made(connection: sqlalchemy.Connection, tables: set[str], shown: str) -> None:
    """Refuse tables that are not Optuna's. Another process may be making Optuna's right now."""
    blank = RDBStorage("sqlite:///:memory:")
    with closing(blank.engine.raw_connection()):
        foreign = sorted(tables - set(sqlalchemy.inspect(blank.engine).get_table_names()))
        known = blank.get_all_versions()
    blank.engine.dispose()
    if not foreign and "alembic_version" in tables:
        found = connection.scalars(sqlalchemy.text("SELECT version_num FROM alembic_version"))
        foreign = [f"alembic_version ({revision})" for revision in found if revision not in known]
    if foreign:
        more = f" and {len(foreign) - _N_SHOWN} more" if len(foreign) > _N_SHOWN else ""
        listed = f"{', '.join(foreign[:_N_SHOWN])}{more}"
        raise _refusal(shown, f"the database of another program, with the tables {listed}")


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refusal(shown: str, found: str) -> StudyError:
    return StudyError(f"{shown}: expected a database of studies, found {found}", ELSEWHERE)
