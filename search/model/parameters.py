"""The exact number of weights of a network, before it is built.

Owns the formulae, and imports no Keras, so that a proposal can be refused in a microsecond. Each
is the number of weights that the Keras layer of that name makes.
"""

from ..space.hyperparameters import Hyperparameters


def recurrent_parameters(cell: str, units: int, n_inputs: int) -> int:
    """Count the weights of one recurrent layer in one direction.

    With u units and d inputs a simple RNN has u(u + d + 1), an LSTM four such gates, and a GRU
    three with a second bias (Keras's `reset_after=True`): 3u(u + d + 2).
    """
    if cell == "gru":
        return 3 * units * (units + n_inputs + 2)
    gates = {"simple_rnn": 1, "lstm": 4}[cell]
    return gates * units * (units + n_inputs + 1)


def count_parameters(
    hyperparameters: Hyperparameters, *, vocabulary_size: int, n_labels: int
) -> int:
    """Count the trainable weights of the whole network.

    `vocabulary_size` is the number of ids really there: at most the hyperparameter of that name.
    """
    h = hyperparameters
    count = vocabulary_size * h.embedding_size
    entering = h.embedding_size
    if h.convolution_filters:
        count += h.convolution_filters * (h.convolution_width * entering + 1)
        entering = h.convolution_filters
    width, directions = entering, 2 if h.bidirectional else 1
    for units in h.units:
        count += directions * recurrent_parameters(h.cell, units, width)
        width = directions * units
    if h.embedding_skip:
        width += entering
    if h.dense_units:
        count += h.dense_units * (width + 1)
        width = h.dense_units
    return count + n_labels * (width + 1)
