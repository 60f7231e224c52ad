"""The state of a training after an epoch, kept in a file so that another one can continue from it.

Owns which parts of a network and its optimizer are kept, and the form of the file: one NumPy
archive without pickle, written whole or not at all. Knows no training loop.
"""

import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from ..trial.epoch import EpochReport

_FILE = "checkpoint.npz"
_LISTS = ("variables", "optimizer", "used")
Arrays = Sequence[npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A training after a whole epoch."""

    reports: tuple[EpochReport, ...]
    """Of every epoch from the first on."""
    variables: Arrays
    """Of the network after the last epoch, in its own order: weights, and the state of dropout."""
    optimizer: Arrays
    """The optimizer's variables, its learning rate among them."""
    used: Arrays
    """The network's weights at the epoch whose weights are used so far."""
    probabilities: npt.NDArray[np.float32]
    """Of the validation texts at that epoch, (n_texts, n_labels)."""
    order: str
    """State of the generator that shuffles the texts, as JSON."""

    def restore(self, network: keras.Model, shape: tuple[int, ...]) -> bool:
        """Restore a compiled network and its optimizer to their state after the last epoch.

        Args:
            network: to be changed.
            shape: that of the probabilities of its validation texts, (n_texts, n_labels).

        Returns:
            Whether that was possible. If a shape or type differs, nothing is changed.
        """
        variables, optimizer = _variables(network)
        kept = [*self.variables, *self.optimizer, *self.used]
        there = [*map(ops.convert_to_numpy, (*variables, *optimizer)), *network.get_weights()]
        are_alike = [(a.shape, a.dtype) for a in kept] == [(a.shape, a.dtype) for a in there]
        if not are_alike or self.probabilities.shape != shape:
            return False
        for variable, array in zip((*variables, *optimizer), kept, strict=False):
            variable.assign(array)
        return True


def copy_arrays(network: keras.Model) -> tuple[Arrays, Arrays]:
    """Copy the values of all variables of a compiled network, and those of its optimizer."""
    variables, optimizer = _variables(network)
    return [*map(ops.convert_to_numpy, variables)], [*map(ops.convert_to_numpy, optimizer)]


def write_checkpoint(checkpoint: Checkpoint, directory: Path) -> None:
    """Write a checkpoint into an existing folder; an older one is replaced."""
    arrays: dict[str, Any] = {
        f"{name}/{index:04d}": array
        for name in _LISTS
        for index, array in enumerate(getattr(checkpoint, name))
    }
    arrays["reports"] = np.array([astuple(report) for report in checkpoint.reports], np.float64)
    arrays["probabilities"] = checkpoint.probabilities
    arrays["order"] = np.array(checkpoint.order)
    beside = directory / f"{_FILE}.part"
    with beside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    os.replace(beside, directory / _FILE)


def read_checkpoint(directory: Path) -> Checkpoint | None:
    """Read the checkpoint of a folder; None if it is missing or damaged."""
    try:
        # Opened here, because NumPy 2.4 does not close a file that is not an archive.
        with (directory / _FILE).open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
        rows = arrays["reports"].tolist()
        reports = tuple(EpochReport(int(epoch), *measures) for epoch, *measures in rows)
        lists = {
            name: tuple(arrays[key] for key in sorted(arrays) if key.startswith(f"{name}/"))
            for name in _LISTS
        }
        order = str(arrays["order"])
        if not reports or [r.epoch for r in reports] != list(range(1, len(reports) + 1)):
            return None
        return Checkpoint(reports, probabilities=arrays["probabilities"], order=order, **lists)
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _variables(network: keras.Model) -> tuple[list[Any], list[Any]]:
    # Otherwise Keras 3.15 makes them at the first step; building them twice changes nothing.
    network.optimizer.build(network.trainable_variables)
    return network.variables, network.optimizer.variables
