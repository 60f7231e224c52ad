"""What can be recorded of a study or a trial. Owns the protocol; does not know MLflow."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol


class RunStatus(StrEnum):
    """How a run ended, in MLflow's words."""

    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


class Record(Protocol):
    """One run: of a study, or of a trial below it."""

    @property
    def run_id(self) -> str:
        """The id by which it is found again."""

    def params(self, values: Mapping[str, Any]) -> None:
        """Keep hyperparameters; each once."""

    def tags(self, values: Mapping[str, Any]) -> None:
        """Keep tags; a later one replaces an earlier one of the same name."""

    def metrics(self, values: Mapping[str, float], *, step: int = 0) -> None:
        """Keep the metrics of one step; NaN and infinite ones are left out."""

    def file(self, path: str, content: bytes) -> None:
        """Keep an artifact at a path such as "plots/curves.png"."""

    def folder(self, path: str, directory: Path) -> None:
        """Keep all files of a folder as artifacts below a path."""

    def drop(self, path: str) -> None:
        """Delete an artifact file or folder that is no longer wanted."""

    def describe(self, markdown: str) -> None:
        """Set the description that is shown above everything else."""

    def end(self, status: RunStatus) -> None:
        """Close the run."""


class Tracker(Protocol):
    """The record of one study: its own run and the runs below it."""

    @property
    def study(self) -> Record:
        """The run of the study."""

    def trial(self, number: int, name: str, tags: Mapping[str, Any]) -> Record:
        """Open the run of a trial, below the study's."""

    def beside(self, kind: str, name: str) -> Record:
        """Open a run below the study's for something else, such as a baseline or confirmation."""

    def reopen(self, run_id: str) -> Record:
        """Get an existing run."""
