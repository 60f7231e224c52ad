"""The files of a bundle: models whose probabilities are averaged, and what they predict.

Owns the layout; knows no study and no Keras.

    members/FOLDER/  a model with its words, one folder a member (member.py)
    labels.json      names and thresholds, in the order of the outputs
    metrics.json     measures on validation and on test
    bundle.json      format, task, members with their weights, where it came from
    README.md        all of this for a person

A single model is a list of one. No pickle, and no class of ours, so that a bundle outlives this
project's code.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ExportError
from ..metrics.task import Task
from .member import Kind, Member, read_json, read_member, write_json, write_member
from .readme import write_page

FORMAT = 3
_TOLERANCE = 1e-6
"""By which the sum of the weights may differ from 1."""
_FILE = "bundle.json"
_LABELS = "labels.json"
_METRICS = "metrics.json"
EXPORT_AGAIN = "Export it again: `genre-search best --export DIR` or, in Python, `Study.export`."


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything in a bundle but the models."""

    task: Task
    label_names: tuple[str, ...]
    negative_name: str
    """The other class of a binary task; empty otherwise."""
    thresholds: tuple[float, ...]
    """A label is predicted where its probability is at least this; one a label. Empty where each
    text has exactly one label: the most probable one is predicted."""
    members: tuple[Member, ...]
    """At least one; their weights sum to 1."""
    metrics: Mapping[str, Mapping[str, float]]
    """By split: validation, and test once it was read."""
    origin: Mapping[str, Any]
    """Study, trial, data, seed, versions."""
    masked_names: tuple[str, ...] = ()
    """Names that are masked in a text before anything else, as they were in training."""
    notes: tuple[str, ...] = ()
    """Sentences for the README, after the measures."""

    def __post_init__(self) -> None:
        """Check the members.

        Raises:
            ValueError: there is none, two share a folder, or their weights do not sum to 1.
        """
        # Some file systems take upper and lower case for the same.
        folders = [member.folder.lower() for member in self.members]
        if not folders or len(set(folders)) != len(folders):
            raise ValueError(f"members must be one or more in different folders, got {folders}")
        total = math.fsum(member.weight for member in self.members)
        if abs(total - 1.0) > _TOLERANCE:
            raise ValueError(f"weights of the members must sum to 1, got {total:.7g}")

    @property
    def has_network(self) -> bool:
        """Whether predicting with it needs Keras."""
        return any(member.kind is Kind.NETWORK for member in self.members)


def is_bundle(directory: Path) -> bool:
    """Tell whether a folder looks like a bundle."""
    return (directory / _FILE).is_file()


def check_free(directory: Path, *, force: bool) -> None:
    """Make sure that a bundle may be written to a folder: it is new, empty, or replaced by force.

    Raises:
        ExportError: it is there, or below a file, or force would replace what is no bundle.
    """
    above = next((path for path in directory.absolute().parents if path.exists()), directory)
    if not above.is_dir():
        raise ExportError(
            f"{directory}: expected a folder, but {above} is a file", "Name another folder."
        )
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    if not force:
        raise ExportError(
            f"{directory}: expected no folder of this name, but it is there already",
            "Name another folder, or replace the bundle with `force`.",
        )
    if not is_bundle(directory):
        raise ExportError(
            f"{directory}: expected a bundle to replace, found a folder that is none",
            "Name another folder: `force` replaces bundles only.",
        )


def write_bundle(bundle: Bundle, directory: Path) -> None:
    """Write all files but the models into a folder that is there."""
    labels: list[dict[str, Any]] = [{"name": name} for name in bundle.label_names]
    if not bundle.task.is_multiclass:
        pairs = zip(bundle.label_names, bundle.thresholds, strict=True)
        labels = [{"name": name, "threshold": value} for name, value in pairs]
    facts = {
        "format": FORMAT,
        "task": bundle.task,
        "negative_name": bundle.negative_name,
        "masked_names": bundle.masked_names,
        "members": [member.list_facts() for member in bundle.members],
        "notes": bundle.notes,
        "origin": bundle.origin,
    }
    for name, document in ((_FILE, facts), (_LABELS, labels), (_METRICS, bundle.metrics)):
        write_json(directory / name, document)
    for member in bundle.members:
        write_member(member, directory)
    page = write_page(
        task=bundle.task,
        n_labels=len(bundle.label_names),
        members=bundle.members,
        metrics=bundle.metrics,
        notes=bundle.notes,
        origin=bundle.origin,
    )
    (directory / "README.md").write_text(page, encoding="utf-8")


def read_bundle(directory: Path) -> Bundle:
    """Read all files but the models.

    Raises:
        ExportError: the folder is no bundle, a file of it is missing or damaged, or its members do
            not fit together.
    """
    if not is_bundle(directory):
        raise ExportError(
            f"{directory}: expected a bundle (a folder with {_FILE}), found none",
            "Write one with `genre-search best --export DIR` or, in Python, `Study.export`.",
        )
    try:
        written = read_json(directory / _FILE)
        if written["format"] != FORMAT:
            raise ExportError(
                f"{directory}: expected a bundle of format {FORMAT}, got {written['format']}",
                "Read it with the version of genre-search that wrote it.",
            )
        return _read_parts(directory, written)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportError(
            f"{directory}: expected a complete bundle, but it cannot be read: {error}",
            EXPORT_AGAIN,
        ) from error


def _read_parts(directory: Path, written: Mapping[str, Any]) -> Bundle:
    """Read the other files of a bundle; `written` is what its `bundle.json` has."""
    labels, task = read_json(directory / _LABELS), Task(written["task"])
    thresholds = () if task.is_multiclass else tuple(label["threshold"] for label in labels)
    return Bundle(
        task=task,
        label_names=tuple(label["name"] for label in labels),
        negative_name=written["negative_name"],
        thresholds=thresholds,
        members=tuple(read_member(directory, facts) for facts in written["members"]),
        metrics=read_json(directory / _METRICS),
        origin=written["origin"],
        masked_names=tuple(written["masked_names"]),
        notes=tuple(written["notes"]),
    )
