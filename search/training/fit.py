"""The training loop of one network. Owns batches, epochs and when to stop; knows no study.

The loop is `train_on_batch` and no `fit`: batches differ in length, which Keras's own data
adapters do not take from a generator, and time can be looked at between two batches.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import keras
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from ..metrics.decisions import accuracy_at_half
from ..metrics.losses import cross_entropy
from ..metrics.scores import f1_scores
from ..metrics.thresholds import crossed_predictions
from ..model.losses import training_loss
from ..model.network import build_network, build_optimizer
from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Bucket, Encoding, batches_of, buckets_of
from .examples import Examples, TrainingData
from .history import EpochReport, History, Objective, Outcome, StopReason, Taken

_PATIENCE = 3
"""Epochs without a better one after which training stops."""
_EVALUATION_BATCH = 512
_SUMMARY_WIDTH = 79
"""Keras 3.15 cuts its table off at 80 characters where there is no terminal."""

Probabilities = npt.NDArray[np.float32]
Classifier: TypeAlias = keras.Model
"""Token ids, int32, (n, any length), to probabilities, (n, n_labels)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, and toward what."""

    objective: Objective
    n_epochs: int
    is_over: Callable[[], bool] = lambda: False
    """Asked before each batch; training stops where it says so."""
    takes: Taken = Taken.BEST
    """Which epoch's weights the network ends with. With the last one there is no early stop."""


