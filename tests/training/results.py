"""Results of trainings that never were, made by hand. Knows no test."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from search.metrics.matrices import Singles
from search.training.result import TrainingResult
from search.trial.state import StopReason
from tests.trials import make_training


def write_weights(directory: Path, content: bytes) -> None:
    """Write the one file of a network, or of a checkpoint, into a folder that is there."""
    (directory / "weights.bin").write_bytes(content)


def make_result(
    value: float,
    *,
    gap: float = 0.01,
    stop_reason: StopReason = StopReason.EPOCHS,
    metrics: Mapping[str, float] | None = None,
    probabilities: Singles | None = None,
    save: Callable[[Path], None] = lambda folder: write_weights(folder, b"network"),
    save_checkpoint: Callable[[Path], None] = lambda folder: write_weights(folder, b"last epoch"),
) -> TrainingResult:
    """Make the result of a training of one epoch.

    Args:
        value: its validation loss.
        gap: of its diagnosis.
        stop_reason: why it ended.
        metrics: further ones than its loss and those of its diagnosis.
        probabilities: for validation; None for a half for each of two texts with one label.
        save: writes its network.
        save_checkpoint: writes its last epoch.
    """
    measured = {"val_loss": value, "gap": gap, "slope": 0.0} | dict(metrics or {})
    return TrainingResult(
        value=value,
        training=make_training(measured, gap=gap, curve=value, stop_reason=stop_reason),
        label_metrics={"f1/War": 0.5},
        files={"plots/curve.png": b"a curve"},
        probabilities=np.full((2, 1), 0.5, np.float32) if probabilities is None else probabilities,
        save=save,
        save_checkpoint=save_checkpoint,
    )
