"""What a command is asked to do, and which presets `--cells` makes of one.

Owns the requests, which are made before Keras is loaded.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..model.parameters import count_parameters
from ..space.hyperparameters import Hyperparameters
from ..space.preset import Preset
from ..study.settings import Budget
from ..training.history import Objective, Taken
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
    enqueued: tuple[str, ...] = ()
    """Presets that are tried before everything else, in this order."""
    is_strict: bool = False
    """Whether data with findings beyond the audit's limits are refused."""


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


CELL_NAMES = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
"""What each cell is called in a table."""


def vary_cells(templates: Sequence[Preset], cells: Sequence[str]) -> tuple[Preset, ...]:
    """Make a preset of each template with each cell, all else as it is.

    Named by the cell, and by the template before it where there are several. What was published of
    a template goes with its own cell alone.

    Args:
        templates: at least one.
        cells: names of the catalogue.
    """
    return tuple(
        _with_cell(template, cell, f"{template.name} " * (len(templates) > 1) + CELL_NAMES[cell])
        for template in templates
        for cell in cells
    )


def _with_cell(template: Preset, cell: str, name: str) -> Preset:
    own = template.configuration()
    if own.cell == cell:
        return replace(template, name=name)
    h = Hyperparameters.of(asdict(own) | {"cell": cell})
    is_stated = template.n_parameters is not None
    n_rows = h.n_embedding_rows(h.vocabulary_size)
    return replace(
        template,
        name=name,
        description=f"{template.name} with {CELL_NAMES[cell]}",
        hyperparameters={**template.hyperparameters, "cell": cell},
        n_parameters=count_parameters(h, vocabulary_size=n_rows, n_labels=template.n_labels)
        if is_stated
        else None,
        published={},
    )
