"""Loading Keras and making databases without their noise. Owns these two silences."""

import logging
import os
import sys


def load_keras() -> None:
    """Import Keras with standard error closed at the level of the system.

    TensorFlow 2.21 writes lines about CPU and CUDA there before its log level is set up, whatever
    TF_CPP_MIN_LOG_LEVEL says. An import that fails still raises. Its logger warns of functions
    traced again, which is meant so: each length that texts are padded to is a shape of its own.
    """
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


def quiet_migrations() -> None:
    """Keep the lines about tables from the terminal that MLflow's database is made with."""
    logging.getLogger("alembic").setLevel(logging.ERROR)
