"""Arrays of an archive that nobody vouches for: read if they are plain, refused if not."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.data.archive import MAX_MEMBER_BYTES, read_integers, read_lists, read_members
from search.errors import DataError
from tests.reviews import lists


def npy(array: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), allow_pickle=True)
    return stream.getvalue()


def headed(head: bytes, values: bytes = b"") -> bytes:
    """Write a head before values, whatever it says: version 1 of the format."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + values


def with_shape(shape: str, descr: str = "|O") -> bytes:
    return headed(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode())


def test_lists_come_back() -> None:
    assert read_lists(npy(lists([1, 2, 70_000], [3], []))) == [[1, 2, 70_000], [3], []]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no array", "expected an array, found something else"),
        (npy(np.zeros((2, 3), dtype=object)), r"found the shape \(2, 3\)"),
        (npy(np.zeros(0, dtype=object)), r"found the shape \(0,\)"),
        (with_shape("(1000000000000,)"), r"1 to 250,000 .*found the shape \(1000000000000,\)"),
        (with_shape("()"), r"found the shape \(\)"),
        (npy([1, 2]), r"expected an array of lists, found numbers \(int64\)"),
    ],
)
def test_array_of_another_form_is_no_array_of_lists(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_lists(content)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{'descr': (",
        b"{'descr': " + b"(" * 5_000,
        b"{'descr': " + b"-" * 9_000 + b"1}",
        b"{'descr': {[]: 1}, 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': ('<i8',), 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<i3', 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<i8', 'fortran_order': False, 'shape': (0x" + b"f" * 8_000 + b",), }",
        b"{'descr': '<i8', 'fortran_order': False, 'shape': (" + b"9" * 8_000 + b",), }",
        b"{'descr': '<i8', 'fortran_order': False, 'shape': (-1,), }",
        b"{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }" + b" " * 2_000,
        b"\xff\x00",
    ],
    ids=lambda head: repr(head[:40]),
)
@pytest.mark.parametrize("read", [read_lists, read_integers])
def test_head_that_no_numpy_writes_is_refused(read: Callable[[bytes], object], head: bytes) -> None:
    with pytest.raises(DataError, match=r"expected an array, found something else \(its head is"):
        read(headed(head, b"\x00" * 8))


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"\x93NUMPY\x09\x00v\x00{}"])
def test_unknown_version_or_less_than_a_head_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="expected an array, found something else"):
        read_integers(content)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(version: tuple[int, int]) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([4, 5]), version=version)
    assert read_integers(stream.getvalue()).tolist() == [4, 5]


def test_long_integer_of_python_2_in_the_shape_is_read() -> None:
    assert read_integers(with_shape("(2L,)", "|u1") + b"\x04\x05").tolist() == [4, 5]


@pytest.mark.parametrize("dtype", ["int64", ">i4", "uint8", "bool"])
def test_integers_of_any_width_come_back(dtype: str) -> None:
    assert read_integers(npy(np.array([0, 1, 1], dtype=dtype))).tolist() == [0, 1, 1]


def test_numbers_that_are_not_whole_or_not_there_are_refused() -> None:
    with pytest.raises(DataError, match="expected whole numbers, found float64"):
        read_integers(npy([0.5]))
    with pytest.raises(DataError, match="expected whole numbers, found object"):
        read_integers(npy(lists([1])))
    with pytest.raises(DataError, match="expected 3 numbers, found fewer"):
        read_integers(npy([1, 2, 3])[:-1])


def test_members_come_back_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, x=[1, 2], y=[3], z=[4])
    members = read_members(path, ["y", "x"])
    assert {name: read_integers(content).tolist() for name, content in members.items()} == {
        "y": [3],
        "x": [1, 2],
    }


def test_missing_members_are_told_with_those_found(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, a=[1], b=[2])
    with pytest.raises(DataError, match="expected the arrays x, y, found a, b"):
        read_members(path, ["x", "y"])


def test_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with pytest.raises(DataError, match="found: No such file"):
        read_members(path, ["x"])
    path.write_bytes(b"text")
    with pytest.raises(DataError, match=r"expected an \.npz archive, found something else"):
        read_members(path, ["x"])


def test_member_with_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.full(100, 7))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\x07", b"\x08", 1))
    with pytest.raises(DataError, match=r"found something else \(Bad CRC-32"):
        read_members(path, ["x"])


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_member_with_damaged_compression_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x.npy", npy([1] * 100))
    content = bytearray(path.read_bytes())
    # Behind the 30 bytes of the local head and the name: APPNOTE 4.3.7.
    content[35:60] = b"\xff" * 25
    path.write_bytes(content)
    with pytest.raises(DataError, match="expected"):
        read_members(path, ["x"])


def test_member_with_a_name_in_no_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.npy", b"")
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))
    with pytest.raises(DataError, match=r"expected an \.npz archive, found something else"):
        read_members(path, ["x"])


def test_member_that_unpacks_to_absurd_size_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"small")
    content = bytearray(path.read_bytes())
    # The uncompressed size in the central directory: APPNOTE 4.3.12.
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, MAX_MEMBER_BYTES + 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match="x: expected at most 33,554,432 bytes, found 33,554,433"):
        read_members(path, ["x"])
