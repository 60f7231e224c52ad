"""Fast and portable draws for the generator: a stream of 32-bit integers and what is made of it.

Owns every draw that shapes a text. It uses raw integers of PCG64 only, so that a seed gives the
same texts on every machine.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

T = TypeVar("T")

_RANGE: Final = 2**32
_BLOCK: Final = 2**16


class Dice:
    """Draws from a stream of integers, taken from numpy a block at a time."""

    def __init__(self, seed: np.random.SeedSequence) -> None:
        """Start the stream.

        Args:
            seed: fixes every draw.
        """
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._stream: Iterator[int] = iter(())

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, which must not be empty, all equally likely."""
        return options[self._draw() % len(options)]

    def happens(self, probability: float) -> bool:
        """Return whether an event of this probability, in [0, 1], happens."""
        return self._draw() < probability * _RANGE

    def shuffle(self, items: list[T]) -> list[T]:
        """Return the items in a random order, in a new list."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self._draw() % (last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

    def _draw(self) -> int:
        value = next(self._stream, None)
        if value is None:
            block = self._generator.integers(0, _RANGE, size=_BLOCK, dtype=np.uint32)
            self._stream = iter(block.tolist())
            value = next(self._stream)
        return value
