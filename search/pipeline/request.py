"""What a search is asked to do. Owns the request, which is made before anything heavy is loaded."""

from dataclasses import dataclass

from ..study.settings import Budget
from ..training.history import Objective
from .places import DataSource, Places


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What the user asked for."""

    data: DataSource
    space: str
    """A shipped name, or the path of a file."""
    objective: Objective
    n_epochs: int
    seed: int
    budget: Budget
    study: str | None
    """Its name; None for one made of corpus, space and fingerprint."""
    experiment: str
    places: Places
    n_kept: int = 3
    """Trials whose network is kept."""
    n_confirmed: int = 0
    """Best trials that are trained again with fresh seeds before one is called the winner."""
    is_strict: bool = False
    """Whether data with findings beyond the audit's limits are refused."""
