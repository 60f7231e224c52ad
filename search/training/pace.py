"""How long a network would train, measured on a few batches. Owns how that is extrapolated.

Time does not depend on what the texts say. So they are made up, all of the length on which an
epoch spends most of its time; the real network, optimizer and loop run on them.
"""

import time
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

import numpy as np

from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Buckets
from ..text.tokens import TokenSequences
from ..text.vocabulary import N_RESERVED
from ..trial.control import Control
from ..trial.objective import VAL_LOSS
from .evaluation import BATCH, epoch_report
from .examples import Examples, TrainingData
from .fit import Plan, Trainer, choose_encoding

_N_TIMED = 3
"""Batches of training that are timed, after one that the backend traces the network with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a network trains."""

    epoch_seconds: float
    """One epoch with its evaluation."""
    begin_seconds: float
    """What building it, and tracing it for each length of texts, takes once."""

    def seconds(self, n_epochs: int) -> float:
        """Give the time for so many epochs."""
        return self.begin_seconds + n_epochs * self.epoch_seconds


def measure_pace(hyperparameters: Hyperparameters, data: TrainingData, *, seed: int) -> Pace:
    """Time a network with these hyperparameters, and discard it.

    The cost of a batch of shorter texts is assumed to be proportional to their length; a batch that
    is not full counts as a full one.

    Raises:
        FloatingPointError: the loss became NaN or infinite at once.
    """
    # An SVD is made for the first trial that asks for it, not for each.
    data.choose_start(hyperparameters)
    started = time.monotonic()
    train, *evaluated = data.make_buckets(choose_encoding(hyperparameters, data))
    batch_size = hyperparameters.batch_size
    length = max(train, key=lambda bucket: bucket.ids.size).ids.shape[1]
    made_up = _made_up(data, length, batch_size)
    steps, begun = _steps(hyperparameters, made_up, seed=seed)
    step, evaluation = mean(steps[1 : 1 + _N_TIMED]), steps[-1]
    lengths = {bucket.ids.shape[1] for part in evaluated for bucket in part}
    tracing = len(train) * max(0.0, steps[0] - step)
    tracing += len(lengths) * max(0.0, steps[-2] - evaluation)
    epoch = _n_batches(train, batch_size, length) * step + _report_seconds(data)
    epoch += sum(_n_batches(part, BATCH, length) for part in evaluated) * evaluation
    return Pace(epoch, begun - started + tracing)


def _steps(
    hyperparameters: Hyperparameters, data: TrainingData, *, seed: int
) -> tuple[list[float], float]:
    """Give the seconds of each training batch and of two of evaluation, and when they began."""
    n_steps = 1 + _N_TIMED + 2
    marks: list[float] = []

    def is_over() -> bool:
        marks.append(time.monotonic())
        return len(marks) > n_steps

    trainer = Trainer(hyperparameters, data, seed=seed)
    trainer.fit(Plan(VAL_LOSS, 1, Control(is_interrupted=is_over)), lambda _report: True)
    return [after - before for before, after in pairwise(marks)], marks[0]


def _made_up(data: TrainingData, length: int, batch_size: int) -> TrainingData:
    """Make texts of one length for a few batches of training and three of evaluation."""
    generator = np.random.default_rng(0)

    def examples(n_texts: int) -> Examples:
        end = max(data.vocabulary.size, N_RESERVED + 1)
        ids = generator.integers(N_RESERVED, end, n_texts * length, np.int32)
        rows = np.arange(n_texts) % len(data.train.labels)
        offsets = np.arange(n_texts + 1, dtype=np.int64) * length
        return Examples(TokenSequences(ids, offsets), data.train.labels[rows])

    return replace(
        data,
        train=examples((1 + _N_TIMED) * batch_size),
        validation=examples(BATCH),
        train_sample=examples(2 * BATCH),
    )


def _n_batches(buckets: Buckets, batch_size: int, length: int) -> float:
    """Count batches, each as so much of one as its length is of `length`."""
    n_batches: float = sum(
        -(-len(bucket.rows) // batch_size) * bucket.ids.shape[1] / length for bucket in buckets
    )
    return n_batches


def _report_seconds(data: TrainingData) -> float:
    """Time the measuring of an epoch's predictions, whose cost is the same whatever they are."""
    generator = np.random.default_rng(0)
    sample, validation = (
        generator.random(part.labels.shape, np.float32)
        for part in (data.train_sample, data.validation)
    )
    started = time.monotonic()
    return epoch_report(data, sample, validation, epoch=1, fit_loss=0.0, started=started).seconds
