"""What a corpus is: texts with their label sets, and where they came from.

Owns the value that every other room of the project reads; knows no file format and no split.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from .facts import FileFacts

LabelMatrix = npt.NDArray[np.uint8]


class Task(StrEnum):
    """What is predicted for a text."""

    MULTILABEL = "multilabel"
    """Any number of the labels, one output each."""
    BINARY = "binary"
    """One of two classes, one output: the probability of the positive one."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts with labels, in the order of the file."""

    name: str
    """Short name for run names and study names: a named corpus, or a file's stem."""
    texts: tuple[str, ...]
    """No text is empty."""
    labels: LabelMatrix
    """0 or 1, uint8, (n_texts, n_labels); n_labels is 1 for a binary task."""
    label_names: tuple[str, ...]
    """One name a column, all different; for a binary task the positive class."""
    task: Task
    negative_name: str = ""
    """The other class of a binary task; empty otherwise."""
    given_split: tuple[str, ...] = ()
    """Per text "train", "validation" or "test" where the file says so; else empty."""
    notes: tuple[str, ...] = ()
    """What the user should be told about how the file was read: columns found, rows dropped."""
    floor: float | None = None
    """Irreducible cross-entropy in nats a cell where it is known (generated data); else None."""
    met: FileFacts | None = None
    """What reading the file met, beside the texts; None where the corpus is read from no file."""
    sha256: str = field(init=False)
    """Hash over texts, labels, label names and given split: the whole content, not the file."""

    def __post_init__(self) -> None:
        """Check that the parts fit together, and hash them.

        Raises:
            ValueError: the shapes do not agree, a name repeats, or a text is empty.
        """
        if self.labels.shape != (len(self.texts), len(self.label_names)):
            raise ValueError(f"labels {self.labels.shape} do not fit texts and label names")
        if self.labels.dtype != np.uint8 or (self.labels.size and self.labels.max() > 1):
            raise ValueError("labels must be 0 or 1, uint8")
        if len(set(self.label_names)) != len(self.label_names):
            raise ValueError("label names must differ")
        if self.given_split and len(self.given_split) != len(self.texts):
            raise ValueError("given_split must be empty or have one entry a text")
        if not all(text.strip() for text in self.texts):
            raise ValueError("no text may be empty")
        object.__setattr__(self, "sha256", _hash(self))

    @property
    def positive_rate(self) -> float:
        """Share of the cells of the label matrix that are 1, in [0, 1]."""
        return float(self.labels.mean())


def _hash(corpus: Corpus) -> str:
    digest = hashlib.sha256()
    for part in (corpus.texts, corpus.label_names, corpus.given_split):
        for entry in part:
            encoded = entry.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        digest.update(b"|")
    digest.update(np.ascontiguousarray(corpus.labels).tobytes())
    return digest.hexdigest()
