"""What a study is asked to do, and what makes two studies the same one.

Owns the settings, the fingerprint and the default name; knows neither store.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..engines.trials import TrialRecord
from ..errors import StudyError
from ..training.history import Objective
from .objectives import Objectives

DEFAULT_TARGET = 0.05
"""Validation loss that a search drives at unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Budget:
    """When a study ends."""

    n_trials: int
    """Total of complete and pruned trials over all runs of the study, at least 1."""
    timeout_seconds: float | None = None
    """Wall clock of this run of the study; None for no limit."""
    target: float | None = None
    """The study ends at the first trial as good as this; None for none."""
    patience: int | None = None
    """The study ends when so many trials in a row, 1 or more, were no better; None for never."""
    max_parameters: int | None = None
    """Proposals with more weights are refused untrained; None for no limit."""
    max_gap: float | None = None
    """Trials whose gap is larger are infeasible; nats a cell, None for no limit."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            StudyError: a number that is no budget.
        """
        if self.n_trials < 1:
            raise StudyError(
                f"--trials: expected 1 or more, got {self.n_trials}",
                "Give the total of trials that the study shall have, such as --trials 12.",
            )
        timeout = self.timeout_seconds
        if timeout is not None and not 0 < timeout < math.inf:
            raise StudyError(
                f"--timeout: expected more than 0 seconds, got {timeout:g}",
                "Give seconds, such as --timeout 3600, or leave it off for no limit.",
            )
        if self.patience is not None and self.patience < 1:
            raise StudyError(
                f"--patience: expected 1 or more, got {self.patience}",
                "Give a number of trials, such as --patience 10, or leave it off.",
            )
        if self.max_parameters is not None and self.max_parameters < 1:
            raise StudyError(
                f"--max-parameters: expected 1 or more, got {self.max_parameters}",
                "Give a number of weights, such as --max-parameters 500000.",
            )
        if self.max_gap is not None and not 0 <= self.max_gap < math.inf:
            raise StudyError(
                f"--max-gap: expected 0 or more, got {self.max_gap:g}",
                "Give validation minus train loss in nats a cell, such as --max-gap 0.02.",
            )

    def excess_of(self, record: TrialRecord) -> dict[str, float]:
        """Tell by how much a trained trial lies beyond each limit that there is; up to 0 within.

        Nats for the gap, a share of the limit for the number of weights.
        """
        metrics, excess = record.facts.get("metrics", {}), {}
        if self.max_gap is not None and "gap" in metrics:
            excess["gap"] = metrics["gap"] - self.max_gap
        if self.max_parameters is not None and "parameters" in metrics:
            excess["parameters"] = metrics["parameters"] / self.max_parameters - 1.0
        return excess


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What trials must share to be comparable: one study, one fingerprint."""

    data: str
    """SHA-256 of the corpus."""
    split: str
    """SHA-256 of the split."""
    space: str
    """Hash of the space."""
    objective: str
    n_epochs: int
    seed: int
    max_gap: float | None = None
    """Which trials can win; None for no limit."""
    embeddings: str | None = None
    """SHA-256 of the file of word embeddings; None without one."""
    engine: str | None = None
    """Engine and tuner, whose state belongs to the study; None for Optuna, which has none."""

    @property
    def short(self) -> str:
        """The first 8 characters of a hash over everything."""
        return short_hash(self.as_dict())

    def as_dict(self) -> dict[str, str | int | float]:
        """Give the parts by name, in a fixed order; those that are None are left out."""
        parts: dict[str, str | int | float] = {
            "data": self.data,
            "split": self.split,
            "space": self.space,
            "objective": self.objective,
            "epochs": self.n_epochs,
            "seed": self.seed,
        }
        others = {
            "max_gap": self.max_gap,
            "embeddings": self.embeddings,
            "engine": self.engine,
        }
        return parts | {name: part for name, part in others.items() if part is not None}

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> Self:
        """Take what `as_dict` gave."""
        return cls(**{"n_epochs" if part == "epochs" else part: v for part, v in known.items()})

    def is_comparable(self, known: Mapping[str, str | int | float]) -> bool:
        """Tell whether the values of another study's trials mean the same as this one's."""
        here = self.as_dict()
        shared = ("data", "split", "objective", "epochs", "embeddings")
        return all(here.get(part) == known.get(part) for part in shared)

    def check(self, known: Mapping[str, str | int | float], name: str) -> None:
        """Hold this against the fingerprint a study was begun with.

        Raises:
            StudyError: they differ, with what differs.
        """
        here = self.as_dict()
        keys = dict.fromkeys([*here, *known])
        changed = [key for key in keys if known.get(key) != here.get(key)]
        if changed:
            parts = (f"{k} was {_cut(known.get(k))}, is {_cut(here.get(k))}" for k in changed)
            raise StudyError(
                f"study {name}: its trials cannot be compared with new ones (its fingerprint is "
                f"{short_hash(known)}, that of these settings {self.short}): {'; '.join(parts)}",
                "Give the settings it was begun with, begin another study from what it has found "
                "with --fork NEW, or give another name with --study.",
            )


def short_hash(parts: Mapping[str, Any]) -> str:
    """Give the first 8 characters of a SHA-256 over named parts, JSON, in their order."""
    return hashlib.sha256(json.dumps(dict(parts)).encode()).hexdigest()[:8]


def default_name(
    corpus: str, space: str, fingerprint: Fingerprint, variant: Mapping[str, Any]
) -> str:
    """Name a study after its corpus, its space and its fingerprint.

    Args:
        corpus: its name.
        space: its name.
        fingerprint: of the study.
        variant: what else makes it another study unless it is named, JSON; empty for nothing.
    """
    plain = re.sub(r"[^\w.-]+", "_", corpus)
    parts = fingerprint.as_dict() | ({"variant": variant} if variant else {})
    return f"{plain}-{space}-{short_hash(parts)}"


def check_name(name: str, option: str = "--study") -> None:
    """Refuse a name that could not be written in an address, a path or a query, and "latest".

    Raises:
        StudyError: it has other characters than letters, digits, `.`, `_` and `-`, or stands for
            the study searched last.
    """
    if name == "latest":
        raise StudyError(
            f"{option}: expected a name, got 'latest', which stands for the study searched last",
            "Give its name, which `genre-search trials` prints.",
        )
    if not re.fullmatch(r"[\w.-]+", name):
        raise StudyError(
            f"{option}: expected letters, digits, '.', '_' and '-', got {name!r}",
            "Give another name.",
        )


def default_target(objectives: Objectives) -> float | None:
    """Give the target where none was asked for: 0.05 for the loss alone, else none."""
    return DEFAULT_TARGET if objectives.names == (Objective.VAL_LOSS.value,) else None


def _cut(value: object) -> str:
    return str(value)[:12]
