"""A trial that is to be run, its name, and the seed it is run with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..space.hyperparameters import Hyperparameters, Value


class SpaceExhausted(Exception):
    """Every configuration of the space has been proposed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trial that is to be run."""

    number: int
    hyperparameters: Mapping[str, Value]
    """The active ones, fixed ones included."""
    seed: int
    """Derived from the study's seed and the number."""
    start: str = ""
    """Name of the start or preset that this is, or empty."""
    is_enqueued: bool = False
    """Whether the user named this configuration; it is not pruned."""
    title: str = ""
    """What its run and pictures are called; empty for a name made of number and layers."""
    n_epochs: int | None = None
    """Epoch up to which it is trained; None for the study's."""
    resumes: int | None = None
    """Number of the trial whose last weights it continues from; None for a new network."""

    @property
    def name(self) -> str:
        """Its title, or the name of its start, or one made of its layers: "#12 bigru 64·32"."""
        if self.title:
            return self.title
        if self.is_enqueued:
            return f"#{self.number} {self.start}"
        h = Hyperparameters.from_values(self.hyperparameters)
        cell = ("bi" if h.bidirectional else "") + h.cell.replace("simple_rnn", "rnn")
        return f"#{self.number} {cell} {'·'.join(map(str, h.units))}"


def derive_seed(*parts: int) -> int:
    """Derive a seed, in [0, 2^31), from the study's seed, a trial's number and what else there is.

    Args:
        parts: each 0 or more; other parts give another seed, but zeros at the end count as none.
    """
    return int(np.random.SeedSequence(parts).generate_state(1)[0] >> 1)
