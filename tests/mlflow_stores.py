"""A tracking store of a test's own, in a folder. Knows no study and no command line."""

import shutil
from pathlib import Path

from search.tracking.mlflow_tracker import MlflowServer

EXPERIMENT = "films"


def make_server(folder: Path, database: Path) -> MlflowServer:
    """Make a store with the experiment "films".

    Args:
        folder: that the store is put into.
        database: an empty one of MLflow's, which is copied: to create one takes 5 s.
    """
    shutil.copy(database, folder / "mlflow.db")
    server = MlflowServer(f"sqlite:///{folder / 'mlflow.db'}")
    # MLflow puts artifacts below the working folder where the experiment does not say otherwise.
    server.client.create_experiment(EXPERIMENT, artifact_location=str(folder / "artifacts"))
    return server
