"""A preset: one fixed configuration by name, how long it is trained, and what was published of it.

Owns the schema of a preset's file, and the reading of plain hyperparameters from one. Knows no
corpus and no network; where the shipped files lie is shipped.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import SpaceError
from .codec import read_text
from .distribution import described
from .document import read_document
from .hyperparameters import CATALOGUE, DEFAULTS, Hyperparameters, Value
from .problem import Findings, nearest

MEASURES = (
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    "test_accuracy",
    "seconds_per_epoch",
)
"""What can have been published of a preset; accuracies are shares of cells, at 0.5."""
_KEYS = ("name", "description", "hyperparameters", "labels", "parameters", "training", "published")
_TRAINING_KEYS = ("epochs", "validation_share")
_HINT = "`genre-search spaces show genre-lstm --yaml` prints a preset file that is right."


@dataclass(frozen=True, slots=True)
class Preset:
    """One configuration with everything that it takes to repeat its training."""

    name: str
    description: str
    """For a reader."""
    hyperparameters: Mapping[str, Value]
    """As the file names them; the others have the catalogue's defaults."""
    n_labels: int = 1
    """Outputs it was made for; another corpus changes the output layer alone."""
    n_parameters: int | None = None
    """Weights with that many outputs, as stated in the file."""
    n_epochs: int = 15
    validation_share: float | None = None
    """Share of the given train side that validation takes, in (0, 1); None for the usual share."""
    published: Mapping[str, float] = field(default_factory=dict)
    """Results that others have published of it, by names of MEASURES."""

    def configuration(self) -> Hyperparameters:
        """Give the complete configuration."""
        return Hyperparameters.of(self.hyperparameters)


def read_preset(path: Path) -> Preset:
    """Read a preset file, or a file of hyperparameters alone (YAML or JSON), named by its stem.

    Raises:
        SpaceError: it cannot be read, or has problems: a line each, with path and key path.
    """
    found = Findings()
    with found.at(""):
        document, repeated = read_document(read_text(path))
        found.extend("", repeated)
        if not isinstance(document, dict):
            found.add("", f"must be a mapping from hyperparameters to values, got {document!r:.60}")
        elif "hyperparameters" not in document:
            document = {"name": path.stem, "hyperparameters": document}
        found.refuse_if_any()
        return _preset_of(document)
    raise SpaceError("\n".join(f"{path}: {problem}" for problem in found.problems), _HINT)


def _preset_of(document: dict[str, Any]) -> Preset:
    """Make a preset from what its file says.

    Raises:
        Refused: with all problems.
    """
    found = Findings()
    _check_keys(document, _KEYS, "", found)
    training = _mapping(document, "training", found)
    published = _mapping(document, "published", found)
    values = _mapping(document, "hyperparameters", found)
    _check_keys(training, _TRAINING_KEYS, "training", found)
    _check_keys(published, MEASURES, "published", found)
    _check_hyperparameters(values, found)
    for name in ("name", "description"):
        if not isinstance(document.get(name, ""), str):
            found.add(name, f"must be text, got {described(document[name])}")
    _check_count(document.get("labels", 1), "labels", found)
    _check_count(document.get("parameters", 1), "parameters", found)
    _check_count(training.get("epochs", 1), "training.epochs", found)
    share = training.get("validation_share")
    if share is not None and not (isinstance(share, float) and 0.0 < share < 1.0):
        text = f"must be more than 0 and less than 1, got {described(share)}"
        found.add("training.validation_share", text)
    for name, value in published.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            found.add(f"published.{name}", f"must be a number, got {described(value)}")
    found.refuse_if_any()
    return Preset(
        name=document.get("name", ""),
        description=document.get("description", ""),
        hyperparameters=values,
        n_labels=document.get("labels", 1),
        n_parameters=document.get("parameters"),
        n_epochs=training.get("epochs", 15),
        validation_share=share,
        published=published,
    )


def _check_keys(
    given: Mapping[str, Any], known: tuple[str, ...], path: str, found: Findings
) -> None:
    for key in given:
        if key not in known:
            found.add(f"{path}.{key}" if path else key, f"is no key here; {nearest(key, known)}")


def _mapping(document: Mapping[str, Any], key: str, found: Findings) -> dict[str, Any]:
    written = document.get(key, {})
    if isinstance(written, dict):
        return written
    found.add(key, f"must be a mapping, got {described(written)}")
    return {}


def _check_hyperparameters(values: Mapping[str, Any], found: Findings) -> None:
    n_before = len(found.problems)
    for name, value in values.items():
        path = f"hyperparameters.{name}"
        if name not in CATALOGUE:
            found.add(path, f"is no hyperparameter; {nearest(name, CATALOGUE)}")
        else:
            found.add(path, CATALOGUE[name].problem(value, DEFAULTS[name]))
    if len(found.problems) == n_before:
        try:
            Hyperparameters.of(values)
        except ValueError as error:
            # One value forbids another.
            found.add("hyperparameters", str(error))


def _check_count(value: Any, path: str, found: Findings) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        found.add(path, f"must be a whole number of 1 or more, got {described(value)}")