def encoding_of(hyperparameters: Hyperparameters, data: TrainingData) -> Encoding:
    """Give the way a network of these hyperparameters reads texts of these data."""
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

    The global seed of Keras is set here: its initializers and dropout take no generator.
    """

    def __init__(self, hyperparameters: Hyperparameters, data: TrainingData, *, seed: int) -> None:
        """Build the network with its optimizer; the state of trials before is cleared."""
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        self._hyperparameters = hyperparameters
        self._data = data
        self._generator = np.random.default_rng(seed)
        self.encoding = encoding_of(hyperparameters, data)
        labels = data.train.labels
        self._loss = training_loss(hyperparameters, labels)
        shift = np.zeros(labels.shape[1]) if self._loss.shift is None else self._loss.shift
        self._shift = shift.astype(np.float32)
        n_rows = hyperparameters.n_embedding_rows(data.vocabulary.size)
        embedding = None
        if hyperparameters.embedding_initialization == "svd":
            embedding = data.svd_start.vectors(n_rows, hyperparameters.embedding_size)
        self._prior = self._loss.prior_logits(labels)
        is_zero = hyperparameters.output_bias == "zeros"
        self._bias = np.zeros_like(shift) if is_zero else self._prior
        self._network = build_network(
            hyperparameters,
            vocabulary_size=n_rows,
            output_bias=self._bias,
            embedding=embedding,
        )
        # Before the optimizer is there: Keras would count its weights too.
        self.summary = _summary_of(self._network)
        self._network.compile(optimizer=build_optimizer(hyperparameters), loss=self._loss)

    @property
    def n_parameters(self) -> int:
        """Number of weights of the network."""
        return int(self._network.count_params())

    def fit(self, plan: Plan, on_epoch: Callable[[EpochReport], bool]) -> Outcome | None:
        """Train until the plan, the patience or `on_epoch` ends it; take one epoch's weights.

        Args:
            plan: objective, number of epochs, and when time is over.
            on_epoch: called after each epoch; answers whether to go on.

        Returns:
            None where time was over before the first epoch was.

        Raises:
            FloatingPointError: the loss, or an output, is no finite number.
        """
        train = buckets_of(self._data.train.texts, self.encoding)
        sample = buckets_of(self._data.train_sample.texts, self.encoding)
        validation = buckets_of(self._data.validation.texts, self.encoding)
        reports: list[EpochReport] = []
        taken: tuple[EpochReport, list[npt.NDArray[np.float32]], Probabilities] | None = None
        reason = StopReason.EPOCHS
        for epoch in range(1, plan.n_epochs + 1):
            started = time.monotonic()
            fit_loss = self._train_epoch(train, epoch, plan)
            if fit_loss is None:
                reason = StopReason.TIMEOUT
                break
            probabilities = self._predict(validation, self._data.validation)
            report = self._report(epoch, fit_loss, sample, probabilities, started)
            reports.append(report)
            history = History(tuple(reports), plan.objective, plan.takes)
            if taken is None or history.taken is report:
                taken = report, self._network.get_weights(), probabilities
            if not on_epoch(report) and epoch < plan.n_epochs:
                reason = StopReason.PRUNED
            elif epoch - history.taken.epoch >= _PATIENCE:
                reason = StopReason.EARLY
            if reason is not StopReason.EPOCHS:
                break
        if taken is None:
            return None
        self._network.set_weights(taken[1])
        labels = self._data.train.labels
        prior = start = self._loss.constant_loss(self._prior, labels)
        if self._bias is not self._prior:
            start = self._loss.constant_loss(self._bias, labels)
        return Outcome(history, reason, taken[2], prior, start)

    def classifier(self) -> Classifier:
        """Give the network as it is exported: token ids to probabilities, without an optimizer.

        The shift of the class weights is folded into the output bias, so the network cannot be
        fitted any more.
        """
        output = self._network.get_layer("logits")
        kernel, bias = output.get_weights()
        output.set_weights([kernel, bias - self._shift])
        self._shift = np.zeros_like(self._shift)
        probabilities = keras.layers.Activation("sigmoid", name="probabilities")(
            self._network.output
        )
        return keras.Model(self._network.input, probabilities)

    def _train_epoch(self, train: tuple[Bucket, ...], epoch: int, plan: Plan) -> float | None:
        total = 0.0
        labels = self._data.train.labels
        for batch in batches_of(train, self._hyperparameters.batch_size, self._generator):
            if plan.is_over():
                return None
            targets = labels[batch.rows].astype(np.float32)
            loss = float(self._network.train_on_batch(batch.ids, targets))
            if not np.isfinite(loss):
                raise FloatingPointError(f"the training loss became {loss} in epoch {epoch}")
            self._network.reset_metrics()
            total += loss * len(batch.rows)
        return total / len(labels)

    def _predict(self, buckets: tuple[Bucket, ...], examples: Examples) -> Probabilities:
        logits = np.empty(examples.labels.shape, np.float32)
        for batch in batches_of(buckets, _EVALUATION_BATCH):
            logits[batch.rows] = self._network.predict_on_batch(batch.ids)
        if not np.isfinite(logits).all():
            raise FloatingPointError("the outputs of the network are no finite numbers any more")
        probabilities: Probabilities = expit(logits - self._shift)
        return probabilities

    def _report(
        self,
        epoch: int,
        fit_loss: float,
        sample: tuple[Bucket, ...],
        probabilities: Probabilities,
        started: float,
    ) -> EpochReport:
        labels, sample_labels = self._data.validation.labels, self._data.train_sample.labels
        in_train = self._predict(sample, self._data.train_sample)
        f1_micro, f1_macro = f1_scores(crossed_predictions(probabilities, labels), labels)
        return EpochReport(
            epoch=epoch,
            fit_loss=fit_loss,
            train_loss=cross_entropy(in_train, sample_labels),
            val_loss=cross_entropy(probabilities, labels),
            train_accuracy=accuracy_at_half(in_train, sample_labels),
            val_accuracy=accuracy_at_half(probabilities, labels),
            f1_micro=f1_micro,
            f1_macro=f1_macro,
            seconds=time.monotonic() - started,
        )


def _summary_of(network: keras.Model) -> str:
    """Give Keras's table of layers."""
    lines: list[str] = []
    network.summary(print_fn=lines.append, line_length=_SUMMARY_WIDTH)
    return "\n".join(lines)
