"""Pickles that nobody vouches for: lists are rebuilt, nothing is run, little memory is taken."""

import os
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from search.data.pickled_lists import rebuild_lists
from search.errors import DataError
from tests.reviews import lists


class Call:
    """Pickled, calls a function with one argument when it is loaded."""

    def __init__(self, function: object, argument: str) -> None:
        self.called = (function, (argument,))

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return self.called


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("module", [b"numpy._core", b"numpy.core"])
def test_lists_come_back_from_every_protocol_and_numpy(protocol: int, module: bytes) -> None:
    pickled = pickle.dumps(lists([1, 2], [3]), protocol=protocol)
    if protocol < 4:
        # From protocol 4 on the length of the name stands before it.
        pickled = pickled.replace(b"numpy._core", module)
    assert rebuild_lists(pickled, 2) == [[1, 2], [3]]


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
    pickled = pickle.dumps(lists([1], [call]) if is_nested else call)
    with pytest.raises(DataError, match=f"a pickle that asks for {name}, which may run code"):
        rebuild_lists(pickled, 2)
    assert not marker.exists()
    # The pickle does what it is thought to do.
    pickle.loads(pickle.dumps(call))
    assert marker.exists()


def test_stand_ins_cannot_be_changed_by_a_pickle() -> None:
    # The class is loaded and told a new state, as protocol 2 writes it: c module name, N, b, stop.
    with pytest.raises(DataError, match="found a broken one"):
        rebuild_lists(b"cnumpy\nndarray\nNb.", 1)
    assert rebuild_lists(pickle.dumps(lists([1])), 1) == [[1]]


def test_lists_that_python_2_wrote_come_back() -> None:
    # By hand, as cPickle of protocol 2 writes np.array([[1, 300], [70000, 5L], []], dtype=object):
    # strings of bytes (U) and long integers (0x8a) are its own.
    pickled = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b"
        b"\x87Rq\x03(K\x01K\x03\x85cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87Rq\x05(K\x03U\x01|NNN"
        b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89]q\x06(]q\x07(K\x01M,\x01e]q\x08(Jp\x11\x01\x00"
        b"\x8a\x01\x05e]q\tetb."
    )
    assert rebuild_lists(pickled, 3) == [[1, 300], [70_000, 5], []]


def test_long_list_of_numbers_of_every_width_comes_back() -> None:
    numbers = [place * 37 % 90_000 for place in range(100_000)]
    assert rebuild_lists(pickle.dumps(lists(numbers)), 1) == [numbers]


@pytest.mark.parametrize(
    ("pickled", "message"),
    [
        (b"", "found a broken one"),
        (b"\x80\x04garbage", r"found a broken one \(0x67 at byte 2 is no step of such an array"),
        (pickle.dumps(lists([1], [2]))[:-5], r"found a broken one \(it ends early"),
        (b"\x80\x02t.", "found a broken one"),
        (pickle.dumps([[1], [2]]), "found another pickle"),
        (pickle.dumps(lists([1])), "found another pickle"),
        (pickle.dumps(lists([1], "two")), "expected lists, found a value of type str at 1"),
        (pickle.dumps(lists(np.array([1]), [2])), "expected lists, found an array at 0"),
    ],
    ids=["empty", "garbage", "cut off", "no mark", "no array", "too few", "a string", "an array"],
)
def test_pickle_of_something_else_is_refused(pickled: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        rebuild_lists(pickled, 2)


@pytest.mark.parametrize(
    "step",
    [b"cnumpy\nndarray\n)\x81.", b"}.", b"I1\n.", b"(d.", b"]2.", b"\x8b\x00\x00\x00\x00."],
    ids=["NEWOBJ", "EMPTY_DICT", "INT", "DICT", "DUP", "LONG4"],
)
def test_step_that_lists_do_not_need_is_refused(step: bytes) -> None:
    with pytest.raises(DataError, match=r"found a broken one \(0x.. at byte \d+ is no step"):
        rebuild_lists(b"\x80\x02" + step, 1)


@pytest.mark.parametrize(
    "pickled",
    [
        b"]" * 1_000_000 + b".",
        b"]" + b"\x94" * 1_000_000 + b".",
        b")" + b"\x85" * 1_000_000 + b".",
        b"]" + b"(" * 1_000_000 + b".",
        # The memo would become as long as two times this place.
        b"]r\xff\xff\xff\x7f.",
        pickle.dumps(lists(*[[[1]]] * 2, [[[2]]])),
    ],
    ids=["lists", "memo", "tuples", "marks", "far place in the memo", "lists in lists"],
)
def test_more_than_the_lists_need_is_refused_before_it_is_loaded(pickled: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="an array of 3 lists of whole numbers, found a pickle"):
            rebuild_lists(pickled, 3)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_bytes_that_are_claimed_and_not_there_are_refused() -> None:
    with pytest.raises(DataError, match="it ends early"):
        rebuild_lists(b"\x80\x04B\xff\xff\xff\x7f.", 1)


def test_list_that_holds_itself_comes_back() -> None:
    own: list[object] = [1]
    own.append(own)
    found = rebuild_lists(pickle.dumps(lists(own)), 1)
    assert found[0][1] is found[0]
