"""A preset: one fixed configuration by name, how long it is trained, and what was published of it.

Owns the schema of a preset's file, the reading of plain hyperparameters from one, and how both are
told from a search space. Knows no corpus and no network; where the shipped files lie is
shipped.py's.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .distribution import described, is_number
from .files import File, read_file
from .hyperparameters import CATALOGUE, DEFAULTS, Hyperparameters, Value
from .problem import Findings, Problem, nearest, unknown_keys

MEASURES = (
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "test_accuracy",
    "seconds_per_epoch",
)
"""What can have been published of a preset; accuracies are shares of cells, at 0.5."""
DEFAULT_EPOCHS = 15
"""Of a preset whose file names none."""
_OWN_KEYS = ("labels", "parameters", "training", "published")
"""Keys that no search space has."""
_KEYS = ("name", "description", "hyperparameters", *_OWN_KEYS)
_TRAINING_KEYS = ("epochs", "validation_share")
_HINT = "`genre-search spaces show genre-lstm --yaml` prints a preset file that is right."


@dataclass(frozen=True, slots=True)
class Preset:
    """One configuration with everything that it takes to repeat its training."""

    name: str
    """Not empty; runs and tables call it so."""
    description: str
    """For a reader; may be empty."""
    hyperparameters: Mapping[str, Value]
    """As the file names them, at least one; the others have the catalogue's defaults."""
    n_labels: int | None = None
    """Outputs it was made for; another corpus changes the output layer alone. None for any."""
    n_parameters: int | None = None
    """Weights with that many outputs, as stated in the file; not counted here."""
    n_epochs: int = DEFAULT_EPOCHS
    validation_share: float | None = None
    """Share of the given train side that validation takes, in (0, 1); None for the usual share."""
    published: Mapping[str, float] = field(default_factory=dict)
    """Results that others have published of it, by names of MEASURES."""

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            Refused: with all problems, each with its key path in a preset file.
        """
        found = Findings()
        if not (isinstance(self.name, str) and self.name):
            found.add("name", f"must be text, got {described(self.name)}")
        if not isinstance(self.description, str):
            found.add("description", f"must be text, got {described(self.description)}")
        found.extend("hyperparameters", _value_problems(self.hyperparameters))
        for key, count in (("labels", self.n_labels), ("parameters", self.n_parameters)):
            found.add(key, "" if count is None else _count_problem(count))
        found.add("training.epochs", _count_problem(self.n_epochs))
        share = self.validation_share
        if share is not None and not (isinstance(share, float) and 0.0 < share < 1.0):
            text = f"must be more than 0 and less than 1, got {described(share)}"
            found.add("training.validation_share", text)
        found.extend("published", _published_problems(self.published))
        found.refuse_if_any()

    def configuration(self) -> Hyperparameters:
        """Give the complete configuration."""
        return Hyperparameters.of(self.hyperparameters)


def is_preset(document: Any) -> bool:
    """Say whether a file's content is a preset, or hyperparameters alone, and no search space.

    It is where one of its keys is of presets alone (labels, parameters, training, published), and
    where it has no starts and each of its hyperparameters has one value.
    """
    if not isinstance(document, dict):
        return False
    if any(key in document for key in _OWN_KEYS):
        return True
    is_bare = any(name in document for name in CATALOGUE)
    values = document if is_bare else document.get("hyperparameters")
    if "starts" in document or not isinstance(values, dict) or not values:
        return False
    return all(isinstance(value, Value) for value in values.values())


def read_preset(path: Path) -> Preset:
    """Read a preset file, or a file of hyperparameters alone, YAML or JSON.

    A preset without a name has that of the file, without its ending, or of its folder where the
    file is a bundle's hyperparameters.json.

    Raises:
        SpaceError: it cannot be read, or has problems: a line each, with path and key path.
    """
    return preset_in(read_file(path))


def preset_in(file: File) -> Preset:
    """Make a preset from what a file says; it is named as `read_preset` does.

    Raises:
        SpaceError: it has problems: a line each, with path and key path.
    """
    path = Path(file.path)
    is_of_bundle = path.name == "hyperparameters.json"
    name = path.absolute().parent.name if is_of_bundle else path.stem
    return file.read_as(lambda content: _preset_of(content, name), _HINT)


def _preset_of(document: Any, name: str) -> Preset:
    """Make a preset from what its file says.

    Raises:
        Refused: with all problems.
    """
    if not isinstance(document, dict) or document.keys().isdisjoint(_KEYS):
        # Checked here for the key paths of this file: it lacks the `hyperparameters` of a preset's.
        found = Findings(_value_problems(document))
        found.refuse_if_any()
        return Preset(name, "", document)
    found = Findings(unknown_keys(document, _KEYS))
    training = document.get("training", {})
    if not isinstance(training, dict):
        found.add("training", f"must be a mapping, got {described(training)}")
        training = {}
    found.extend("training", unknown_keys(training, _TRAINING_KEYS))
    with found.at(""):
        preset = Preset(
            name=document.get("name", name),
            description=document.get("description", ""),
            hyperparameters=document.get("hyperparameters", {}),
            n_labels=document.get("labels"),
            n_parameters=document.get("parameters"),
            n_epochs=training.get("epochs", DEFAULT_EPOCHS),
            validation_share=training.get("validation_share"),
            published=document.get("published", {}),
        )
    found.refuse_if_any()
    return preset


def _value_problems(values: Any) -> list[Problem]:
    if not isinstance(values, Mapping):
        text = f"must be a mapping from hyperparameters to values, got {described(values)}"
        return [Problem("", text)]
    found = Findings()
    if not values:
        found.add("", "must have at least one hyperparameter, got none")
    for name, value in values.items():
        if name not in CATALOGUE:
            found.add(name, f"is no hyperparameter; {nearest(name, CATALOGUE)}")
        elif not isinstance(value, Value):
            found.add(name, f"must be one value, got {described(value)}")
        else:
            found.add(name, CATALOGUE[name].problem(value, DEFAULTS[name]))
    if not found.problems:
        try:
            Hyperparameters.of(values)
        except ValueError as error:
            # One value forbids another.
            for line in str(error).splitlines():
                name, _, text = line.partition(": ")
                found.add(name, text)
    return found.problems


def _published_problems(published: Any) -> Iterator[Problem]:
    if not isinstance(published, Mapping):
        yield Problem("", f"must be a mapping, got {described(published)}")
        return
    yield from unknown_keys(published, MEASURES)
    for name, value in published.items():
        high = 1.0 if name.endswith("accuracy") else math.inf
        if not is_number(value):
            yield Problem(name, f"must be a number, got {described(value)}")
        elif not 0.0 <= value <= high or math.isinf(value):
            limit = "from 0 to 1" if high == 1.0 else "0 or more, and finite"
            yield Problem(name, f"must be {limit}, got {described(value)}")


def _count_problem(value: Any) -> str:
    if is_number(value, whole=True) and value >= 1:
        return ""
    return f"must be a whole number of 1 or more, got {described(value)}"
