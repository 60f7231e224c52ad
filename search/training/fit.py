"""The training loop of one network. Owns batches, epochs and when to stop; knows no study.

The loop calls `train_on_batch` instead of `fit`: batches differ in length, which Keras's own data
adapters do not accept from a generator, and the time can be checked between two batches.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import keras
import numpy as np

from ..metrics.matrices import Singles
from ..model.losses import make_training_loss
from ..model.network import build_network, build_optimizer
from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Buckets, Encoding, make_batches
from ..text.vocabulary import Vocabulary
from ..trial.control import Control
from ..trial.epoch import EpochReport
from ..trial.objective import Objective
from ..trial.state import StopReason
from ..trial.weights import Weights
from .checkpoint import Arrays, Checkpoint, copy_arrays, read_checkpoint, write_checkpoint
from .evaluation import TimeOver, epoch_report, predict
from .examples import TrainingData
from .result import History, Outcome

_PATIENCE = 3
"""Epochs without a better one after which training stops."""
_SUMMARY_WIDTH = 79
"""Keras 3.15 cuts its table off at 80 characters where there is no terminal."""

Classifier: TypeAlias = keras.Model
"""Token ids, int32, (n, any length), to probabilities, (n, n_labels)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, and for which objective."""

    objective: Objective
    n_epochs: int
    """Up to which to train, those before a checkpoint included."""
    control: Control = field(default_factory=Control)
    """Asked before each batch, of evaluation too, whether to stop."""
    weights: Weights = Weights.BEST
    """Which epoch's weights the network ends with. With the last one there is no early stop."""


def choose_encoding(hyperparameters: Hyperparameters, data: TrainingData) -> Encoding:
    """Choose how a network of these hyperparameters reads the texts of these data."""
    h = hyperparameters
    length = h.sequence_length
    if h.padded_length == "longest":
        length = min(length, int(data.train.texts.lengths.max(initial=1)))
    return Encoding(
        vocabulary_size=min(h.vocabulary_size, data.vocabulary.size),
        sequence_length=length,
        padding=h.padding,
        truncation=h.truncation,
        length_buckets=h.padded_length == "bucket",
    )


