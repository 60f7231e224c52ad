"""Trainings that take a second: a tiny network, one that diverges, and how one is interrupted."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from search.space.hyperparameters import Value
from search.space.preset import Preset

TINY = Preset(
    name="tiny",
    description="SimpleRNN 8, which fits the films within four epochs and overfits after them.",
    hyperparameters={
        "vocabulary_size": 200,
        "sequence_length": 16,
        "padded_length": "longest",
        "embedding_size": 8,
        "cell": "simple_rnn",
        "units_1": 8,
        "batch_size": 32,
        "learning_rate": 0.05,
    },
    n_epochs=2,
)
# Decay of 1 times a rate of 10 makes every weight minus nine times itself at each step.
_EXPLODES: dict[str, Value] = {
    "optimizer": "sgd",
    "learning_rate": 10.0,
    "weight_decay": 1.0,
    "clip_norm": 0.0,
    "batch_size": 4,
}
WILD = replace(TINY, name="wild", hyperparameters={**TINY.hyperparameters, **_EXPLODES})
"""A network whose loss is no number any more in the second epoch."""
ENDLESS = 100_000
"""Epochs that no test waits for."""


def write_params(path: Path, preset: Preset, **changed: Any) -> Path:
    """Write a preset as a file for `--params`, some of its hyperparameters changed."""
    values = {**preset.hyperparameters, **changed}
    document = {
        "name": preset.name,
        "hyperparameters": values,
        "training": {"epochs": preset.n_epochs},
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def write_reviews(path: Path, *, n_texts: int = 60) -> Path:
    """Write a binary corpus: a column of texts and one of 0 and 1."""
    words = ("dull boring film", "lovely moving film")
    rows = [f"{words[i % 2]} number {i} of that year,{i % 2}" for i in range(n_texts)]
    path.write_text("\n".join(["text,label", *rows]) + "\n", encoding="utf-8")
    return path


@contextmanager
def interrupt_in_epoch_of(name: str, database: Path) -> Iterator[None]:
    """Send this process SIGINT, as Ctrl-C does, when the run of that name has an epoch in MLflow.

    The handler that was there before is back afterwards.
    """
    query = (
        "SELECT 1 FROM metrics JOIN runs USING (run_uuid) "
        f"WHERE runs.name = '{name}' AND key = 'epoch/val_loss'"
    )
    before = signal.getsignal(signal.SIGINT)
    is_over = threading.Event()
    thread = threading.Thread(target=_interrupt, args=(lambda: _finds(database, query), is_over))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)


def _interrupt(is_time: Callable[[], bool], is_over: threading.Event) -> None:
    while not is_over.is_set():
        if is_time():
            os.kill(os.getpid(), signal.SIGINT)
            return
        time.sleep(0.02)


def _finds(database: Path, query: str) -> bool:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        return connection.execute(query).fetchone() is not None
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
