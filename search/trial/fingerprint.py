"""What trials must share to be comparable: one study, one fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..errors import StudyError

_SHARED = ("data", "split", "objective", "epochs", "embeddings", "task")
"""Parts that the values of two studies must share so that they mean the same."""
_HASHES = ("data", "split", "space", "embeddings")
_LENGTH = 12
"""Characters of a hash that are shown."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What trials must share to be comparable."""

    data: str
    """SHA-256 of the corpus."""
    split: str
    """SHA-256 of the split."""
    space: str
    """Hash of the space."""
    objective: str
    """Names of the objectives, separated by commas."""
    epochs: int
    seed: int
    max_gap: float | None = None
    """Which trials can win; None for no limit."""
    embeddings: str | None = None
    """SHA-256 of the file of word embeddings; None without one."""
    engine: str | None = None
    """Engine and tuner, whose state belongs to the study; None for Optuna, which has none."""
    task: str | None = None
    """What is predicted, where each text has exactly one label; None for the other tasks, which
    differ in their data."""

    @property
    def parts(self) -> dict[str, str | int | float]:
        """The parts that are not None, in a fixed order, as the store and the hash have them.

        A study's default name ends with the hash.
        """
        return {name: part for name, part in asdict(self).items() if part is not None}

    @property
    def short(self) -> str:
        """The first 8 characters of the hash of all parts."""
        return hash_parts(self.parts)

    def list_differences(self, other: "Fingerprint") -> list[str]:
        """Name the parts that differ."""
        return [f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name)]

    def is_comparable(self, other: "Fingerprint") -> bool:
        """Tell whether the values of another study's trials mean the same as this one's."""
        return not set(self.list_differences(other)) & set(_SHARED)

    def has_same_split(self, other: "Fingerprint") -> bool:
        """Tell whether two studies predict the same of the same data and the same split of them."""
        mine = (self.data, self.split, self.task)
        return mine == (other.data, other.split, other.task)

    def check(self, known: "Fingerprint", name: str) -> None:
        """Refuse to continue a study that was created with another fingerprint.

        Raises:
            StudyError: the fingerprints differ; it names every part that does.
        """
        changed = self.list_differences(known)
        if changed:
            parts = (f"{k} was {known.shorten(k)}, is {self.shorten(k)}" for k in changed)
            raise StudyError(
                f"study {name}: its trials cannot be compared with new ones (its fingerprint is "
                f"{known.short}, that of these settings {self.short}): {'; '.join(parts)}",
                "Give the settings it was created with, or another `name`; with `start_from` a new "
                "study begins with the trials of this one.",
            )

    def check_comparable(self, other: "Fingerprint", names: tuple[str, str]) -> None:
        """Refuse to rank the trials of two studies together where their values do not compare.

        Raises:
            StudyError: they do not; it names the parts that differ.
        """
        changed = [part for part in self.list_differences(other) if part in _SHARED]
        if changed:
            parts = (f"{p} {self.shorten(p)} and {other.shorten(p)}" for p in changed)
            raise StudyError(
                f"studies {names[0]} and {names[1]}: expected values that compare, but they differ "
                f"in {'; '.join(parts)}",
                "Leave one of them out, or print each by itself.",
            )

    def shorten(self, part: str) -> str:
        """Write one part for a person: of a hash the first characters, everything else in full."""
        text = str(getattr(self, part))
        return text[:_LENGTH] if part in _HASHES else text


def hash_parts(parts: Mapping[str, Any]) -> str:
    """Return the first 8 characters of the SHA-256 of named parts as JSON, in their order."""
    return hashlib.sha256(json.dumps(dict(parts)).encode()).hexdigest()[:8]
