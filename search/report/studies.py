"""Studies beside each other. Owns the rows and forms of their list; knows no store."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from . import tables

COLUMNS = {"name": "study", "corpus": "corpus", "space": "space", "objective": "objective",
           "engine": "engine", "trials": "trials", "best": "best", "last_searched": "last searched",
           "runs": "runs in MLflow"}  # fmt: skip
"""Heading of each column of the table."""
WORDS = {
    "COMPLETE": "complete",
    "PRUNED": "pruned",
    "RUNNING": "running",
    "WAITING": "waiting",
    "REUSED": "reused",
    "FAIL": "failed",
    "CUT_OFF": "interrupted",
    "REFUSED": "refused",
}
"""The word for each kind of trial, in the order in which kinds are listed."""


class Runs(StrEnum):
    """Whether a study has its run in MLflow."""

    THERE = "there"
    GONE = "gone"
    ALONE = "there, but no study"
    UNKNOWN = "not reached"


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study in a list."""

    name: str
    corpus: str | None = None
    """None, like the following, for a study that only MLflow knows."""
    space: str | None = None
    objective: str | None = None
    engine: str | None = None
    trials: Mapping[str, int] = field(default_factory=dict)
    """How many there are by their state, in Optuna's words, or by REUSED, CUT_OFF and REFUSED."""
    best: float | None = None
    """The first objective of the best network; None without one."""
    best_trial: int | None = None
    last_searched: datetime | None = None
    runs: Runs = Runs.ALONE

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON has it."""
        searched = self.last_searched
        return asdict(self) | {
            "trials": {word: self.trials.get(kind, 0) for kind, word in WORDS.items()},
            "last_searched": None if searched is None else searched.isoformat(timespec="seconds"),
        }


def describe_counts(counts: Mapping[str, int]) -> str:
    """Say how many trials there are of each kind: "12 complete, 1 failed"."""
    parts = [f"{counts[kind]:,} {word}" for kind, word in WORDS.items() if counts.get(kind)]
    return ", ".join(parts) or "none"


def format_cell(row: StudyRow, column: str) -> str:
    """Write a cell of the table of studies."""
    if column == "trials":
        return describe_counts(row.trials) if row.corpus is not None else ""
    if column == "last_searched":
        return "" if row.last_searched is None else f"{row.last_searched:%Y-%m-%d %H:%M}"
    return tables.format_value(row.as_dict()[column])


def format_json(rows: Iterable[StudyRow]) -> str:
    """Write the studies as a JSON list."""
    return tables.format_json([row.as_dict() for row in rows])


def format_csv(rows: Iterable[StudyRow]) -> str:
    """Write the studies as CSV, a column for each kind of trial."""
    return tables.format_csv([row.as_dict() for row in rows], columns=["name"])
