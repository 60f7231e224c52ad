"""A space of networks that train in a second, searched in a folder with the films."""

import json
from pathlib import Path
from typing import Any

from optuna.trial import FrozenTrial

from tests.films import write_films
from tests.workspace import Finished, Workspace, make_workspace

SPACE = """
name: small
description: Networks that train in a second.
hyperparameters:
  vocabulary_size: 100
  sequence_length: 12
  padded_length: longest
  embedding_size: 4
  cell: simple_rnn
  units_1: {type: int, low: 2, high: 8}
  pooling: mean
  learning_rate: {type: float, low: 1e-6, high: 1e-1, log: true}
  batch_size: 64
"""


def make_films(folder: Path, database: Path, space: str = SPACE) -> Workspace:
    """Make a folder with the films, and a space as `small.yaml`."""
    workspace = make_workspace(folder, database)
    write_films(workspace.folder / "films.csv")
    (workspace.folder / "small.yaml").write_text(space, encoding="utf-8")
    return workspace


def command(study: str, *arguments: str) -> tuple[str, ...]:
    """Give the command that searches a study of two epochs; arguments can say otherwise."""
    films = ("--data", "films.csv", "--space", "small.yaml", "--epochs", "2", "--target", "none")
    return ("search", *films, "--study", study, *arguments)


def search(workspace: Workspace, study: str, *arguments: str) -> Finished:
    """Search a study to its end."""
    finished = workspace.run(*command(study, *arguments))
    assert finished.code == 0, finished.err
    return finished


def rows_of(workspace: Workspace, study: str) -> list[dict[str, Any]]:
    """List the trials of a study that were trained, by number, as they are printed."""
    printed = workspace.run("trials", "--study", study, "--format", "json")
    assert printed.code == 0, printed.err
    rows = [row for row in json.loads(printed.out) if row["number"] is not None]
    return sorted(rows, key=lambda row: int(row["number"]))


def kept_of(workspace: Workspace, study: str) -> list[FrozenTrial]:
    """List all trials of a study by number as the store keeps them."""
    trials: list[FrozenTrial] = workspace.store.load(study).get_trials()
    return trials


def trials_with(workspace: Workspace, study: str, artifact: str) -> set[int]:
    """Give the numbers of the trials in whose runs an artifact is there."""
    return {
        int(run.data.tags["trial"])
        for run in workspace.trial_runs(study)
        if artifact in workspace.artifacts(run.info.run_id)
    }
