"""Open a file as a stream of bytes, whatever it is compressed with.

Owns what may be opened at all and how compression is recognised: by the first bytes, not by the
name. Knows no table and no text.
"""

import bz2
import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ...errors import DataError

SUFFIXES = (".gz", ".bz2", ".xz", ".zip")
"""What files of these kinds are usually called; it does not decide how one is opened."""
_ZIP_MARK = b"PK\x03\x04"
_READERS: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_DAMAGES = (
    *(EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
    # A zip file may be compressed in ways that Python does not know.
    NotImplementedError,
)
_WORKBOOK_PART = "[Content_Types].xml"
"""What every workbook of Excel holds, which is a zip file too."""


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open the content of a file, decompressed; it can be read again from any place.

    gzip, bzip2, xz and zip files with one member are opened; a workbook comes as it is.

    Raises:
        DataError: the file is no regular one, or its compression is damaged, also where the block
            meets the damage.
        OSError: it cannot be opened.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        raise DataError(
            f"expected a regular file, found {kinds.get(stat.S_IFMT(mode), 'a device')}",
            "Write what it gives into a file first.",
        )
    try:
        with _open_stream(path) as stream:
            yield stream
    except (*_DAMAGES, OSError) as error:
        # bz2 raises an OSError without a number for damaged content.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DataError(
            "expected a compressed file that can be unpacked, but it is damaged or of an unknown "
            f"kind ({error})",
            "Download the file again, or unpack it with another program.",
        ) from error


@contextmanager
def _open_stream(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        mark = file.read(6)
    if mark.startswith(_ZIP_MARK):
        with zipfile.ZipFile(path) as archive:
            member = _find_member(archive)
            with path.open("rb") if member is None else archive.open(member) as stream:
                yield stream
        return
    read = next((how for sign, how in _READERS.items() if mark.startswith(sign)), None)
    with path.open("rb") if read is None else read(path) as stream:
        yield stream


def _find_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """Find the one file in an archive; None for a workbook, which is read as a whole.

    Raises:
        DataError: there are several or none, they are NumPy's arrays, or one needs a password.
    """
    names = archive.namelist()
    if _WORKBOOK_PART in names:
        return None
    # macOS puts a folder of its own beside what it packs.
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if names and all(name.endswith(".npy") for name in names):
        raise DataError(
            "expected a table, found arrays of NumPy (.npz)",
            "Write texts and labels as CSV, JSON lines or Parquet; the reviews that Keras "
            "distributes are the named corpus imdb.",
        )
    if len(members) != 1:
        listed = ", ".join(member.filename for member in members[:5]) or "none"
        raise DataError(
            f"expected one file in the zip file, found {len(members)}: {listed}",
            "Unpack it, and name one of the files.",
        )
    if members[0].flag_bits & 1:
        raise DataError("expected a zip file without a password", "Unpack the file first.")
    return members[0]