class Trainer:
    """A network in training: made from hyperparameters, fitted once, then holding one epoch.

    It starts from nothing, or from the checkpoint of another training of the same hyperparameters
    and data.

    The global seed of Keras is set here: its initializers and dropout take no generator.
    """

    def __init__(self, hyperparameters: Hyperparameters, data: TrainingData, *, seed: int) -> None:
        """Build the network with its optimizer; the state of earlier trials is cleared."""
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        self._hyperparameters = hyperparameters
        self._data = data
        self._generator = np.random.default_rng(seed)
        self.encoding = choose_encoding(hyperparameters, data)
        labels = data.train.labels
        self._loss = make_training_loss(hyperparameters, labels, data.task)
        shift = np.zeros(labels.shape[1]) if self._loss.shift is None else self._loss.shift
        self._shift = shift.astype(np.float32)
        self._prior = self._loss.prior_logits(labels)
        is_zero = hyperparameters.output_bias == "zeros"
        self._bias = np.zeros_like(shift) if is_zero else self._prior
        self._network = build_network(
            hyperparameters,
            vocabulary_size=hyperparameters.count_embedding_rows(data.vocabulary.size),
            output_bias=self._bias,
            embedding=data.choose_start(hyperparameters),
        )
        lines: list[str] = []
        # Before the optimizer is there: Keras would count its weights too.
        self._network.summary(print_fn=lines.append, line_length=_SUMMARY_WIDTH)
        self.summary = "\n".join(lines)
        self._network.compile(optimizer=build_optimizer(hyperparameters), loss=self._loss)
        self._checkpoint: Checkpoint | None = None
        self._prediction_seconds = math.inf
        """Of validation, the least of all epochs: the first one compiles."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that the network knows."""
        return self._data.vocabulary.cut(self.encoding.vocabulary_size)

    @property
    def n_parameters(self) -> int:
        """Number of weights of the network."""
        return int(self._network.count_params())

    def resume(self, directory: Path) -> bool:
        """Continue from the checkpoint in a folder, as if its training had not been interrupted.

        Dropout and the order of the texts continue too, whatever the seed. Call it before `fit`.

        Returns:
            Whether there was one. False if there is none, it is damaged, or the network or data
            have other sizes; training then starts from nothing.
        """
        checkpoint = read_checkpoint(directory)
        shape = self._data.validation.labels.shape
        if checkpoint is None or not checkpoint.restore(self._network, shape):
            return False
        self._generator.bit_generator.state = json.loads(checkpoint.order)
        self._checkpoint = checkpoint
        return True

    def save_checkpoint(self, directory: Path) -> None:
        """Write the state after the last whole epoch into an existing folder.

        Raises:
            ValueError: there was no epoch yet.
        """
        if self._checkpoint is None:
            raise ValueError("a training without an epoch has no checkpoint")
        write_checkpoint(self._checkpoint, directory)

    def fit(self, plan: Plan, on_epoch: Callable[[EpochReport], bool]) -> Outcome | None:
        """Train until the plan, the patience or `on_epoch` ends it; take one epoch's weights.

        The history begins with the epochs of the checkpoint, if training continues from one.

        Args:
            plan: objective, number of epochs, and when time is over.
            on_epoch: called after each epoch; returns whether to continue.

        Returns:
            None if time ran out before one epoch, after those of the checkpoint, was finished.

        Raises:
            FloatingPointError: the loss, or an output, is NaN or infinite.
            ValueError: the checkpoint has all epochs of the plan.
        """
        begun = self._checkpoint
        first = 1 if begun is None else len(begun.reports) + 1
        if first > plan.n_epochs:
            raise ValueError(f"expected more epochs than the checkpoint's, got {plan.n_epochs}")
        buckets = self._data.make_buckets(self.encoding)
        reason = StopReason.EPOCHS
        try:
            for epoch in range(first, plan.n_epochs + 1):
                self._checkpoint = reached = self._train(epoch, buckets, plan)
                used = History(reached.reports, plan.objective, plan.weights).used
                if not on_epoch(reached.reports[-1]) and epoch < plan.n_epochs:
                    reason = StopReason.PRUNED
                elif epoch - used.epoch >= _PATIENCE:
                    reason = StopReason.EARLY
                if reason is not StopReason.EPOCHS:
                    break
        except TimeOver:
            reason = StopReason.TIMEOUT
        last = self._checkpoint
        return None if last is None or last is begun else self._outcome(last, plan, reason)

    def _outcome(self, last: Checkpoint, plan: Plan, reason: StopReason) -> Outcome:
        self._network.set_weights(last.used)
        labels = self._data.train.labels
        prior = start = self._loss.constant_loss(self._prior, labels)
        if self._bias is not self._prior:
            start = self._loss.constant_loss(self._bias, labels)
        history = History(last.reports, plan.objective, plan.weights)
        milliseconds = 1000.0 * self._prediction_seconds / len(last.probabilities)
        return Outcome(history, reason, last.probabilities, prior, start, milliseconds)

    def classifier(self) -> Classifier:
        """Return the network as it is exported: token ids to probabilities, without an optimizer.

        The shift of the class weights is folded into the output bias, so the network cannot be
        trained further.
        """
        network = self._network
        output = network.get_layer("logits")
        kernel, bias = output.get_weights()
        output.set_weights([kernel, bias - self._shift])
        self._shift = np.zeros_like(self._shift)
        activation = self._data.task.activation
        make_probabilities = keras.layers.Activation(activation, name="probabilities")
        return keras.Model(network.input, make_probabilities(network.output))

    def _train(self, epoch: int, buckets: tuple[Buckets, ...], plan: Plan) -> Checkpoint:
        """Train and measure one epoch.

        Raises:
            TimeOver: time ran out before its end.
        """
        started = time.monotonic()
        data, network, shift = self._data, self._network, self._shift
        train, validation, sample = buckets
        fit_loss = self._train_epoch(train, epoch, plan)
        before = time.monotonic()
        seen = predict(network, validation, shift, self._data.task, plan.control)
        self._prediction_seconds = min(self._prediction_seconds, time.monotonic() - before)
        in_train = predict(network, sample, shift, self._data.task, plan.control)
        report = epoch_report(data, in_train, seen, epoch=epoch, fit_loss=fit_loss, started=started)
        return self._reached(report, seen, plan)

    def _reached(self, report: EpochReport, probabilities: Singles, plan: Plan) -> Checkpoint:
        before = self._checkpoint
        reports = (report,) if before is None else (*before.reports, report)
        used: tuple[Arrays, Singles] = self._network.get_weights(), probabilities
        if before and History(reports, plan.objective, plan.weights).used is not report:
            used = before.used, before.probabilities
        order = json.dumps(self._generator.bit_generator.state)
        return Checkpoint(reports, *copy_arrays(self._network), *used, order)

    def _train_epoch(self, train: Buckets, epoch: int, plan: Plan) -> float:
        total = 0.0
        labels = self._data.train.labels
        for batch in make_batches(train, self._hyperparameters.batch_size, self._generator):
            if plan.control.is_over():
                raise TimeOver
            targets = labels[batch.rows].astype(np.float32)
            loss = float(self._network.train_on_batch(batch.ids, targets))
            if not np.isfinite(loss):
                raise FloatingPointError(f"the training loss became {loss} in epoch {epoch}")
            self._network.reset_metrics()
            total += loss * len(batch.rows)
        return total / len(labels)
