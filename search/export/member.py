"""One member of a bundle: a model with the words that it reads. Owns the files of its folder.

    vocabulary.txt        a word a line; what a line stands for depends on the kind of the model
    hyperparameters.json  what the model was built and trained with
    member.json           how a network reads texts; where the model came from
    model.keras           a network, or
    linear.npz            a linear model

Knows neither Keras nor the other members.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..text.buckets import Encoding
from ..text.vocabulary import Vocabulary

MODEL_FILE = "model.keras"
FOLDER = "members"
_FACTS = "member.json"
_HYPERPARAMETERS = "hyperparameters.json"
_WORDS = "vocabulary.txt"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Letters, digits, ".", "_" and "-": no separator, so that no folder lies outside the bundle."""


class Kind(StrEnum):
    """What a member is."""

    NETWORK = "network"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Member:
    """A model of a bundle, without its weights."""

    name: str
    """For a person: "trial 3"."""
    folder: str
    """Below `members/`; a letter or digit, then letters, digits, ".", "_" and "-"."""
    vocabulary: Vocabulary
    """The words that it reads: of a network most frequent first, of a linear model as its weights
    are."""
    encoding: Encoding | None
    """How a network reads a text; None for a linear model, which counts words."""
    hyperparameters: Mapping[str, Any]
    origin: Mapping[str, Any]
    """Trial, seed, strength: what is known of this member alone."""
    weight: float = 1.0
    """Its share of the mean of the probabilities, above 0 and at most 1."""

    def __post_init__(self) -> None:
        """Check the folder and the weight.

        Raises:
            ValueError: the folder has other characters, or the weight is out of range.
        """
        if not _SAFE.fullmatch(self.folder):
            raise ValueError(
                f"folder of a member must be letters, digits, '.', '_' and '-', got {self.folder!r}"
            )
        if not 0.0 < self.weight <= 1.0:
            raise ValueError(f"weight of {self.folder} must be in (0, 1], got {self.weight}")

    @property
    def kind(self) -> Kind:
        """What it is: a network has an encoding."""
        return Kind.LINEAR if self.encoding is None else Kind.NETWORK

    def locate(self, directory: Path) -> Path:
        """Return its folder in the bundle that is at `directory`."""
        return directory / FOLDER / self.folder

    def list_facts(self) -> dict[str, Any]:
        """List what the bundle says of it."""
        facts = {"folder": self.folder, "kind": self.kind, "name": self.name}
        return {**facts, "weight": self.weight}


def write_member(member: Member, directory: Path) -> None:
    """Write all files but the model into the member's folder, which is made if there is none.

    Args:
        member: what is written.
        directory: of the bundle.
    """
    folder = member.locate(directory)
    folder.mkdir(parents=True, exist_ok=True)
    encoding = None if member.encoding is None else asdict(member.encoding)
    write_json(folder / _FACTS, {"encoding": encoding, "origin": member.origin})
    write_json(folder / _HYPERPARAMETERS, member.hyperparameters)
    words = "".join(f"{word}\n" for word in member.vocabulary.words)
    (folder / _WORDS).write_text(words, encoding="utf-8")


def read_member(directory: Path, facts: Mapping[str, Any]) -> Member:
    """Read all files of a member but its model.

    Args:
        directory: of the bundle.
        facts: as `Member.list_facts` lists them.

    Raises:
        OSError, ValueError, KeyError, TypeError: a file is missing or damaged, or the folder
            lies outside the bundle.
    """
    name, folder, weight = facts["name"], facts["folder"], facts["weight"]
    kind = Kind(facts["kind"])
    # Made before anything is read: it checks the folder.
    unread = Member(name, folder, Vocabulary(()), None, {}, {}, weight)
    place = unread.locate(directory)
    written = read_json(place / _FACTS)
    return Member(
        name=name,
        folder=folder,
        vocabulary=Vocabulary(tuple((place / _WORDS).read_text(encoding="utf-8").splitlines())),
        encoding=None if kind is Kind.LINEAR else Encoding(**written["encoding"]),
        hyperparameters=read_json(place / _HYPERPARAMETERS),
        origin=written["origin"],
        weight=weight,
    )


def make_folder_name(name: str) -> str:
    """Make the name of a folder from any name: "Trial 3" is "trial-3", "" is "member"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "member"


def read_json(path: Path) -> Any:
    """Read a JSON document in UTF-8.

    Raises:
        OSError, ValueError: it is not there, or is none.
    """
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document in UTF-8."""
    text = json.dumps(document, ensure_ascii=False, indent=1, default=dict)
    path.write_text(f"{text}\n", encoding="utf-8")
