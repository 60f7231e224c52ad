"""Download a file once and keep it.

Owns the cache folder, the lock between processes, and what a user is to do when a download fails.
Pooch keeps the order of the steps: a temporary file, the check of its hash, the move into its
place. So a download that was cut off starts again.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pooch
import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import HTTPError, RequestException, Timeout

from ...errors import DataError
from .files import MIRROR_VARIABLE, Progress, RemoteFile

CACHE_VARIABLE = "GENRE_SEARCH_CACHE"
"""Environment variable: the folder, where it is not to be the platform's cache folder."""
TIMEOUT_SECONDS = 30
"""For the connection, and for each wait for further bytes."""
MAX_BYTES = 1 << 28
"""The largest of the files has 18 MB; a server that never ends must not fill the disk."""

_CHUNK = 1 << 16


def find_cache_folder() -> Path:
    """Answer the folder that downloads are kept in; it need not exist."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser().absolute() if named else Path(pooch.os_cache("genre-search"))


def fetch_all(files: Sequence[RemoteFile], progress: Progress | None = None) -> tuple[Path, ...]:
    """Answer where the files are in the cache folder; those that are not there are downloaded.

    The hash is checked each time, so a file that was damaged is downloaded again. Several
    processes may do so at once: one downloads, the others wait for it.

    Args:
        files: what to fetch, from their homes or from the mirror of GENRE_SEARCH_MIRROR.
        progress: called after each chunk; never for a file that is there.

    Raises:
        DataError: there is no network, no such file at the address, no room, or another content
            than the hash says. The hint names all files that are missing, for whoever puts them
            there by hand.
    """
    return tuple(
        _fetch(file, progress, others=files[place:]) for place, file in enumerate(files, start=1)
    )


def _fetch(file: RemoteFile, progress: Progress | None, *, others: Sequence[RemoteFile]) -> Path:
    folder = find_cache_folder()
    path = folder / file.name
    if _is_whole(path, file):
        return path
    # Pooch would log to the terminal what it is about to do.
    pooch.get_logger().setLevel("ERROR")
    with _explaining(file, path, others):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            pooch.retrieve(
                file.address,
                f"{file.algorithm}:{file.digest}",
                fname=file.name,
                path=folder,
                downloader=partial(_download, name=file.name, progress=progress),
            )
    return path


@contextmanager
def _explaining(file: RemoteFile, path: Path, others: Sequence[RemoteFile]) -> Iterator[None]:
    """Turn the errors of a download into DataErrors that say what to do."""
    try:
        yield
    # Errors of requests are OSErrors, some of them ValueErrors too.
    except RequestException as error:
        message = f"{file.name}: expected the file at {file.address}, found {_describe(error)}"
        raise DataError(message, _hint(path.parent, file, others)) from error
    except OSError as error:
        raise DataError(
            f"{path}: expected a place that can be written, found: {error.strerror or error}",
            f"Mend that, or name another cache folder in {CACHE_VARIABLE}.",
        ) from error
    except ValueError as error:
        raise DataError(
            f"{file.name}: expected the {file.algorithm.upper()} hash {file.digest} of what "
            f"{file.address} serves, but: {error}",
            f"The same command downloads it again. {_hint(path.parent, file, others)}",
        ) from error


def _download(
    address: str, target: str, _pooch: object, *, name: str, progress: Progress | None
) -> None:
    """Write what an address serves into a file, and close the connection whatever happens.

    Pooch's own downloader (1.9) leaves it open after an error.

    Raises:
        RequestException: there is no connection, an error instead of the file, or too much.
        OSError: the file cannot be written.
    """
    headers = {"User-Agent": "genre-search", "Accept-Encoding": "identity"}
    n_done = 0
    with (
        requests.get(address, stream=True, timeout=TIMEOUT_SECONDS, headers=headers) as response,
        Path(target).open("wb") as stream,
    ):
        response.raise_for_status()
        n_bytes = int(response.headers.get("Content-Length", 0)) or None
        for chunk in response.iter_content(_CHUNK):
            n_done += stream.write(chunk)
            if n_done > MAX_BYTES:
                raise RequestException(f"more than {MAX_BYTES:,} bytes")
            if progress is not None:
                progress(name, n_done, n_bytes)


def _is_whole(path: Path, file: RemoteFile) -> bool:
    """Whether the file is there with the right hash.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return path.exists() and pooch.file_hash(str(path), file.algorithm) == file.digest
    except OSError as error:
        message = f"{path}: expected a readable file, found: {error.strerror or error}"
        hint = f"Remove it, or name another folder in {CACHE_VARIABLE}."
        raise DataError(message, hint) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock beside a file, which the system releases when the process ends.

    Where there are no locks (Windows, some network file systems), two processes both download, and
    the last to finish replaces a file by an equal one.
    """
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _describe(error: RequestException) -> str:
    if isinstance(error, HTTPError) and error.response is not None:
        return f"HTTP status {error.response.status_code} {error.response.reason}"
    if isinstance(error, NoConnection | Timeout):
        return f"no connection: {error}"
    return str(error) or type(error).__name__


def _hint(folder: Path, file: RemoteFile, others: Sequence[RemoteFile]) -> str:
    """Say where to put this file, and those of the others that are missing or damaged."""
    missing = [file, *(other for other in others if not _is_whole(folder / other.name, other))]
    names = ", ".join(file.name for file in missing)
    there = ", ".join(file.name for file in missing if (folder / file.name).exists())
    damaged = f" (what lies there now as {there} has another hash)" if there else ""
    is_one = len(missing) == 1
    place = f"it at {folder / file.name}" if is_one else f"them into {folder}"
    return (
        f"Download {names} elsewhere and put {place}{damaged}, or give the address of a folder "
        f"that has {'it' if is_one else 'them'} in {MIRROR_VARIABLE}."
    )
