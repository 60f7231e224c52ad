"""Which presets are trained, and how, checked before anything is read or written."""

from dataclasses import dataclass
from pathlib import Path

from ..space.embeddings import check_needs_no_file
from ..space.preset import Preset
from ..trial.arguments import check_different, check_whole
from ..trial.objective import VAL_LOSS, Objective
from ..trial.weights import Weights


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Which presets are trained, and how: one of them alone, or several to be compared."""

    presets: tuple[Preset, ...]
    """At least one, in the order of the table; no two have the same name."""
    n_epochs: int | None = None
    """Of every training; None for each preset's own."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the trainings: at least one, no repeats; the first is also that of the split."""
    objective: Objective = VAL_LOSS
    """By which the best epoch is known."""
    weights: Weights = Weights.LAST
    """Which epoch's weights count."""
    embeddings: Path | None = None
    """File of word vectors that embeddings may start from."""
    experiment: str = "genre-search"
    tracking_uri: str | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without the corpus.

        Raises:
            StudyError: a number is out of range, or a preset or seed appears twice.
            SpaceError: a preset starts from a file of word vectors, and none is given.
        """
        check_whole("epochs", self.n_epochs, least=1, is_optional=True)
        check_different("presets", [preset.name for preset in self.presets], "names")
        check_different("seeds", self.seeds)
        for preset in self.presets if self.embeddings is None else ():
            check_needs_no_file(preset)
