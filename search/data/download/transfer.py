"""Bring the bytes at an address into a file, going on where the file ends.

Owns HTTP: what is asked, what the answers mean, and the wording of what goes wrong on the way.
Knows no sums and no cache.
"""

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ...errors import DataError
from .cache import unwritable

TIMEOUT_SECONDS = 30
"""For the connection, and for each wait for further bytes."""
MAX_BYTES = 1 << 28
"""The largest of the files has 18 MB; a server that never ends must not fill the disk."""

_CHUNK = 1 << 16
_RANGE_PAST_END = 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

Told = Callable[[int, int | None], None]
"""Told bytes there and bytes in all, None where the server does not say how many."""


def transfer(address: str, part: Path, told: Told) -> None:
    """Fetch what is missing of `part`, from its end on; all of it where the server cannot.

    `told` is called once before the first byte and after each chunk. Whatever ends the transfer
    early, an interruption too, leaves in `part` what has come.

    Raises:
        DataError: no connection, an answer other than the file, a connection that ends early, or
            nothing can be written.
    """
    n_there = part.stat().st_size if part.exists() else 0
    try:
        with _ask(address, n_there) as response:
            n_kept, n_bytes = _place_of(response, n_there)
            _copy(response, part, n_kept, n_bytes, told)
    except urllib.error.HTTPError as error:
        with error:
            raise DataError(
                f"expected the file at {address}, found HTTP status {error.code} {error.reason}"
            ) from error
    except urllib.error.URLError as error:
        raise DataError(
            f"expected the file at {address}, found no connection: {error.reason}"
        ) from error
    except (http.client.HTTPException, ValueError, OSError) as error:
        # Not the disk: that is worded where it is written. ValueError: a malformed address.
        found = str(error) or type(error).__name__
        raise DataError(f"expected the file at {address}, found: {found}") from error


def _ask(address: str, n_there: int) -> http.client.HTTPResponse:
    """Ask for the bytes from `n_there` on; for all where there are no such."""
    headers = {"User-Agent": "genre-search", "Accept-Encoding": "identity"}
    if n_there:
        headers["Range"] = f"bytes={n_there}-"
    request = urllib.request.Request(address, headers=headers)
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(
            request, timeout=TIMEOUT_SECONDS
        )
    except urllib.error.HTTPError as error:
        if error.code != _RANGE_PAST_END or not n_there:
            raise
        error.close()
        return _ask(address, 0)
    return response


def _place_of(response: http.client.HTTPResponse, n_there: int) -> tuple[int, int | None]:
    """Answer how many bytes of the part stay, and how many the file has in all."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != n_there:
            raise http.client.HTTPException(f"other bytes than those from {n_there:,} on")
        return n_there, None if found[2] == "*" else int(found[2])
    length = response.headers.get("Content-Length")
    return 0, None if length is None else int(length)


def _copy(
    response: http.client.HTTPResponse, part: Path, n_kept: int, n_bytes: int | None, told: Told
) -> None:
    """Write what comes behind the first `n_kept` bytes of the part."""
    n_done = n_kept
    told(n_done, n_bytes)
    _write(part, b"", is_new=not n_kept)
    while chunk := response.read(_CHUNK):
        n_done += len(chunk)
        if n_done > MAX_BYTES:
            raise http.client.HTTPException(f"more than {MAX_BYTES:,} bytes")
        _write(part, chunk)
        told(n_done, n_bytes)
    # http.client tells by no error that a connection ended early, where it is read in chunks.
    if n_bytes is not None and n_done != n_bytes:
        raise http.client.HTTPException(
            f"the connection ended after {n_done:,} of {n_bytes:,} bytes"
        )


def _write(part: Path, chunk: bytes, *, is_new: bool = False) -> None:
    # Opened for each chunk: nothing waits in a buffer when the process is killed.
    try:
        with part.open("wb" if is_new else "ab") as stream:
            stream.write(chunk)
    except OSError as error:
        raise unwritable(part, error) from error
