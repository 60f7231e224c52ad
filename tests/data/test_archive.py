"""Arrays of an archive that nobody vouches for: read if they are plain, refused if not."""

import io
import os
import pickle
import struct
import zipfile
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


def npy_of(pickled: bytes, shape: tuple[int, ...]) -> bytes:
    """Write the head of an array of objects before any pickle."""
    stream = io.BytesIO()
    head = {"descr": "|O", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, head)
    return stream.getvalue() + pickled


class Call:
    """Pickled, calls a function with one argument when it is loaded."""

    def __init__(self, function: object, argument: str) -> None:
        self.called = (function, (argument,))

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return self.called


def test_lists_come_back() -> None:
    assert read_lists(npy(lists([1, 2, 70_000], [3], []))) == [[1, 2, 70_000], [3], []]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("module", [b"numpy._core", b"numpy.core"])
def test_lists_come_back_from_every_protocol_and_numpy(protocol: int, module: bytes) -> None:
    pickled = pickle.dumps(lists([1, 2], [3]), protocol=protocol)
    if protocol < 4:
        # From protocol 4 on the length of the name stands before it.
        pickled = pickled.replace(b"numpy._core", module)
    assert read_lists(npy_of(pickled, (2,))) == [[1, 2], [3]]


@pytest.mark.parametrize("is_nested", [True, False])
@pytest.mark.parametrize(
    ("function", "name"), [(os.system, "posix.system"), (eval, "builtins.eval")]
)
def test_pickle_that_runs_code_is_refused_and_does_not_run(
    tmp_path: Path, function: object, name: str, is_nested: bool
) -> None:
    marker = tmp_path / "ran"
    in_python = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    argument = f"touch {marker}" if function is os.system else in_python
    call = Call(function, argument)
    content = npy(lists([1], [call])) if is_nested else npy_of(pickle.dumps(call), (1,))
    with pytest.raises(DataError, match=f"a pickle that asks for {name}, which may run code"):
        read_lists(content)
    assert not marker.exists()
    # The pickle does what it is thought to do.
    pickle.loads(pickle.dumps(call))
    assert marker.exists()


def test_stand_ins_cannot_be_changed_by_a_pickle() -> None:
    # The class is loaded and told a new state, as protocol 2 writes it: c module name, }, b, stop.
    hostile = b"cnumpy\nndarray\n}b."
    with pytest.raises(DataError, match="found a broken one"):
        read_lists(npy_of(hostile, (1,)))
    assert read_lists(npy(lists([1]))) == [[1]]


@pytest.mark.parametrize(
    ("pickled", "message"),
    [
        (b"", "found a broken one"),
        (b"\x80\x04garbage", "found a broken one"),
        (pickle.dumps(lists([1], [2]))[:-5], "found a broken one"),
        (pickle.dumps([[1], [2]]), "found another pickle"),
        (pickle.dumps(lists([1])), "found another pickle"),
        (pickle.dumps(lists([1], "two")), "expected lists, found a str at 1"),
        (pickle.dumps(lists(np.array([1]), [2])), "expected lists, found an array at 0"),
    ],
    ids=["empty", "garbage", "cut off", "no array", "too few", "a string", "an array"],
)
def test_pickle_of_something_else_is_refused(pickled: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_lists(npy_of(pickled, (2,)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no array", "expected an array, found something else"),
        (npy(np.zeros((2, 3), dtype=object)), r"found the shape \(2, 3\)"),
        (npy(np.zeros(0, dtype=object)), r"found the shape \(0,\)"),
        (npy_of(b"", (10**12,)), r"1 to 1,000,000 entries, found the shape \(1000000000000,\)"),
        (npy([1, 2]), r"expected an array of lists, found numbers \(int64\)"),
    ],
)
def test_array_of_another_form_is_no_array_of_lists(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_lists(content)


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


def test_member_that_unpacks_to_absurd_size_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"small")
    content = bytearray(path.read_bytes())
    # The uncompressed size in the central directory: APPNOTE 4.3.12.
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, MAX_MEMBER_BYTES + 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match="x: expected at most 268,435,456 bytes, found 268,435,457"):
        read_members(path, ["x"])
