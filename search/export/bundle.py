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

from ..data.corpus import Task
from ..errors import ExportError
from ..text.buckets import Encoding
from ..text.vocabulary import Vocabulary

FORMAT = 2
_FORMATS = (1, FORMAT)
"""Those that can be read: 1 masks no names."""
MODEL_FILE = "model.keras"
_FILE = "bundle.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything in a bundle but the network."""

    task: Task
    label_names: tuple[str, ...]
    negative_name: str
    """The other class of a binary task; empty otherwise."""
    thresholds: tuple[float, ...]
    """A label is predicted where its probability is at least this; one a label."""
    encoding: Encoding
    vocabulary: Vocabulary
    hyperparameters: Mapping[str, Any]
    metrics: Mapping[str, Mapping[str, float]]
    """By split: validation, and test once it was read."""
    origin: Mapping[str, Any]
    """Study, trial, data, seed, versions."""
    masked_names: tuple[str, ...] = ()
    """Names that are masked in a text before anything else, as they were in training."""

    def __post_init__(self) -> None:
        """Check that the parts fit together.

        Raises:
            ValueError: there are not as many thresholds as labels.
        """
        if len(self.thresholds) != len(self.label_names):
            raise ValueError("a bundle has one threshold a label")


def is_bundle(directory: Path) -> bool:
    """Tell whether a folder looks like a bundle."""
    return (directory / _FILE).is_file()


def check_free(directory: Path, *, force: bool) -> None:
    """Make sure that a bundle may be written to a folder: none is there, an empty one, or by force.

    Raises:
        ExportError: it is there, or below a file, or force would replace what is no bundle.
    """
    above = next((path for path in directory.absolute().parents if path.exists()), directory)
    if not above.is_dir():
        raise ExportError(
            f"{directory}: expected a folder, but {above} is a file",
            "Name another with --export.",
        )
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    if not force:
        raise ExportError(
            f"{directory}: expected no folder of this name, but it is there already",
            "Name another with --export, or replace it with --force.",
        )
    if not is_bundle(directory):
        raise ExportError(
            f"{directory}: --force replaces a bundle only, and this is none",
            "Name another folder with --export.",
        )


def write_bundle(bundle: Bundle, directory: Path) -> None:
    """Write all files but the network into a folder that is there."""
    labels = [
        {"name": name, "threshold": threshold}
        for name, threshold in zip(bundle.label_names, bundle.thresholds, strict=True)
    ]
    facts = {
        "format": FORMAT,
        "task": bundle.task.value,
        "negative_name": bundle.negative_name,
        "encoding": asdict(bundle.encoding),
        "masked_names": list(bundle.masked_names),
        "origin": dict(bundle.origin),
    }
    _write_json(directory / _FILE, facts)
    _write_json(directory / "labels.json", labels)
    _write_json(directory / "hyperparameters.json", dict(bundle.hyperparameters))
    _write_json(directory / "metrics.json", {k: dict(v) for k, v in bundle.metrics.items()})
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
            "Write one with `genre-search best --export DIR`.",
        )
    try:
        facts = _read_json(directory / _FILE)
        if facts["format"] not in _FORMATS:
            raise ExportError(
                f"{directory}: expected a bundle of format {FORMAT} or less, got {facts['format']}",
                "Read it with the version of genre-search that wrote it.",
            )
        labels = _read_json(directory / "labels.json")
        words = (directory / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
        return Bundle(
            task=Task(facts["task"]),
            label_names=tuple(label["name"] for label in labels),
            negative_name=facts["negative_name"],
            thresholds=tuple(label["threshold"] for label in labels),
            encoding=Encoding(**facts["encoding"]),
            vocabulary=Vocabulary(tuple(words)),
            hyperparameters=_read_json(directory / "hyperparameters.json"),
            metrics=_read_json(directory / "metrics.json"),
            origin=facts["origin"],
            masked_names=tuple(facts.get("masked_names", ())),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportError(
            f"{directory}: expected a whole bundle, but it cannot be read: {error}",
            "Export it again with `genre-search best --export DIR`.",
        ) from error


def _readme(bundle: Bundle) -> str:
    origin = "\n".join(f"| {key} | {value} |" for key, value in bundle.origin.items())
    measures = sorted({name for values in bundle.metrics.values() for name in values})
    splits = list(bundle.metrics)
    rows = "\n".join(
        f"| {name} | "
        + " | ".join(_number(bundle.metrics[split].get(name)) for split in splits)
        + " |"
        for name in measures
    )
    header = f"| measure | {' | '.join(splits)} |\n|{' --- |' * (len(splits) + 1)}"
    return f"""# A text classifier, found by genre-search

It gives each of {len(bundle.label_names)} labels a probability; `labels.json` has their names and
the thresholds (tuned on validation) from which a label counts as predicted.

    genre-search predict --model . "A detective hunts a killer through the rain."

## Measures
F1 on validation is scored with thresholds from the other half of validation; on test, with the
thresholds of this bundle. Losses are binary cross-entropy in nats, averaged over texts and labels.

{header}
{rows}

## Origin
| | |
| --- | --- |
{origin}

## Files
`model.keras` maps token ids (int32, padding is 0) to probabilities and loads with
`keras.saving.load_model` in safe mode. A word's token id is its line in `vocabulary.txt` plus 1;
unknown words are 1. `bundle.json` says how texts are cut and padded, and which names are masked in
them first (`masked_names`), if any.
"""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
