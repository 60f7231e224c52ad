"""Measuring a network after an epoch. Owns its predictions and its report; trains nothing."""

import time

import keras
import numpy as np

from ..metrics.decisions import score_decisions
from ..metrics.losses import cross_entropy
from ..metrics.matrices import Singles
from ..metrics.predictions import measure_accuracy, predict_labels
from ..metrics.task import Task
from ..text.buckets import Buckets, make_batches
from ..trial.control import Control
from ..trial.epoch import EpochReport
from .examples import TrainingData

BATCH = 512
"""Texts of a batch whose probabilities are predicted."""


class TimeOver(Exception):
    """Time ran out, or the user asked to stop, before an epoch was finished."""


def predict(
    network: keras.Model, buckets: Buckets, shift: Singles, task: Task, control: Control
) -> Singles:
    """Predict probabilities, float32, (n_texts, n_labels), in the order of the texts.

    Args:
        network: token ids to logits.
        buckets: the texts.
        shift: subtracted from the logits of each label, (n_labels,).
        task: what is predicted.
        control: asked before each batch whether to stop.

    Raises:
        TimeOver: time ran out before the last batch.
        FloatingPointError: an output is NaN or infinite.
    """
    n_texts = sum(len(bucket.rows) for bucket in buckets)
    logits = np.empty((n_texts, len(shift)), np.float32)
    for batch in make_batches(buckets, BATCH):
        if control.is_over():
            raise TimeOver
        logits[batch.rows] = network.predict_on_batch(batch.ids)
    if not np.isfinite(logits).all():
        raise FloatingPointError("the outputs of the network became NaN or infinite")
    return task.compute_probabilities(logits - shift)


def epoch_report(
    data: TrainingData,
    in_train: Singles,
    in_validation: Singles,
    *,
    epoch: int,
    fit_loss: float,
    started: float,
) -> EpochReport:
    """Measure what was predicted for the sample of train and for validation after an epoch.

    Args:
        data: what was predicted.
        in_train: for the sample of train, (n_texts, n_labels).
        in_validation: for validation.
        epoch: from 1.
        fit_loss: what the optimizer minimised.
        started: reading of `time.monotonic` when the epoch began; its time includes this call.
    """
    labels, sample_labels, task = data.validation.labels, data.train_sample.labels, data.task
    decisions = score_decisions(predict_labels(in_validation, labels, task), labels)
    return EpochReport(
        epoch=epoch,
        fit_loss=fit_loss,
        train_loss=cross_entropy(in_train, sample_labels, task),
        val_loss=cross_entropy(in_validation, labels, task),
        train_accuracy=measure_accuracy(in_train, sample_labels, task),
        val_accuracy=measure_accuracy(in_validation, labels, task),
        f1_micro=decisions.f1_micro,
        f1_macro=decisions.f1_macro,
        seconds=time.monotonic() - started,
    )
