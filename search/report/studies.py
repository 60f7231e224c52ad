"""Studies beside each other. Owns the rows and forms of their list; knows no store."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .leaderboard import cell

COLUMNS = {"name": "study", "corpus": "corpus", "space": "space", "objective": "objective",
           "engine": "engine", "trials": "trials", "best": "best", "last_searched": "last searched",
           "runs": "runs in MLflow"}  # fmt: skip
"""Heading of each column of the table."""
_WORDS = {
    "COMPLETE": "complete",
    "PRUNED": "pruned",
    "RUNNING": "running",
    "WAITING": "waiting",
    "REUSED": "reused",
    "FAIL": "failed",
    "CUT_OFF": "cut off",
    "REFUSED": "refused",
}
"""What is said of each kind of trial, in the order in which it is said."""


class Runs(StrEnum):
    """Whether a study's run stands in MLflow."""

    THERE = "there"
    GONE = "gone"
    ALONE = "there, but no study"
    UNKNOWN = "not reached"


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study in a list."""

    name: str
    corpus: str | None
    """None, as the following, where only MLflow knows of the study."""
    space: str | None
    objective: str | None
    engine: str | None
    counts: Mapping[str, int]
    """Trials by what became of them, in Optuna's words and REUSED, CUT_OFF, REFUSED."""
    best: float | None
    """The first objective of the winner; None without one."""
    best_trial: int | None
    last_searched: datetime | None
    runs: Runs

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON."""
        searched = self.last_searched
        return {
            "name": self.name,
            "corpus": self.corpus,
            "space": self.space,
            "objective": self.objective,
            "engine": self.engine,
            "trials": {_WORDS[kind]: self.counts.get(kind, 0) for kind in _WORDS},
            "best": self.best,
            "best_trial": self.best_trial,
            "last_searched": None if searched is None else searched.isoformat(timespec="seconds"),
            "runs": self.runs.value,
        }


def counted(counts: Mapping[str, int]) -> str:
    """Say how many trials there are of each kind: "12 complete, 1 failed"."""
    parts = [f"{counts[kind]:,} {word}" for kind, word in _WORDS.items() if counts.get(kind)]
    return ", ".join(parts) or "none"


def shown_study(row: StudyRow, column: str) -> str:
    """Write a cell of the table of studies."""
    if column == "trials":
        return counted(row.counts) if row.corpus is not None else ""
    if column == "last_searched":
        return "" if row.last_searched is None else f"{row.last_searched:%Y-%m-%d %H:%M}"
    return cell(row.as_dict()[column])


def studies_json(rows: Sequence[StudyRow]) -> str:
    """Write the studies as a JSON list."""
    return json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1)


def studies_csv(rows: Sequence[StudyRow]) -> str:
    """Write the studies as CSV, a column for each kind of trial."""
    text = io.StringIO()
    flat = []
    for row in rows:
        fields = row.as_dict()
        kinds = fields.pop("trials")
        flat.append(fields | {f"trials.{word}": number for word, number in kinds.items()})
    names = list(flat[0]) if flat else ["name"]
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue()
