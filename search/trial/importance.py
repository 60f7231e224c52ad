"""How much a hyperparameter mattered in a study. Owns the value; engines/importance.py measures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Importance:
    """What one hyperparameter contributed."""

    name: str
    """As in the space."""
    share: float
    """Part of the sum over all hyperparameters, 0 to 1; all shares sum to 1."""
    by_chance: float
    """The greatest of 19 results on shuffled values, on the scale of the shares: up to it a share
    says nothing (one-sided permutation test at 1 in 20)."""
