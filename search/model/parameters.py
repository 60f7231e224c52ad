"""The layers of a network with the exact number of their weights, before it is built.

Owns the formulae, and imports no Keras, so that a proposal can be refused in a microsecond. Each
is the number of weights that the Keras layer of that name makes.
"""

from dataclasses import dataclass

from ..space.hyperparameters import Hyperparameters

_GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}
_KERAS_NAMES = {"simple_rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One layer of a network and its trainable weights."""

    name: str
    """As Keras calls it, with its size: "Bidirectional LSTM 64"."""
    output: str
    """Shape of what it gives for one text: "(time, 64)", or "(128)"."""
    formula: str
    """How the weights are counted, in numbers; empty without weights."""
    n_parameters: int


def recurrent_parameters(cell: str, units: int, n_inputs: int, *, reset_after: bool = True) -> int:
    """Count the weights of one recurrent layer in one direction.

    With u units and d inputs a simple RNN has u(u + d + 1), an LSTM four such gates, and a GRU
    three; with `reset_after`, which only a GRU knows, a second bias: 3u(u + d + 2).
    """
    n_biases = 2 if cell == "gru" and reset_after else 1
    return _GATES[cell] * units * (units + n_inputs + n_biases)


def count_parameters(
    hyperparameters: Hyperparameters, *, vocabulary_size: int, n_labels: int
) -> int:
    """Count the trainable weights of the whole network.

    `vocabulary_size` is the number of rows of the embedding.
    """
    layers = layers_of(hyperparameters, vocabulary_size=vocabulary_size, n_labels=n_labels)
    return sum(layer.n_parameters for layer in layers)


def layers_of(
    hyperparameters: Hyperparameters, *, vocabulary_size: int, n_labels: int
) -> tuple[LayerWeights, ...]:
    """List the layers of a network from token ids to probabilities, those without weights too.

    Args:
        hyperparameters: the configuration.
        vocabulary_size: rows of the embedding.
        n_labels: outputs.
    """
    h = hyperparameters
    size = h.embedding_size
    formula = f"{vocabulary_size:,}·{size}"
    layers = [LayerWeights("Embedding", f"(time, {size})", formula, vocabulary_size * size)]
    for name, rate in (
        ("Dropout of words", h.word_dropout),
        ("SpatialDropout1D", h.spatial_dropout),
        ("Dropout", h.embedding_dropout),
    ):
        layers += _dropout(rate, f"(time, {size})", name)
    entering, time = size, "time"
    if h.convolution_filters:
        entering, time = h.convolution_filters, "time/2"
        layers += _convolution(h)
    recurrent, width = _recurrent(h, entering, time)
    layers += recurrent
    if h.embedding_skip:
        width += entering
        layers.append(LayerWeights("Join with what entered", f"(time, {width})", "", 0))
    if h.pooling != "final":
        layers.append(LayerWeights(f"Pooling: {h.pooling}", f"({width})", "", 0))
    layers += _dropout(h.dropout, f"({width})")
    if h.dense_units:
        layers.append(_dense(h.dense_units, width, "ReLU"))
        layers += _dropout(h.dense_dropout, f"({h.dense_units})")
        width = h.dense_units
    return (*layers, _dense(n_labels, width, "sigmoid"))


def _dropout(rate: float, output: str, name: str = "Dropout") -> list[LayerWeights]:
    return [LayerWeights(f"{name} {rate:g}", output, "", 0)] if rate else []


def _convolution(h: Hyperparameters) -> list[LayerWeights]:
    filters, width, size = h.convolution_filters, h.convolution_width, h.embedding_size
    formula, count = f"{filters}·({width}·{size} + 1)", filters * (width * size + 1)
    return [
        LayerWeights(f"Conv1D {filters}, width {width}", f"(time, {filters})", formula, count),
        LayerWeights("MaxPooling1D 2", f"(time/2, {filters})", "", 0),
    ]


def _recurrent(h: Hyperparameters, n_inputs: int, time: str) -> tuple[list[LayerWeights], int]:
    """List the recurrent layers, and answer the width of the last one's output."""
    layers: list[LayerWeights] = []
    gates, n_directions = _GATES[h.cell], 2 if h.bidirectional else 1
    n_biases = 2 if h.cell == "gru" and h.reset_after else 1
    factor = "·".join(str(factor) for factor in (n_directions, gates) if factor > 1)
    for index, units in enumerate(h.units):
        if index:
            layers += _dropout(h.dropout, f"({time}, {n_inputs})")
        one = recurrent_parameters(h.cell, units, n_inputs, reset_after=h.reset_after)
        formula = f"{units}·({units} + {n_inputs} + {n_biases})"
        formula = f"{factor}·{formula}" if factor else formula
        name = f"{'Bidirectional ' if h.bidirectional else ''}{_KERAS_NAMES[h.cell]} {units}"
        n_inputs = n_directions * units
        is_final = h.pooling == "final" and index == len(h.units) - 1
        output = f"({n_inputs})" if is_final else f"({time}, {n_inputs})"
        layers.append(LayerWeights(name, output, formula, n_directions * one))
    return layers, n_inputs


def _dense(units: int, n_inputs: int, activation: str) -> LayerWeights:
    count = units * (n_inputs + 1)
    return LayerWeights(
        f"Dense {units:,}, {activation}", f"({units})", f"{units:,}·({n_inputs} + 1)", count
    )
