"""What a command is asked to do. Owns the requests, which are made before Keras is loaded."""

from dataclasses import dataclass
from pathlib import Path

from ..engines.strategy import Strategy
from ..space.preset import Preset
from ..study.objectives import Objectives
from ..study.settings import Budget
from ..training.history import Objective, Taken
from .places import DataSource, Places


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What the user asked for."""

    data: DataSource
    space: str
    """A shipped name, or the path of a file."""
    objectives: Objectives
    n_epochs: int
    seed: int
    budget: Budget
    strategy: Strategy
    """Who proposes trials and gives them up."""
    study: str | None
    """Its name; None for one made of corpus, space and fingerprint."""
    experiment: str
    places: Places
    n_kept: int = 3
    """Trials whose network is kept."""
    n_confirmed: int = 0
    """Best trials that are trained again with fresh seeds before one is called the winner."""
    enqueued: tuple[str, ...] = ()
    """Presets that are tried before everything else, in this order."""
    is_strict: bool = False
    """Whether data with findings beyond the audit's limits are refused."""
    embeddings: Path | None = None
    """File of word vectors that embeddings start from."""
    is_deterministic: bool = False
    """Whether the backend is kept to operations that give the same digits each time."""
    fork: str | None = None
    """Name of a study to begin with these settings from what `study` has found."""
    start_from: str | None = None
    """Name of a study whose finished trials a new one begins with."""

    @property
    def objective(self) -> Objective:
        """The first objective, by which epochs are chosen."""
        return self.objectives.first


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What the user asked to be trained."""

    data: DataSource
    preset: Preset
    n_epochs: int
    seed: int
    """Of split and training."""
    objective: Objective
    """By which the best epoch is known."""
    takes: Taken
    reads_test: bool
    """Whether test is read, once, with the network that was trained."""
    experiment: str
    tracking_uri: str | None
    directory: Path | None = None
    """Where the bundle is written; None for MLflow alone."""
    force: bool = False
    """Whether a bundle that is there is replaced."""
    embeddings: Path | None = None
    """File of word vectors that the embedding starts from; the preset says so too."""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What the user asked to be compared."""

    data: DataSource
    presets: tuple[Preset, ...]
    """At least one, in the order of the table; no two have the same name."""
    n_epochs: int | None
    """Of every training; None for each preset's own."""
    seeds: tuple[int, ...]
    """Of the trainings, at least one, all different; the first is that of the split too."""
    objective: Objective
    """By which the best epoch is known."""
    takes: Taken
    experiment: str
    tracking_uri: str | None

    def epochs_of(self, preset: Preset) -> int:
        """Give the epochs that one of the presets is trained for."""
        return self.n_epochs or preset.n_epochs
