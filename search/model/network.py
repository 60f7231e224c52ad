"""From hyperparameters to a Keras network. Owns its layers; knows no training and no corpus.

It uses only layers and operations of Keras itself, so a saved network loads in safe mode anywhere.
"""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from ..space.hyperparameters import Hyperparameters

_CELLS = {"simple_rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}


def build_network(
    hyperparameters: Hyperparameters,
    *,
    vocabulary_size: int,
    output_bias: npt.NDArray[np.float64],
    embedding: npt.NDArray[np.float32] | None = None,
) -> keras.Model:
    """Build the network from token ids, int32, (n, any length), to logits, (n, n_labels).

    Args:
        hyperparameters: the configuration; those of the optimizer are not used.
        vocabulary_size: rows of the embedding, at least the number of token ids.
        output_bias: initial bias of the output, a logit for each label.
        embedding: initial embedding, (vocabulary_size, embedding_size), or None for random.
    """
    h = hyperparameters
    ids = layers.Input((None,), dtype="int32", name="token_ids")
    present = ops.cast(ops.not_equal(ids, 0), "float32")
    sequence = _embed(ids, h, vocabulary_size, embedding)
    if h.convolution_filters:
        convolution = layers.Conv1D(
            h.convolution_filters, h.convolution_width, padding="same", activation="relu"
        )
        sequence = layers.MaxPooling1D(2, padding="same")(convolution(sequence))
        present = layers.MaxPooling1D(2, padding="same")(ops.expand_dims(present, -1))[:, :, 0]
    vector = _read(sequence, present, h)
    vector = layers.Dropout(h.dropout)(vector) if h.dropout else vector
    if h.dense_units:
        vector = layers.Dense(h.dense_units, activation="relu")(vector)
        vector = layers.Dropout(h.dense_dropout)(vector) if h.dense_dropout else vector
    bias = keras.initializers.Constant(output_bias.astype(np.float32))
    logits = layers.Dense(len(output_bias), bias_initializer=bias, name="logits")(vector)
    return keras.Model(ids, logits)


def _embed(
    ids: Any, h: Hyperparameters, vocabulary_size: int, start: npt.NDArray[np.float32] | None
) -> Any:
    initializer = "uniform" if start is None else "zeros"
    embed = layers.Embedding(vocabulary_size, h.embedding_size, embeddings_initializer=initializer)
    sequence = embed(ids)
    if start is not None:
        # Not with an initializer: Keras writes its constant into the saved network as text.
        embed.set_weights([start])
    if h.word_dropout:
        sequence = layers.Dropout(h.word_dropout, noise_shape=(None, None, 1))(sequence)
    if h.spatial_dropout:
        sequence = layers.SpatialDropout1D(h.spatial_dropout)(sequence)
    if h.embedding_dropout:
        sequence = layers.Dropout(h.embedding_dropout)(sequence)
    return sequence


def _read(entering: Any, present: Any, h: Hyperparameters) -> Any:
    """Run the recurrent layers and pool over time: (n, time, d) to (n, width)."""
    forward, backward = entering, None
    for index, units in enumerate(h.units):
        sequence = _join(forward, backward)
        if index and h.dropout:
            sequence = layers.Dropout(h.dropout)(sequence)
        # Asking Keras for the last state takes two thirds of the time of slicing all states.
        ends = h.pooling == "final" and index == len(h.units) - 1
        recurrence = _make_recurrence(h, units, return_sequences=not ends)
        if h.bidirectional:
            both = layers.Bidirectional(recurrence, merge_mode=None)
            forward, backward = both(sequence)
        else:
            forward = recurrence(sequence)
    if h.embedding_skip:
        forward = _join(forward, entering[:, -1] if h.pooling == "final" else entering)
    if h.pooling == "last":
        # The last state of each direction; the backward one is at the first word.
        forward = _select_state(forward, present, last=True)
        backward = None if backward is None else _select_state(backward, present, last=False)
    read = _join(forward, backward)
    return read if h.pooling in ("last", "final") else _pool(read, present, h.pooling)


def _join(one: Any, other: Any | None) -> Any:
    return one if other is None else layers.Concatenate()([one, other])


def _make_recurrence(h: Hyperparameters, units: int, *, return_sequences: bool) -> Any:
    gru: dict[str, Any] = {"reset_after": h.reset_after} if h.cell == "gru" else {}
    return _CELLS[h.cell](
        units,
        return_sequences=return_sequences,
        recurrent_initializer=h.recurrent_initializer,
        dropout=h.input_dropout,
        recurrent_dropout=h.recurrent_dropout,
        **gru,
    )


def _select_state(sequence: Any, present: Any, *, last: bool) -> Any:
    """Select the output at the last or first word, without padding: (n, time, d) to (n, d)."""
    seen = ops.cumsum(present, axis=1)
    wanted = ops.sum(present, axis=1, keepdims=True) if last else 1.0
    there = ops.multiply(ops.cast(ops.equal(seen, wanted), "float32"), present)
    return ops.sum(ops.multiply(sequence, ops.expand_dims(there, -1)), axis=1)


def _pool(sequence: Any, present: Any, pooling: str) -> Any:
    """Pool over the words, without padding: (n, time, d) to (n, d)."""
    weight = ops.expand_dims(present, -1)
    if pooling == "max":
        return ops.max(ops.where(ops.equal(weight, 0.0), -1e9, sequence), axis=1)
    total = ops.sum(ops.multiply(sequence, weight), axis=1)
    n_words = ops.sum(weight, axis=1)
    return ops.divide(total, ops.sqrt(n_words) if pooling == "sqrtn" else n_words)


def build_optimizer(hyperparameters: Hyperparameters) -> keras.optimizers.Optimizer:
    """Make the optimizer; it clips the gradient of each weight matrix to a norm of `clip_norm`.

    This prevents exploding gradients (Pascanu et al. 2013, On the difficulty of training recurrent
    neural networks).
    """
    h = hyperparameters
    # Not by the norm over all weights: with it every trained network and its optimizer stay in
    # memory, 60 MB a trial with 15,000 words of 320 dimensions (Keras 3.15).
    config: dict[str, Any] = {"learning_rate": h.learning_rate, "clipnorm": h.clip_norm or None}
    if h.weight_decay or h.optimizer == "adamw":
        # Without it AdamW uses its own default, 0.004 (Keras 3.15).
        config["weight_decay"] = h.weight_decay
    if h.optimizer == "sgd":
        config |= {"momentum": h.momentum, "nesterov": True}
    return keras.optimizers.get({"class_name": h.optimizer, "config": config})
