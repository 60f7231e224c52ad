"""The layers of a network with the exact number of their weights, before it is built.

Owns the formulae. Imports no Keras, so that a proposal can be refused in microseconds. Each formula
gives the number of weights of the Keras layer with that name; equations.py explains it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..space.hyperparameters import Hyperparameters
from ..space.preset import Preset

CELL_NAMES = {"simple_rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}
"""The recurrent cells and their names in Keras."""
_GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}
_LETTER = re.compile(r"[a-z]")


class LayerKind(StrEnum):
    """What a layer does, independent of its size."""

    EMBEDDING = "Embedding"
    WORD_DROPOUT = "Dropout of words"
    SPATIAL_DROPOUT = "SpatialDropout1D"
    DROPOUT = "Dropout"
    CONVOLUTION = "Conv1D"
    MAX_POOLING = "MaxPooling1D"
    RECURRENCE = "Recurrence"
    JOIN = "Join with the input"
    POOLING = "Pooling"
    RELU = "Dense ReLU"
    SIGMOID = "Dense sigmoid"


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One layer of a network and its trainable weights."""

    kind: LayerKind
    """What it does."""
    name: str
    """Its name in Keras, with its size: "Bidirectional LSTM 64"."""
    output: str
    """Shape of its output for one text: "(time, 64)", or "(128)"."""
    letters: str = ""
    """The formula of the count: "4·u·(u + d + 1)"; empty without weights."""
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Values of the letters: words a, dimensions b, units u, inputs d, filters f, width k.

    For a dropout it holds the rate p.
    """
    n_parameters: int = 0

    @property
    def formula(self) -> str:
        """The formula in numbers: "4·16·(16 + 16 + 1)"; empty without weights."""
        return insert_numbers(self.letters, self.sizes)


def insert_numbers(letters: str, sizes: Mapping[str, float]) -> str:
    """Replace each lone letter of a formula or shape with its number."""
    return _LETTER.sub(lambda letter: f"{sizes[letter[0]]:,}", letters)


def count_recurrent_parameters(
    cell: str, units: int, n_inputs: int, *, reset_after: bool = True
) -> int:
    """Count the weights of one recurrent layer in one direction.

    `write_recurrent_formula` gives the formula.
    """
    n_biases = 2 if cell == "gru" and reset_after else 1
    return _GATES[cell] * units * (units + n_inputs + n_biases)


def write_recurrent_formula(cell: str, *, reset_after: bool = True) -> str:
    """Write the formula for the weights of one recurrent layer in one direction.

    With u units and d inputs a simple RNN has u(u + d + 1), an LSTM four times and a GRU three
    times as many. With `reset_after`, which only a GRU has, there is a second bias: 3u(u + d + 2).
    """
    n_biases = 2 if cell == "gru" and reset_after else 1
    gates = f"{_GATES[cell]}·" if _GATES[cell] > 1 else ""
    return f"{gates}u·(u + d + {n_biases})"


def count_parameters(
    hyperparameters: Hyperparameters, *, vocabulary_size: int, n_labels: int
) -> int:
    """Count the trainable weights of the complete network.

    `vocabulary_size` is the number of rows of the embedding.
    """
    layers = list_layers(hyperparameters, vocabulary_size=vocabulary_size, n_labels=n_labels)
    return sum(layer.n_parameters for layer in layers)


def list_preset_layers(preset: Preset, *, n_labels: int | None = None) -> tuple[LayerWeights, ...]:
    """List the layers of a preset's network, with its own number of outputs or with `n_labels`.

    A preset without a number of outputs is listed with one. The embedding has `vocabulary_size`
    rows; a corpus with fewer words may need fewer.
    """
    h = preset.configuration()
    n_labels = n_labels or preset.n_labels or 1
    return list_layers(h, vocabulary_size=h.vocabulary_size, n_labels=n_labels)


def find_count_problem(preset: Preset) -> str:
    """Say why the number of weights in a preset's file is wrong, or "" if it is correct."""
    counted = sum(layer.n_parameters for layer in list_preset_layers(preset))
    if preset.n_parameters in (None, counted):
        return ""
    n_labels = preset.n_labels or 1
    outputs = f"{n_labels} output{'' if n_labels == 1 else 's'}"
    return f"must be the weights with {outputs}, {counted}, got {preset.n_parameters}"


