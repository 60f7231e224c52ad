"""Which epoch's weights a training ends with. Owns the choice; knows no network."""

from enum import StrEnum


class Weights(StrEnum):
    """Which epoch's weights a training ends with."""

    BEST = "best"
    """Those of the epoch with the best value of the objective."""
    LAST = "last"
    """Those of the last epoch that was trained."""
