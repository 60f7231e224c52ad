"""Read arrays out of an .npz archive that nobody vouches for.

Owns the format of .npz and .npy and the limits within which it is believed. What NumPy keeps as a
pickle it hands on to `pickled_lists`.
"""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import DataError
from .pickled_lists import HINT, rebuild_lists

MAX_MEMBER_BYTES = 1 << 25
"""Uncompressed, 34 MB. 25,000 reviews of 6 million ranks, as imdb.npz has them, take 14 MB; each
byte can become 13 in memory (a rank of 3 bytes is a number of 32 and a pointer of 8)."""
MAX_ENTRIES = 250_000
"""Of an array; imdb.npz has 25,000."""

_MAX_HEAD = 1_000
_MAGIC = b"\x93NUMPY"
# Of each version of the format: the bytes that hold the length of the head. Version 3 differs from
# 2 in the encoding of field names, which these arrays have none of.
_LENGTH_BYTES = {1: 2, 2: 4, 3: 4}
# As every NumPy writes it; the L is that of Python 2. NumPy's own reader takes any literal
# and raises whatever that raises, a TokenError or RecursionError (numpy/lib/_format_impl.py 2.x).
_HEAD = re.compile(
    r"\{'descr': '([<>|=]?[?biufcSUVOmM]\d{0,4})', 'fortran_order': (?:True|False), "
    r"'shape': \(((?:\d{1,15}L?(?:, ?|(?=\))))*)\),? ?\}\s*"
)
# What zipfile (3.11) raises for a damaged file. RuntimeError: an encrypted member;
# NotImplementedError: an unknown compression; ValueError: a name in no encoding, a wrong offset.
_NO_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(ValueError, OverflowError, RuntimeError, NotImplementedError),
)


def read_members(path: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Read the arrays of these names, as the bytes of their .npy files.

    Raises:
        DataError: `path` cannot be read, is no .npz, lacks one of them, or one is absurdly large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = {member.filename: member for member in archive.infolist()}
            missing = [name for name in names if f"{name}.npy" not in found]
            if missing:
                held = ", ".join(name.removesuffix(".npy") for name in found) or "none"
                raise DataError(
                    f"expected the arrays {', '.join(names)}, found {held[:200]}",
                    "Give an archive as Keras's imdb.npz, or a table (CSV, JSON, Parquet).",
                )
            members = {name: found[f"{name}.npy"] for name in names}
            for name, member in members.items():
                _check_size(name, member.file_size)
            # zipfile never gives more bytes than the size that was checked.
            return {name: archive.read(member) for name, member in members.items()}
    except _NO_ARCHIVE as error:
        raise DataError(
            f"expected an .npz archive, found something else ({error})", HINT
        ) from error
    except OSError as error:
        message = f"expected a readable file, found: {error.strerror or error}"
        raise DataError(message, "Check the file and its permissions.") from error


def read_lists(content: bytes) -> list[list[object]]:
    """Read an array of lists out of a .npy file. What the lists hold is not looked at.

    Raises:
        DataError: it holds something else, a pickle that asks for code among it, or far more than
            so many lists of whole numbers.
    """
    values, n_entries, dtype = _open_array(content)
    if dtype != np.dtype(object):
        raise DataError(f"expected an array of lists, found numbers ({dtype})")
    return rebuild_lists(values, n_entries)


def read_integers(content: bytes) -> npt.NDArray[np.int64]:
    """Read an array of whole numbers out of a .npy file: int64, (n,).

    Raises:
        DataError: it holds something else.
    """
    values, n_entries, dtype = _open_array(content)
    if dtype.kind not in "iub":
        raise DataError(f"expected whole numbers, found {dtype}")
    try:
        return np.frombuffer(values, dtype=dtype, count=n_entries).astype(np.int64)
    except ValueError as error:
        raise DataError(f"expected {n_entries:,} numbers, found fewer", HINT) from error


def _open_array(content: bytes) -> tuple[bytes, int, np.dtype[np.generic]]:
    """Read the head of a .npy file: what comes behind it, the number of entries, their dtype."""
    head, values = _cut_head(content)
    found = _HEAD.fullmatch(head) if len(head) <= _MAX_HEAD else None
    try:
        dtype = np.dtype(found[1]) if found else None
    except TypeError:
        dtype = None
    if found is None or dtype is None:
        raise DataError(
            f"expected an array, found something else (its head is {head[:80]!r})", HINT
        )
    shape = tuple(int(n.rstrip("L")) for n in found[2].replace(",", " ").split())
    if len(shape) != 1 or not 0 < shape[0] <= MAX_ENTRIES:
        raise DataError(
            f"expected one dimension of 1 to {MAX_ENTRIES:,} entries, found the shape {shape!s:.80}"
        )
    return values, shape[0], dtype


def _cut_head(content: bytes) -> tuple[str, bytes]:
    """Answer the head of a .npy file, and what comes behind it."""
    n_length = _LENGTH_BYTES.get(content[6]) if len(content) > 8 else None
    if not content.startswith(_MAGIC) or n_length is None:
        raise DataError(f"expected an array, found something else ({content[:8]!r})", HINT)
    # The magic string, two bytes of version, the length, the head.
    start = 8 + n_length
    end = start + int.from_bytes(content[8:start], "little")
    return content[start:end].decode("latin-1"), content[end:]


def _check_size(name: str, n_bytes: int) -> None:
    if n_bytes > MAX_MEMBER_BYTES:
        raise DataError(
            f"{name}: expected at most {MAX_MEMBER_BYTES:,} bytes, found {n_bytes:,}", HINT
        )
