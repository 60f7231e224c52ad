"""The loss of each validation text, as every trial's run keeps it."""

import tempfile
from pathlib import Path

import numpy as np

from ..metrics.matrices import Floats
from ..tracking.mlflow_tracker import MlflowServer

TEXT_LOSSES_FILE = "text_losses.csv"


def read_text_losses(server: MlflowServer, run_id: str) -> Floats:
    """Read the loss of each validation text from a run, in nats, float64, (n_validation,).

    Raises:
        TrackingError: the run is gone, or does not have them.
        ValueError: the file is damaged.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = server.record(run_id).download(TEXT_LOSSES_FILE, Path(folder))
        return np.loadtxt(path, delimiter=",", skiprows=1, usecols=1, ndmin=1)
