"""Fetch a file once and keep it.

Owns the order of the steps, and what a user is to do when one of them fails.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import DataError
from .cache import cache_folder, claim_part, is_whole, sum_of, unwritable
from .files import MIRROR_VARIABLE, RemoteFile
from .transfer import transfer

Progress = Callable[[str, int, int | None], None]
"""Told a file's name, bytes there, and bytes in all (None where the server does not say)."""


def fetch(
    file: RemoteFile, progress: Progress | None = None, *, others: Sequence[RemoteFile] = ()
) -> Path:
    """Answer where the file is in the cache folder, fetched if it is not there whole.

    The sum is checked each time, so a file that was cut off or changed is fetched again. What
    came of a transfer that ended early is kept as NAME.part, and the next call goes on with it.
    Several processes may fetch at once.

    Args:
        file: what to fetch, from its home or from the mirror of GENRE_SEARCH_MIRROR.
        progress: told before the first byte and after each chunk; of a file that is there, never.
        others: what will be fetched next; an error names those that are not there either, so
            that whoever puts files there by hand learns of all at once.

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
            _complete(part, path, file, progress, others=others)
    return path


def _complete(
    part: Path,
    path: Path,
    file: RemoteFile,
    progress: Progress | None,
    *,
    others: Sequence[RemoteFile],
) -> None:
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
            hint = error.hint or goes_on + _hint(path.parent, file, others)
            raise DataError(f"{file.name}: {error.message}", hint) from error
        found = sum_of(part, file.algorithm)
        if found != file.digest:
            part.unlink(missing_ok=True)
            hint = f"The same command fetches it anew. {_hint(path.parent, file, others)}"
            raise _wrong_sum(file, found, address, hint)
    try:
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def _wrong_sum(file: RemoteFile, found: str | None, address: str, hint: str) -> DataError:
    return DataError(
        f"{file.name}: expected the {file.algorithm.upper()} sum {file.digest}, found {found} in "
        f"what {address} handed out; it was removed",
        hint,
    )


def _hint(folder: Path, file: RemoteFile, others: Sequence[RemoteFile]) -> str:
    """Say where this file goes, and those of the others that are not there whole."""
    missing = [file, *(other for other in others if not is_whole(folder / other.name, other))]
    names = ", ".join(file.name for file in missing)
    there = ", ".join(file.name for file in missing if (folder / file.name).exists())
    damaged = f" (what lies there now as {there} has another sum)" if there else ""
    is_one = len(missing) == 1
    place = f"it at {folder / file.name}" if is_one else f"them into {folder}"
    return (
        f"Fetch {names} elsewhere and put {place}{damaged}, or give the address of a folder that "
        f"has {'it' if is_one else 'them'} in {MIRROR_VARIABLE}."
    )
