"""Texts with their label sets: what every way of reading makes, and what the rest reads.

Owns the label matrix and the hash over the content. Knows no name of a corpus, no file format and
no split.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..metrics.matrices import check_choices
from ..metrics.task import Task
from ..text.tokens import Tokens, tokenize
from .file_facts import FileFacts

LabelMatrix = npt.NDArray[np.uint8]


# Without slots, which leave a cached property no place.
@dataclass(frozen=True)
class LabelledTexts:
    """Texts with labels, in the order in which they were read."""

    texts: tuple[str, ...]
    """No text is empty."""
    labels: LabelMatrix
    """0 or 1, uint8, (n_texts, n_labels); n_labels is 1 for a binary task."""
    label_names: tuple[str, ...]
    """One name a column, all different; for a binary task the positive class."""
    task: Task
    """What is predicted; of a multiclass one each row of `labels` has exactly one 1."""
    negative_name: str = ""
    """The other class of a binary task; empty otherwise."""
    given_split: tuple[str, ...] = ()
    """Per text "train", "validation" or "test" where the file says so; else empty."""
    notes: tuple[str, ...] = ()
    """Sentences for the user on how the texts were read: columns detected, rows dropped."""
    floor: float | None = None
    """Lowest loss that any model can have, in nats an entry of the label matrix, where it is known
    (generated data); else None."""
    file_facts: FileFacts | None = None
    """What the file held beside the texts; None where there was no file."""
    sha256: str = field(init=False)
    """Hash over texts, labels, label names and given split: the whole content, not the file."""

    def __post_init__(self) -> None:
        """Check that the fields fit together, and hash them.

        Raises:
            ValueError: the shapes do not agree, a name repeats, a text is empty, or a text has not
                exactly one label where the task asks for that.
        """
        if self.labels.shape != (len(self.texts), len(self.label_names)):
            raise ValueError(f"labels {self.labels.shape} do not fit texts and label names")
        if self.labels.dtype != np.uint8 or (self.labels.size and self.labels.max() > 1):
            raise ValueError("labels must be 0 or 1, uint8")
        if self.task.is_multiclass and self.labels.size:
            check_choices(self.labels)
        if len(set(self.label_names)) != len(self.label_names):
            raise ValueError("label names must differ")
        if self.given_split and len(self.given_split) != len(self.texts):
            raise ValueError("given_split must be empty or have one entry a text")
        if not all(text.strip() for text in self.texts):
            raise ValueError("no text may be empty")
        object.__setattr__(self, "sha256", _hash(self))

    @cached_property
    def tokens(self) -> Tokens:
        """The words of the texts; split when first asked for, and kept."""
        return tokenize(self.texts)

    @property
    def outcome_names(self) -> tuple[str, ...]:
        """What a text can be: the labels, or both classes of a binary task."""
        return (*self.label_names, *filter(None, [self.negative_name]))

    @property
    def outcomes(self) -> LabelMatrix:
        """Which of the outcomes each text has: 0 or 1, uint8, (n_texts, n_outcomes)."""
        return np.hstack([self.labels, 1 - self.labels]) if self.negative_name else self.labels

    @property
    def outcome_counts(self) -> dict[str, int]:
        """Number of texts of each outcome."""
        counts = self.outcomes.sum(axis=0, dtype=np.int64).tolist()
        return dict(zip(self.outcome_names, counts, strict=True))

    @property
    def positive_rate(self) -> float:
        """Share of the entries of the label matrix that are 1, in [0, 1]."""
        return float(self.labels.mean())


def _hash(content: LabelledTexts) -> str:
    digest = hashlib.sha256()
    for part in (content.texts, content.label_names, content.given_split):
        for entry in part:
            encoded = entry.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        digest.update(b"|")
    digest.update(np.ascontiguousarray(content.labels).tobytes())
    return digest.hexdigest()
