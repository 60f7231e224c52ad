"""A preset: one named configuration, how long it is trained, and its published results.

Owns the schema of a preset file, the reading of plain hyperparameters from one, and how both are
distinguished from a search space. Knows no corpus and no network; shipped_files.py knows where the
shipped presets are.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .files import File, read_file
from .hyperparameters import CATALOGUE, Hyperparameters, find_clash
from .problem import Problem, ProblemCollector, find_unknown_keys, suggest_names
from .value import Value, describe, is_number

MEASURES = (
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "test_accuracy",
    "seconds_per_epoch",
)
"""What can be published about a preset; accuracies are shares of entries, at a threshold of 0.5."""
DEFAULT_EPOCHS = 15
"""Epochs of a preset whose file does not say."""
_OWN_KEYS = ("labels", "parameters", "training", "published")
"""Keys that no search space has."""
_KEYS = ("name", "description", "hyperparameters", *_OWN_KEYS)
_TRAINING_KEYS = ("epochs", "validation_share")
_HINT = "`genre-search spaces show genre-lstm --yaml` prints a correct preset file."


@dataclass(frozen=True, slots=True)
class Preset:
    """One configuration, with what is needed to repeat its training."""

    name: str
    """Not empty; shown in runs and tables."""
    description: str
    """For a reader; may be empty."""
    hyperparameters: Mapping[str, Value]
    """Those in the file, at least one; the others have the catalogue's defaults."""
    n_labels: int | None = None
    """Outputs it was made for; another corpus changes only the output layer. None for any."""
    n_parameters: int | None = None
    """Trainable weights with that many outputs, as the file states; not counted here."""
    n_epochs: int = DEFAULT_EPOCHS
    validation_share: float | None = None
    """Share of a given train split that validation takes, in (0, 1); None for the usual share."""
    published: Mapping[str, float] = field(default_factory=dict)
    """Results that others published, by names of MEASURES."""

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            ProblemsError: lists all problems, each with its key path in a preset file.
        """
        collector = ProblemCollector()
        if not (isinstance(self.name, str) and self.name):
            collector.add("name", f"must be text, got {describe(self.name)}")
        if not isinstance(self.description, str):
            collector.add("description", f"must be text, got {describe(self.description)}")
        collector.extend("hyperparameters", _find_value_problems(self.hyperparameters))
        for key, count in (("labels", self.n_labels), ("parameters", self.n_parameters)):
            collector.add(key, "" if count is None else _find_count_problem(count))
        collector.add("training.epochs", _find_count_problem(self.n_epochs))
        share = self.validation_share
        if share is not None and not (isinstance(share, float) and 0.0 < share < 1.0):
            text = f"must be more than 0 and less than 1, got {describe(share)}"
            collector.add("training.validation_share", text)
        collector.extend("published", _find_published_problems(self.published))
        collector.raise_if_any()

    def configuration(self) -> Hyperparameters:
        """Make the complete configuration."""
        return Hyperparameters.from_values(self.hyperparameters)


def is_preset(document: Any) -> bool:
    """Say whether a file's content is a preset or plain hyperparameters, and not a search space.

    It is if it has a key that only presets have (labels, parameters, training, published). It also
    is if it has no starts and each of its hyperparameters has one value.
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
    """Read a preset file, or a file of plain hyperparameters, YAML or JSON.

    A preset without a name is named after its file, without the suffix. The hyperparameters.json
    of a bundle's member is named after its folder.

    Raises:
        SpaceError: it cannot be read, or has problems: one a line, with path and key path.
    """
    return make_preset(read_file(path))


def make_preset(file: File) -> Preset:
    """Make a preset from the content of a file; it is named as in `read_preset`.

    Raises:
        SpaceError: it has problems: one a line, with path and key path.
    """
    path = Path(file.path)
    is_in_bundle = path.name == "hyperparameters.json"
    name = path.absolute().parent.name if is_in_bundle else path.stem
    return file.read_as(lambda content: _build_preset(content, name), _HINT)


def _build_preset(document: Any, name: str) -> Preset:
    """Make a preset from plain values.

    Raises:
        ProblemsError: lists all problems.
    """
    if not isinstance(document, dict) or document.keys().isdisjoint(_KEYS):
        # Checked here because key paths in this file do not begin with `hyperparameters`.
        collector = ProblemCollector(_find_value_problems(document))
        collector.raise_if_any()
        return Preset(name, "", document)
    collector = ProblemCollector(find_unknown_keys(document, _KEYS))
    training = document.get("training", {})
    if not isinstance(training, dict):
        collector.add("training", f"must be a mapping, got {describe(training)}")
        training = {}
    collector.extend("training", find_unknown_keys(training, _TRAINING_KEYS))
    with collector.at(""):
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
    collector.raise_if_any()
    return preset


def _find_value_problems(values: Any) -> list[Problem]:
    if not isinstance(values, Mapping):
        text = f"must be a mapping from hyperparameters to values, got {describe(values)}"
        return [Problem("", text)]
    collector = ProblemCollector()
    if not values:
        collector.add("", "must have at least one hyperparameter, got none")
    for name, value in values.items():
        if name not in CATALOGUE:
            collector.add(name, f"is not a hyperparameter; {suggest_names(name, CATALOGUE)}")
        elif not isinstance(value, Value):
            collector.add(name, f"must be one value, got {describe(value)}")
        else:
            collector.add(name, CATALOGUE[name].find_problem(value))
    if not collector.problems:
        collector.add("class_weighting", find_clash(values))
    return collector.problems


def _find_published_problems(published: Any) -> Iterator[Problem]:
    if not isinstance(published, Mapping):
        yield Problem("", f"must be a mapping, got {describe(published)}")
        return
    yield from find_unknown_keys(published, MEASURES)
    for name, value in published.items():
        high = 1.0 if name.endswith("accuracy") else math.inf
        if not is_number(value):
            yield Problem(name, f"must be a number, got {describe(value)}")
        elif not 0.0 <= value <= high or math.isinf(value):
            limit = "from 0 to 1" if high == 1.0 else "at least 0 and finite"
            yield Problem(name, f"must be {limit}, got {describe(value)}")


def _find_count_problem(value: Any) -> str:
    if is_number(value, integer=True) and value >= 1:
        return ""
    return f"must be a whole number of at least 1, got {describe(value)}"
