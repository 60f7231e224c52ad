"""The files of a bundle. Owns its layout; knows no study and no Keras.

    model.keras           token ids to probabilities; built-in layers only, loads in safe mode
    vocabulary.txt        a word a line, most frequent first; line i has the token id i + 1
    labels.json           names and thresholds, in the order of the outputs
    hyperparameters.json  what the network was built and trained with
    metrics.json          measures on validation and on test
    bundle.json           format, task, how texts are read, where it came from
    README.md             all of this for a person

No pickle, and no class of ours, so that a bundle outlives this project's code.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import ExportError
from ..metrics.task import Task
from ..text.buckets import Encoding
from ..text.vocabulary import Vocabulary

FORMAT = 2
_THRESHOLDS = (
    " and\nthe thresholds (tuned on validation) from which a label counts as predicted",
    "F1 on validation is scored with thresholds from the other half of validation; on test, with "
    "the\nthresholds of this bundle. Losses are binary cross-entropy in nats, averaged over texts "
    "and labels.",
)
_ONE_CHOICE = (
    ".\nA text has exactly one of them: the most probable one is predicted",
    "Losses are means over texts of -ln p of the true label, in nats.",
)
"""What the page for a person says of decisions and of measures."""
MODEL_FILE = "model.keras"
_FILE = "bundle.json"
EXPORT_AGAIN = "Export it again: `genre-search best --export DIR` or, in Python, `Study.export`."


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything in a bundle but the network."""

    task: Task
    label_names: tuple[str, ...]
    negative_name: str
    """The other class of a binary task; empty otherwise."""
    thresholds: tuple[float, ...]
    """A label is predicted where its probability is at least this; one a label. Empty where each
    text has exactly one label: the most probable one is predicted."""
    encoding: Encoding
    vocabulary: Vocabulary
    hyperparameters: Mapping[str, Any]
    metrics: Mapping[str, Mapping[str, float]]
    """By split: validation, and test once it was read."""
    origin: Mapping[str, Any]
    """Study, trial, data, seed, versions."""
    masked_names: tuple[str, ...] = ()
    """Names that are masked in a text before anything else, as they were in training."""


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
    """Write all files but the network into a folder that is there."""
    labels: list[dict[str, Any]] = [{"name": name} for name in bundle.label_names]
    if not bundle.task.is_multiclass:
        pairs = zip(bundle.label_names, bundle.thresholds, strict=True)
        labels = [{"name": name, "threshold": value} for name, value in pairs]
    documents = {
        _FILE: {
            "format": FORMAT,
            "task": bundle.task,
            "negative_name": bundle.negative_name,
            "encoding": asdict(bundle.encoding),
            "masked_names": bundle.masked_names,
            "origin": bundle.origin,
        },
        "labels.json": labels,
        "hyperparameters.json": bundle.hyperparameters,
        "metrics.json": bundle.metrics,
    }
    for name, document in documents.items():
        text = json.dumps(document, ensure_ascii=False, indent=1, default=dict)
        (directory / name).write_text(f"{text}\n", encoding="utf-8")
    words = "".join(f"{word}\n" for word in bundle.vocabulary.words)
    (directory / "vocabulary.txt").write_text(words, encoding="utf-8")
    (directory / "README.md").write_text(_readme(bundle), encoding="utf-8")


def read_bundle(directory: Path) -> Bundle:
    """Read all files but the network.

    Raises:
        ExportError: the folder is no bundle, or a file of it is missing or damaged.
    """
    if not is_bundle(directory):
        raise ExportError(
            f"{directory}: expected a bundle (a folder with {_FILE}), found none",
            "Write one with `genre-search best --export DIR` or, in Python, `Study.export`.",
        )
    try:
        written = _read_json(directory / _FILE)
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
    labels = _read_json(directory / "labels.json")
    words = (directory / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    return Bundle(
        task=Task(written["task"]),
        label_names=tuple(label["name"] for label in labels),
        negative_name=written["negative_name"],
        thresholds=()
        if Task(written["task"]).is_multiclass
        else tuple(label["threshold"] for label in labels),
        encoding=Encoding(**written["encoding"]),
        vocabulary=Vocabulary(tuple(words)),
        hyperparameters=_read_json(directory / "hyperparameters.json"),
        metrics=_read_json(directory / "metrics.json"),
        origin=written["origin"],
        masked_names=tuple(written["masked_names"]),
    )


def _readme(bundle: Bundle) -> str:
    """Write the page for a person; its template is `bundle_readme.md`."""
    origin = "\n".join(f"| {key} | {value} |" for key, value in bundle.origin.items())
    measures = sorted({name for values in bundle.metrics.values() for name in values})
    table = [["measure", *bundle.metrics], ["---"] * (1 + len(bundle.metrics))]
    for name in measures:
        table.append([name, *(_number(of.get(name)) for of in bundle.metrics.values())])
    rows = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    template = Path(__file__).with_name("bundle_readme.md").read_text(encoding="utf-8")
    decision, unit = _ONE_CHOICE if bundle.task.is_multiclass else _THRESHOLDS
    return template.format(
        n_labels=len(bundle.label_names),
        decision=decision,
        measures=unit,
        rows=rows,
        origin=origin,
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
