"""Rebuild NumPy's array of lists from a pickle that nobody vouches for.

Owns what of a pickle is believed. A pickle may run any code, and a small one may fill the memory:
so its steps are looked through before the first is taken, against a list of those that lists of
numbers need and a count of them; and no function is called that it names, not even NumPy's own:
what it asks for is replaced by values that only hold what they are given. Knows no file.
"""

import io
import pickle
import re

from ..errors import DataError

HINT = "Fetch the archive again, from a source that you trust."
"""What to do about an archive that is broken or hostile."""

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

# The opcodes are those of pickletools. BININT1, BININT2, BININT, and LONG1 of at most 4 bytes, as
# Python 2 wrote its long integers.
_NUMBER = rb"(?:K.|M..|J.{4}|\x8a(?:\x01.|\x02..|\x03.{3}|\x04.{4}))"
# Numbers put into a list at once (MARK ... APPENDS), or numbers alone. Possessive: a run of
# millions would fill the memory with places to go back to.
_NUMBERS = re.compile(rb"\(%b++e|%b++" % (_NUMBER, _NUMBER), re.DOTALL)
_STEP = re.compile(
    # EMPTY_LIST, EMPTY_TUPLE, MARK, APPEND, APPENDS, TUPLE, REDUCE, BUILD, NONE, TUPLE1 to
    # TUPLE3, NEWTRUE, NEWFALSE, STACK_GLOBAL, MEMOIZE
    rb"[\])(aetRbN\x85-\x89\x93\x94]"
    # PROTO, BINPUT, BINGET; LONG_BINGET; BINFLOAT, FRAME; GLOBAL
    rb"|[\x80qh].|j.{4}|[G\x95].{8}|c[^\n]*\n[^\n]*\n"
    rb"|r(?P<memo>.{4})"
    # SHORT_BINSTRING (Python 2), SHORT_BINBYTES, SHORT_BINUNICODE, LONG1; the long ones of these
    rb"|[UC\x8c\x8a](?P<short>.)|[TBX](?P<long>.{4})",
    re.DOTALL,
)
_STOP = b"."


class PickledObject:
    """Stands for whatever a pickle calls: takes any arguments, holds the state it is given."""

    __slots__ = ("state",)

    def __init__(self, *_arguments: object) -> None:
        """Hold no state yet."""
        self.state: object = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    """Rebuilds plain values; knows no function."""

    def find_class(self, module: str, name: str) -> type[PickledObject]:
        if (module, name) in _NEEDED:
            return PickledObject
        asked = f"{module}.{name}"
        raise DataError(
            f"expected lists of whole numbers, found a pickle that asks for {asked:.80}, "
            "which may run code; it was not run",
            HINT,
        )


def rebuild_lists(pickled: bytes, n_entries: int) -> list[list[object]]:
    """Rebuild the lists of a pickled array of `n_entries` lists.

    What the lists hold may be anything: other values, such as lists, PickledObjects or strings,
    are bounded in number only.

    Raises:
        DataError: it is broken, holds something else, asks for code, or does more than an array
            of so many lists of whole numbers needs.
    """
    _check_steps(pickled, n_entries)
    try:
        array = _Unpickler(io.BytesIO(pickled)).load()
    except _BROKEN as error:
        raise _broken(str(error) or type(error).__name__) from error
    # The state of an array of objects: version, shape, dtype, order, and the objects as a list.
    state = array.state if isinstance(array, PickledObject) else None
    entries = state[-1] if isinstance(state, tuple) and len(state) == 5 else None
    if not isinstance(entries, list) or len(entries) != n_entries:
        raise DataError("expected an array of lists, found another pickle", HINT)
    for place, entry in enumerate(entries):
        if not isinstance(entry, list):
            is_array = isinstance(entry, PickledObject)
            found = "an array" if is_array else f"a value of type {type(entry).__name__}"
            raise DataError(f"expected lists, found {found} at {place:,}")
    return entries


def _check_steps(pickled: bytes, n_entries: int) -> None:
    """Go through the steps without taking one; whole numbers are not counted.

    Raises:
        DataError: one is unknown here, or there are too many.
    """
    # A list takes 2 to 4 steps, the array some 40. The limit is also that of the memo, which
    # pickle makes as long as the highest place that is named (LONG_BINPUT), were it the only one.
    n_most = 8 * n_entries + 100
    place = n_steps = n_lists = 0
    while not pickled.startswith(_STOP, place):
        if numbers := _NUMBERS.match(pickled, place):
            place = numbers.end()
            continue
        step = _STEP.match(pickled, place)
        if step is None:
            raise _unknown(pickled, place)
        n_steps += 1
        n_lists += step[0] == b"]"
        if n_steps > n_most or n_lists > n_entries + 1 or _little(step["memo"]) > n_most:
            raise DataError(
                f"expected an array of {n_entries:,} lists of whole numbers, found a pickle of "
                f"more than that: lists in lists, texts or arrays (byte {place:,})",
                HINT,
            )
        place = step.end() + _little(step["short"] or step["long"])


def _little(number: bytes | None) -> int:
    """Answer the number of these bytes, the lowest first; 0 of none."""
    return int.from_bytes(number or b"", "little")


def _unknown(pickled: bytes, place: int) -> DataError:
    if place >= len(pickled):
        return _broken("it ends early")
    return _broken(f"{pickled[place]:#04x} at byte {place:,} is no step of such an array")


def _broken(found: str) -> DataError:
    return DataError(f"expected an array of lists, found a broken one ({found:.80})", HINT)
