"""Loading Keras, and using MLflow, without their noise. Owns these silences; telemetry is off."""

import logging
import os
import sys


def quiet_dependencies() -> None:
    """Keep the dependencies from calling home and from logging, unless the user said otherwise.

    Call it before they are imported: that is when they read the environment.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # Lines about the tables that MLflow's database is made with.
    logging.getLogger("alembic").setLevel(logging.ERROR)


def load_keras() -> None:
    """Import Keras with standard error closed at the level of the system.

    TensorFlow 2.21 writes lines about CPU and CUDA there before its log level is set up, whatever
    TF_CPP_MIN_LOG_LEVEL says. An import that fails still raises. Its logger warns of functions
    traced again, which is intended: each length that texts are padded to is a shape of its own.
    """
    quiet_dependencies()
    if "keras" in sys.modules:
        return
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import keras  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
