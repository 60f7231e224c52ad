"""The record of a study in memory: what MLflow would get, to be looked at."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.tracking.record import RunStatus


@dataclass
class MemoryRecord:
    """One run with everything that was recorded of it."""

    run_id: str
    name: str
    kept_params: dict[str, Any] = field(default_factory=dict)
    kept_tags: dict[str, Any] = field(default_factory=dict)
    kept_metrics: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    description: str = ""
    status: RunStatus | None = None

    def params(self, values: Mapping[str, Any]) -> None:
        """Keep hyperparameters."""
        self.kept_params.update(values)

    def tags(self, values: Mapping[str, Any]) -> None:
        """Keep tags."""
        self.kept_tags.update(values)

    def metrics(self, values: Mapping[str, float], *, step: int = 0) -> None:
        """Keep numbers of one step; those that are no finite number are left out."""
        for name, value in values.items():
            if math.isfinite(value):
                self.kept_metrics.setdefault(name, []).append((step, value))

    def file(self, path: str, content: bytes) -> None:
        """Keep an artifact."""
        self.files[path] = content

    def folder(self, path: str, directory: Path) -> None:
        """Keep all files of a folder."""
        for file in directory.rglob("*"):
            if file.is_file():
                self.files[f"{path}/{file.relative_to(directory)}"] = file.read_bytes()

    def drop(self, path: str) -> None:
        """Forget a file or folder."""
        for file in [file for file in self.files if file == path or file.startswith(f"{path}/")]:
            del self.files[file]

    def describe(self, markdown: str) -> None:
        """Set the description."""
        self.description = markdown

    def end(self, status: RunStatus) -> None:
        """Close the run."""
        self.status = status


class MemoryTracker:
    """The record of one study."""

    def __init__(self) -> None:
        """Open the run of the study."""
        self.study = MemoryRecord("study", "study")
        self.trials: list[MemoryRecord] = []
        self.others: list[MemoryRecord] = []

    def trial(self, number: int, name: str, tags: Mapping[str, Any]) -> MemoryRecord:
        """Open the run of a trial."""
        record = MemoryRecord(
            f"trial-{len(self.trials)}", name, kept_tags={"trial": number, **tags}
        )
        self.trials.append(record)
        return record

    def beside(self, kind: str, name: str) -> MemoryRecord:
        """Open a run that is no trial's."""
        record = MemoryRecord(f"{kind}-{len(self.others)}", name, kept_tags={"kind": kind})
        self.others.append(record)
        return record

    def reopen(self, run_id: str) -> MemoryRecord:
        """Take up a run that is there."""
        runs = [self.study, *self.trials, *self.others]
        return next(run for run in runs if run.run_id == run_id)
