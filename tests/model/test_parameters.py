from typing import Any

import numpy as np
import pytest

from search.model.network import build_network
from search.model.parameters import count_parameters, recurrent_parameters
from search.space.hyperparameters import Hyperparameters


@pytest.mark.parametrize(
    ("cell", "by_hand"),
    [
        # 3 units, 4 inputs: 3·4 from the inputs, 3·3 from the state, 3 biases.
        ("simple_rnn", 24),
        # Four gates of that.
        ("lstm", 96),
        # Three gates with a second bias each: 3·(12 + 9 + 3 + 3).
        ("gru", 81),
    ],
)
def test_weights_of_a_cell_by_hand(cell: str, by_hand: int) -> None:
    assert recurrent_parameters(cell, 3, 4) == by_hand


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        # Embedding 10·4, cell 24, output 2·(3 + 1).
        ({}, 40 + 24 + 8),
        # Both directions, an output of twice the width.
        ({"bidirectional": True}, 40 + 48 + 2 * 7),
        # A second layer of 2 units on 3 inputs: 2·(3 + 2 + 1).
        ({"recurrent_layers": 2, "units_2": 2}, 40 + 24 + 12 + 2 * 3),
        # 5 filters of 3 tokens on 4 dimensions and a bias each; then the cell has 5 inputs.
        ({"convolution_filters": 5, "convolution_width": 3}, 40 + 65 + 27 + 8),
        # 6 units on 3 inputs.
        ({"dense_units": 6}, 40 + 24 + 24 + 2 * 7),
        # The 4 dimensions of the embedding beside the 3 of the cell.
        ({"embedding_skip": True}, 40 + 24 + 2 * 8),
    ],
)
def test_weights_of_a_network_by_hand(changes: dict[str, Any], by_hand: int) -> None:
    values = {"cell": "simple_rnn", "embedding_size": 4, "units_1": 3} | changes
    counted = count_parameters(Hyperparameters.of(values), vocabulary_size=10, n_labels=2)
    assert counted == by_hand


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": "simple_rnn"},
        {"cell": "lstm", "dropout": 0.5, "word_dropout": 0.3, "spatial_dropout": 0.2},
        {"cell": "gru", "recurrent_dropout": 0.2},
        {"cell": "lstm", "bidirectional": True, "recurrent_layers": 3, "dropout": 0.1},
        {"cell": "gru", "bidirectional": True, "recurrent_layers": 2, "embedding_skip": True},
        {"cell": "simple_rnn", "convolution_filters": 6, "convolution_width": 5},
        {"cell": "gru", "convolution_filters": 6, "embedding_skip": True, "dense_units": 7},
        {
            "cell": "lstm",
            "bidirectional": True,
            "recurrent_layers": 2,
            "dense_units": 4,
            "pooling": "max",
            "dropout": 0.4,
        },
    ],
)
def test_keras_makes_as_many_weights(changes: dict[str, Any]) -> None:
    sizes = {"embedding_size": 5, "units_1": 4, "units_2": 3, "units_3": 2}
    hyperparameters = Hyperparameters.of(sizes | changes)
    network = build_network(hyperparameters, vocabulary_size=11, output_bias=np.zeros(3))
    counted = count_parameters(hyperparameters, vocabulary_size=11, n_labels=3)
    assert counted == network.count_params()
