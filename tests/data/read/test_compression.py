"""Opening files: compression is recognised by content; what is no regular file is refused."""

import bz2
import gzip
import io
import lzma
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from search.data.corpus import open_corpus
from tests.data.read.written import TEXTS, delimit, refuse, write

CSV = delimit()


def pack(members: dict[str, str | bytes]) -> bytes:
    """Make a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


COMPRESSED = {
    "gzip": gzip.compress(CSV.encode()),
    "bzip2": bz2.compress(CSV.encode()),
    "xz": lzma.compress(CSV.encode()),
    "zip": pack({"films.csv": CSV}),
}


@pytest.mark.parametrize("suffix", [".csv.gz", ".zip", ".csv", ""])
@pytest.mark.parametrize("content", COMPRESSED.values(), ids=COMPRESSED)
def test_compression_is_recognised_under_every_name(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    assert open_corpus(write(tmp_path / f"a{suffix}", content)).texts == TEXTS


def test_plain_file_that_is_called_compressed_is_read(tmp_path: Path) -> None:
    assert open_corpus(write(tmp_path / "a.csv.gz", CSV)).texts == TEXTS


def test_folders_and_what_macos_adds_to_a_zip_file_are_ignored(tmp_path: Path) -> None:
    content = pack({"films/": "", "films/a.csv": CSV, "__MACOSX/films/._a.csv": b"\0\1\2"})
    assert open_corpus(write(tmp_path / "a.zip", content)).texts == TEXTS


def test_zip_file_with_several_files_is_refused_with_their_names(tmp_path: Path) -> None:
    error = refuse(write(tmp_path / "a.zip", pack({"train.csv": CSV, "test.csv": CSV})))
    assert "train.csv" in error.message
    assert "test.csv" in error.message


def patch_zip(content: bytes, local_offset: int, central_offset: int, value: int) -> bytes:
    """Change a byte of the member's header, which stands in two places."""
    patched = bytearray(content)
    patched[local_offset] |= value
    patched[patched.find(b"PK\x01\x02") + central_offset] |= value
    return bytes(patched)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (patch_zip(COMPRESSED["zip"], 6, 8, 1), "password"),
        # Windows writes Deflate64, which is method 9 and which zipfile does not know.
        (patch_zip(COMPRESSED["zip"], 8, 10, 1), "compress"),
        (pack({"__MACOSX/._a.csv": "x"}), "none"),
    ],
    ids=["password", "unknown method", "no file"],
)
def test_zip_file_that_cannot_be_unpacked_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert expected in refuse(write(tmp_path / "a.zip", content)).message


@pytest.mark.parametrize("content", COMPRESSED.values(), ids=COMPRESSED)
def test_compressed_file_that_is_cut_off_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "damaged" in refuse(write(tmp_path / "a", content[:-12])).message


@pytest.mark.parametrize("content", COMPRESSED.values(), ids=COMPRESSED)
def test_compressed_file_with_a_wrong_byte_is_refused(tmp_path: Path, content: bytes) -> None:
    middle = len(content) // 2
    changed = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    error = refuse(write(tmp_path / "a", changed))
    assert "damaged" in error.message
    assert "permission" not in error.hint


def open_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (os.mkfifo, "pipe"),
        (open_socket, "socket"),
        (lambda path: path.symlink_to("/dev/null"), "device"),
        (lambda path: path.symlink_to(path.name), "symbolic links"),
        (Path.mkdir, "folder"),
        (lambda path: path.symlink_to("nowhere"), "nothing there"),
    ],
    ids=["pipe", "socket", "device", "link in a circle", "folder", "link to nothing"],
)
def test_what_is_no_regular_file_is_refused_at_once(
    make: Callable[[Path], object], expected: str
) -> None:
    # The path of a socket has 107 bytes at most: pytest's folders may be longer.
    with TemporaryDirectory() as folder:
        make(Path(folder, "a"))
        assert expected in refuse(Path(folder, "a")).message
