"""The folder that fetched files are kept in.

Owns where it is, when a file in it is whole, and which process may write to a part of one. Knows
no network.
"""

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from ...errors import DataError
from .files import RemoteFile

CACHE_VARIABLE = "GENRE_SEARCH_CACHE"
"""Environment variable: the folder, where it is not to be the platform's cache folder."""


def cache_folder() -> Path:
    """Answer the folder; it need not exist."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_cache_path("genre-search", appauthor=False)


def sum_of(path: Path, algorithm: str) -> str | None:
    """Sum a file up, in lower case hexadecimal; None where there is none.

    Raises:
        DataError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            # For damage, not for secrets: some systems forbid MD5 unless that is said.
            return hashlib.file_digest(
                stream, lambda: hashlib.new(algorithm, usedforsecurity=False)
            ).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"{path}: expected a readable file, found: {error.strerror or error}"
        raise DataError(
            message, f"Remove it, or name another folder in {CACHE_VARIABLE}."
        ) from error


def is_whole(path: Path, file: RemoteFile) -> bool:
    """Whether `path` holds the file, as far as its sum tells.

    Raises:
        DataError: it cannot be read.
    """
    return sum_of(path, file.algorithm) == file.digest


@contextmanager
def claim_part(path: Path) -> Iterator[Path]:
    """Make the folder of `path`, and answer the file to write to until it is renamed to `path`.

    That is NAME.part, which stays for a later call to go on with, for one process at a time. Any
    other meanwhile, and all where the file system has no locks, get one of their own, which goes
    when they end: they fetch the same bytes, and the last to rename changes nothing.

    Raises:
        DataError: the folder cannot be written.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    try:
        if _is_locked_by_us(descriptor) and _is_at(lock, descriptor):
            try:
                yield path.with_name(f"{path.name}.part")
            finally:
                # While it is held: whoever opened it before finds by `_is_at` that it is gone, so
                # no two hold what is at its path. Where there are no locks it stays: nothing
                # tells whether another uses it. It is empty and in nobody's way.
                with suppress(OSError):
                    lock.unlink()
            return
        own = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
        try:
            yield own
        finally:
            own.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def unwritable(path: Path, error: OSError) -> DataError:
    """Word that nothing can be written at `path`."""
    return DataError(
        f"{path}: expected a place that can be written, found: {error.strerror or error}",
        f"Mend that, or name another cache folder in {CACHE_VARIABLE}.",
    )


def _is_locked_by_us(descriptor: int) -> bool:
    """Take the lock, which the system takes back when the process ends, however it ends."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        # Another holds it, or the file system (some of a network) has none.
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one at `path`, not one that another process removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