def list_layers(
    hyperparameters: Hyperparameters, *, vocabulary_size: int, n_labels: int
) -> tuple[LayerWeights, ...]:
    """List the layers of a network from token ids to probabilities, with or without weights.

    Args:
        hyperparameters: the configuration.
        vocabulary_size: number of rows of the embedding.
        n_labels: number of outputs.
    """
    h = hyperparameters
    layers = _list_embedding(h, vocabulary_size)
    entering, time = h.embedding_size, "time"
    if h.convolution_filters:
        entering, time = h.convolution_filters, "time/2"
        layers += _list_convolution(h)
    layers += _list_recurrent(h, entering, time)
    width = h.units[-1] * (2 if h.bidirectional else 1)
    if h.embedding_skip:
        width += entering
        joined = f"({width})" if h.pooling == "final" else f"({time}, {width})"
        layers.append(LayerWeights(LayerKind.JOIN, LayerKind.JOIN, joined))
    if h.pooling != "final":
        layers.append(LayerWeights(LayerKind.POOLING, f"Pooling: {h.pooling}", f"({width})"))
    layers += _list_dropout(h.dropout, f"({width})")
    if h.dense_units:
        layers.append(_make_dense(LayerKind.RELU, h.dense_units, width))
        layers += _list_dropout(h.dense_dropout, f"({h.dense_units})")
        width = h.dense_units
    return (*layers, _make_dense(LayerKind.SIGMOID, n_labels, width))


def _list_embedding(h: Hyperparameters, n_words: int) -> list[LayerWeights]:
    size, output = h.embedding_size, f"(time, {h.embedding_size})"
    kind, sizes = LayerKind.EMBEDDING, {"a": n_words, "b": size}
    return [
        LayerWeights(kind, kind, output, "a·b", sizes, n_words * size),
        *_list_dropout(h.word_dropout, output, LayerKind.WORD_DROPOUT),
        *_list_dropout(h.spatial_dropout, output, LayerKind.SPATIAL_DROPOUT),
        *_list_dropout(h.embedding_dropout, output),
    ]


def _list_dropout(
    rate: float, output: str, kind: LayerKind = LayerKind.DROPOUT
) -> list[LayerWeights]:
    return [LayerWeights(kind, f"{kind} {rate:g}", output, sizes={"p": rate})] if rate else []


def _list_convolution(h: Hyperparameters) -> list[LayerWeights]:
    filters, width, size = h.convolution_filters, h.convolution_width, h.embedding_size
    return [
        LayerWeights(
            LayerKind.CONVOLUTION,
            f"Conv1D {filters}, width {width}",
            f"(time, {filters})",
            "f·(k·d + 1)",
            {"f": filters, "k": width, "d": size},
            filters * (width * size + 1),
        ),
        LayerWeights(LayerKind.MAX_POOLING, "MaxPooling1D 2", f"(time/2, {filters})"),
    ]


def _list_recurrent(h: Hyperparameters, n_inputs: int, time: str) -> list[LayerWeights]:
    layers: list[LayerWeights] = []
    n_directions = 2 if h.bidirectional else 1
    letters = ("2·" if h.bidirectional else "") + write_recurrent_formula(
        h.cell, reset_after=h.reset_after
    )
    for index, units in enumerate(h.units):
        if index:
            layers += _list_dropout(h.dropout, f"({time}, {n_inputs})")
        count = count_recurrent_parameters(h.cell, units, n_inputs, reset_after=h.reset_after)
        sizes = {"u": units, "d": n_inputs}
        n_inputs = n_directions * units
        is_final = h.pooling == "final" and index == len(h.units) - 1
        output = f"({n_inputs})" if is_final else f"({time}, {n_inputs})"
        kind, name = LayerKind.RECURRENCE, _write_recurrent_name(h, units)
        layers.append(LayerWeights(kind, name, output, letters, sizes, n_directions * count))
    return layers


def _write_recurrent_name(h: Hyperparameters, units: int) -> str:
    """Write the Keras name of a recurrent layer, with the dropouts inside it."""
    name = f"{'Bidirectional ' if h.bidirectional else ''}{CELL_NAMES[h.cell]} {units}"
    name += f", dropout {h.input_dropout:g}" if h.input_dropout else ""
    return name + (f", recurrent dropout {h.recurrent_dropout:g}" if h.recurrent_dropout else "")


def _make_dense(kind: LayerKind, units: int, n_inputs: int) -> LayerWeights:
    activation = "ReLU" if kind is LayerKind.RELU else "sigmoid"
    name, sizes = f"Dense {units:,}, {activation}", {"u": units, "d": n_inputs}
    return LayerWeights(kind, name, f"({units})", "u·(d + 1)", sizes, units * (n_inputs + 1))
