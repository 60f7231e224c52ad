"""What a study is made of, checked before anything is read or written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..engines.compatibility import check_strategy
from ..engines.strategy import Strategy, choose_strategy
from ..errors import StudyError, naming_parameter
from ..space.embeddings import check_needs_no_file, use_file_embeddings
from ..space.preset import Preset
from ..space.shipped_files import open_preset, open_space
from ..space.space import Space
from ..trial.arguments import check_number, check_several, check_whole
from ..trial.limits import Limits
from ..trial.objective import VAL_LOSS, Objective, Objectives

DEFAULT_TARGET = 0.05
"""Validation loss that a search aims at unless another target is given."""
AUTO = "auto"
"""The space or target that fits the task: topics where each text has exactly one of several
classes, else genre; 0.05 for the loss alone of several labels a text, else none."""
USUAL_SPACE, SPACE_OF_ONE_CHOICE = "genre", "topics"
"""The shipped spaces for AUTO: the second where each text has exactly one of several classes."""
DEFAULT_EPOCHS = 15
DEFAULT_KEPT = 6
DEFAULT_EXPERIMENT = "genre-search"


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What a study is made of, except for its corpus and its name."""

    space: Space
    objectives: Objectives = field(default_factory=Objectives)
    n_epochs: int = DEFAULT_EPOCHS
    seed: int = 0
    target: float | None = None
    """Value of the first objective at which a search ends; None for none."""
    limits: Limits = field(default_factory=Limits)
    strategy: Strategy = field(default_factory=choose_strategy)
    """What proposes trials and prunes them."""
    enqueued: tuple[Preset, ...] = ()
    """Presets that are tried before everything else, in this order."""
    start_from: str | None = None
    """Name of a study whose finished trials a new one begins with."""
    experiment: str = DEFAULT_EXPERIMENT
    """MLflow's."""
    n_kept: int = DEFAULT_KEPT
    """Trials whose network is kept."""
    is_strict: bool = False
    """Whether data with findings beyond the audit's limits are refused."""
    embeddings: Path | None = None
    """File of word vectors that embeddings start from."""
    is_deterministic: bool = False
    """Whether the backend is kept to operations that give the same digits each time."""
    automatic: frozenset[str] = frozenset()
    """Which of space and target depend on the task; here they are those of several labels."""

    def __post_init__(self) -> None:
        """Check what can be checked without the corpus.

        Raises:
            StudyError: a number or a name is out of range, or the strategy cannot work here.
            SpaceError: the space or a preset starts from a file of word vectors, and none is given.
        """
        check_whole("epochs", self.n_epochs, least=1)
        check_whole("seed", self.seed, least=0)
        check_whole("keep", self.n_kept, least=1)
        check_number("target", self.target, "a number, auto or none")
        if self.start_from is not None:
            check_name(self.start_from, parameter="start_from")
        if self.embeddings is None:
            check_needs_no_file(self.space)
            for preset in self.enqueued:
                check_needs_no_file(preset)
        n_objectives = len(self.objectives.names)
        check_strategy(self.strategy, self.space, n_objectives=n_objectives, n_epochs=self.n_epochs)

    @property
    def objective(self) -> Objective:
        """The first objective, by which epochs are chosen."""
        return self.objectives.first

    @property
    def has_default_strategy(self) -> bool:
        """Whether trials are proposed as they are where nothing was chosen."""
        return self.strategy == choose_strategy(n_objectives=len(self.objectives.names))


def make_space(space: Space | str | Path, embeddings: Path | None) -> Space:
    """Open a space, and give it as word vectors from a file change it, where there are any.

    Raises:
        SpaceError: there is no space of that name, or its file has problems.
    """
    with naming_parameter("space"):
        name = USUAL_SPACE if space == AUTO else space
        opened = name if isinstance(name, Space) else open_space(str(name))
        return opened if embeddings is None else use_file_embeddings(opened)


def find_automatic(**values: Any) -> frozenset[str]:
    """Name the parameters whose value is AUTO."""
    return frozenset(name for name, value in values.items() if value == AUTO)


def make_presets(names: Sequence[str]) -> tuple[Preset, ...]:
    """Open the presets to be enqueued, each once.

    Raises:
        StudyError: one string instead of several.
        SpaceError: there is no preset of that name.
    """
    check_several(enqueue=names)
    with naming_parameter("enqueue"):
        return tuple(open_preset(name) for name in dict.fromkeys(names))


def choose_target(target: float | str | None, objectives: Objectives) -> float | None:
    """Give the target of a study: a number, none, or for AUTO 0.05 for the loss alone, else none.

    AUTO's 0.05 holds for several labels a text: `set_up`, which knows the task, drops it for other
    tasks.

    Raises:
        StudyError: another word.
    """
    if target == AUTO:
        return DEFAULT_TARGET if objectives.entries == (VAL_LOSS,) else None
    if isinstance(target, str):
        raise StudyError(
            f"expected a number, auto or none, got {target!r}",
            "Give a value of the first objective, such as 0.1.",
            parameter="target",
        )
    return target


def check_name(name: str, *, parameter: str = "name") -> None:
    """Refuse a name that could not be written in an address, a path or a query, and "latest".

    Raises:
        StudyError: it has other characters than letters, digits, `.`, `_` and `-`, or stands for
            the study searched last.
    """
    if name == "latest":
        raise StudyError(
            "expected a name, got 'latest', which stands for the study searched last",
            "Give its name; `genre-search study list` prints the names.",
            parameter=parameter,
        )
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]+", name):
        raise StudyError(
            f"expected letters, digits, '.', '_' and '-', got {name!r}",
            "Give another name.",
            parameter=parameter,
        )
