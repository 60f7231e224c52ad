"""Read arrays out of an .npz archive that nobody vouches for.

Owns the format of .npz and .npy and the limits within which it is believed. NumPy keeps an array
of lists as a pickle, and a pickle may run any code; here no function is called that it names, not
even NumPy's own: what it asks for is replaced by values that only hold what they are given.
"""

import io
import pickle
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import DataError

MAX_MEMBER_BYTES = 1 << 28
"""A quarter of a GiB, uncompressed; the largest array of Keras's imdb.npz has some 15 MB."""
MAX_ENTRIES = 1_000_000
"""Of an array; imdb.npz has 25,000."""

# What rebuilding an array of lists asks for, in pickles of NumPy 1 and 2 and of protocols 2 to 5
# (keras/src/datasets/npz_utils.py 3.15 found no other in imdb.npz; protocol 2 writes bytes so).
_NEEDED = frozenset(
    {
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("_codecs", "encode"),
    }
)
# What the documentation of pickle says that a broken one raises, and what was met.
_BROKEN = (
    *(pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError),
    *(MemoryError, OverflowError, RecursionError, TypeError, ValueError),
)
_HINT = "Fetch the archive again, from a source that you trust."


class _StandIn:
    """Stands for whatever a pickle calls: takes any arguments, holds the state it is given."""

    __slots__ = ("state",)

    def __init__(self, *_arguments: object) -> None:
        self.state: object = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    """Rebuilds plain values; knows no function."""

    def find_class(self, module: str, name: str) -> type[_StandIn]:
        if (module, name) in _NEEDED:
            return _StandIn
        raise DataError(
            f"expected lists of whole numbers, found a pickle that asks for {module}.{name}, "
            "which may run code; it was not run",
            _HINT,
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
    # RuntimeError: an encrypted member; NotImplementedError: an unknown compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise DataError(
            f"expected an .npz archive, found something else ({error})", _HINT
        ) from error
    except OSError as error:
        message = f"expected a readable file, found: {error.strerror or error}"
        raise DataError(message, "Check the file and its permissions.") from error


def read_lists(content: bytes) -> list[list[object]]:
    """Read an array of lists out of a .npy file. What the lists hold is not looked at.

    Raises:
        DataError: it holds something else, a pickle that asks for code among it.
    """
    stream, n_entries, dtype = _open_array(content)
    if dtype != np.dtype(object):
        raise DataError(f"expected an array of lists, found numbers ({dtype})")
    try:
        array = _Unpickler(stream).load()
    except _BROKEN as error:
        raise DataError(
            f"expected an array of lists, found a broken one ({error})", _HINT
        ) from error
    # The state of an array of objects: version, shape, dtype, order, and the objects as a list.
    state = array.state if isinstance(array, _StandIn) else None
    entries = state[-1] if isinstance(state, tuple) and len(state) == 5 else None
    if not isinstance(entries, list) or len(entries) != n_entries:
        raise DataError("expected an array of lists, found another pickle", _HINT)
    for place, entry in enumerate(entries):
        if not isinstance(entry, list):
            found = "an array" if isinstance(entry, _StandIn) else f"a {type(entry).__name__}"
            raise DataError(f"expected lists, found {found} at {place:,}")
    return entries


def read_integers(content: bytes) -> npt.NDArray[np.int64]:
    """Read an array of whole numbers out of a .npy file: int64, (n,).

    Raises:
        DataError: it holds something else.
    """
    stream, n_entries, dtype = _open_array(content)
    if dtype.kind not in "iub":
        raise DataError(f"expected whole numbers, found {dtype}")
    try:
        return np.frombuffer(stream.read(), dtype=dtype, count=n_entries).astype(np.int64)
    except ValueError as error:
        raise DataError(f"expected {n_entries:,} numbers, found fewer", _HINT) from error


def _open_array(content: bytes) -> tuple[io.BytesIO, int, np.dtype[np.generic]]:
    """Read the head of a .npy file: the rest of it, the number of entries, and what they are."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        # Version 3 differs from 2 in the encoding of field names, which these arrays have none of.
        read_head = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read_head(stream)
    except ValueError as error:
        raise DataError(f"expected an array, found something else ({error})", _HINT) from error
    if len(shape) != 1 or not 0 < shape[0] <= MAX_ENTRIES:
        raise DataError(
            f"expected one dimension of 1 to {MAX_ENTRIES:,} entries, found the shape {shape}"
        )
    return stream, shape[0], dtype


def _check_size(name: str, n_bytes: int) -> None:
    if n_bytes > MAX_MEMBER_BYTES:
        raise DataError(
            f"{name}: expected at most {MAX_MEMBER_BYTES:,} bytes, found {n_bytes:,}", _HINT
        )
