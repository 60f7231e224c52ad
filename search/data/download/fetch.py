"""Fetch a file once and keep it.

Owns the order of the steps, and what a user is to do when one of them fails.
"""

from collections.abc import Callable
from pathlib import Path

from ...errors import DataError
from .cache import cache_folder, claim_part, is_whole, sum_of, unwritable
from .files import MIRROR_VARIABLE, RemoteFile
from .transfer import transfer

Progress = Callable[[str, int, int | None], None]
"""Told a file's name, bytes there, and bytes in all (None where the server does not say)."""


def fetch(file: RemoteFile, progress: Progress | None = None) -> Path:
    """Answer where the file is in the cache folder, fetched if it is not there whole.

    The sum is checked each time, so a file that was cut off or changed is fetched again. What
    came of a transfer that ended early is kept as NAME.part, and the next call goes on with it.
    Several processes may fetch at once.

    Args:
        file: what to fetch, from its home or from the mirror of GENRE_SEARCH_MIRROR.
        progress: told before the first byte and after each chunk; of a file that is there, never.

    Raises:
        DataError: there is no network, no such file at the address, no room, or another content
            than the sum says.
    """
    path = cache_folder() / file.name
    if is_whole(path, file):
        return path
    with claim_part(path) as part:
        # The process that held the part before may have brought the file home.
        if not is_whole(path, file):
            _complete(part, path, file, progress)
    return path


def _complete(part: Path, path: Path, file: RemoteFile, progress: Progress | None) -> None:
    """Fill the part up and make it the file.

    Raises:
        DataError: as `fetch`.
    """

    def told(n_done: int, n_bytes: int | None) -> None:
        if progress is not None:
            progress(file.name, n_done, n_bytes)

    address = file.address
    if not is_whole(part, file):
        try:
            transfer(address, part, told)
        except DataError as error:
            has_come = part.exists() and part.stat().st_size > 0
            goes_on = "The same command goes on with what has come. " if has_come else ""
            hint = error.hint or goes_on + _hint(path, file)
            raise DataError(f"{file.name}: {error.message}", hint) from error
        _check_sum(part, path, file, address)
    try:
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def _check_sum(part: Path, path: Path, file: RemoteFile, address: str) -> None:
    """Remove a part that is not the file.

    Raises:
        DataError: it is not.
    """
    found = sum_of(part, file.algorithm)
    if found != file.digest:
        part.unlink(missing_ok=True)
        kind = file.algorithm.upper()
        raise DataError(
            f"{file.name}: expected the {kind} sum {file.digest}, found {found} in what "
            f"{address} handed out; it was removed",
            f"The same command fetches it anew. {_hint(path, file)}",
        )


def _hint(path: Path, file: RemoteFile) -> str:
    damaged = (
        f" (what lies there now has another {file.algorithm.upper()} sum)" if path.exists() else ""
    )
    return (
        f"Fetch {file.name} elsewhere and put it at {path}{damaged}, or give the address of a "
        f"folder that has it in {MIRROR_VARIABLE}."
    )
