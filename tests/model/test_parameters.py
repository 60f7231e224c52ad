import ast
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from search.model.network import build_network
from search.model.parameters import (
    count_parameters,
    count_recurrent_parameters,
    find_count_problem,
    insert_numbers,
    list_layers,
    list_preset_layers,
    write_recurrent_formula,
)
from search.space.hyperparameters import Hyperparameters
from search.space.preset import Preset

SIZES = {"embedding_size": 5, "units_1": 4, "units_2": 3, "units_3": 2}
NETWORKS: dict[str, dict[str, Any]] = {
    "simple_rnn": {"cell": "simple_rnn"},
    "lstm with dropouts": {
        "cell": "lstm",
        "dropout": 0.5,
        "word_dropout": 0.3,
        "spatial_dropout": 0.2,
    },
    "gru with recurrent dropout": {"cell": "gru", "recurrent_dropout": 0.2},
    "gru, reset before, two layers": {
        "cell": "gru",
        "reset_after": False,
        "recurrent_layers": 2,
        "pooling": "final",
    },
    "lstm with a skip": {
        "cell": "lstm",
        "reset_after": False,
        "pooling": "final",
        "embedding_skip": True,
    },
    "three layers, both directions": {
        "cell": "lstm",
        "bidirectional": True,
        "recurrent_layers": 3,
        "dropout": 0.1,
    },
    "final state, both directions": {
        "cell": "lstm",
        "bidirectional": True,
        "recurrent_layers": 2,
        "pooling": "final",
    },
    "skip, both directions": {
        "cell": "gru",
        "bidirectional": True,
        "recurrent_layers": 2,
        "embedding_skip": True,
    },
    "convolution": {"cell": "simple_rnn", "convolution_filters": 6, "convolution_width": 5},
    "convolution, skip and dense layer": {
        "cell": "gru",
        "convolution_filters": 6,
        "embedding_skip": True,
        "dense_units": 7,
    },
    "dropouts around the layers": {
        "cell": "lstm",
        "embedding_dropout": 0.1,
        "input_dropout": 0.2,
        "dense_dropout": 0.3,
    },
    "two layers and a dense one, both directions": {
        "cell": "lstm",
        "bidirectional": True,
        "recurrent_layers": 2,
        "dense_units": 4,
        "pooling": "max",
        "dropout": 0.4,
    },
}


def evaluated(formula: str) -> int:
    """Work out a count in numbers: 4·16·(16 + 16 + 1)."""

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            left, right = value(node.left), value(node.right)
            return left * right if isinstance(node.op, ast.Mult) else left + right
        assert isinstance(node, ast.Constant) and isinstance(node.value, int)
        return node.value

    return value(ast.parse(formula.replace(",", "").replace("·", "*"), mode="eval").body)


@pytest.mark.parametrize(
    ("cell", "by_hand"),
    [
        # 3 units, 4 inputs: 3·4 from the inputs, 3·3 from the state, 3 biases.
        pytest.param("simple_rnn", 24, id="simple_rnn"),
        # Four gates of that.
        pytest.param("lstm", 96, id="lstm"),
        # Three gates with a second bias each: 3·(12 + 9 + 3 + 3).
        pytest.param("gru", 81, id="gru"),
    ],
)
def test_weights_of_a_cell_by_hand(cell: str, by_hand: int) -> None:
    assert count_recurrent_parameters(cell, 3, 4) == by_hand


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        # Embedding 10·4, cell 24, output 2·(3 + 1).
        pytest.param({}, 40 + 24 + 8, id="plain"),
        # Both directions, an output of twice the width.
        pytest.param({"bidirectional": True}, 40 + 48 + 2 * 7, id="both directions"),
        # A second layer of 2 units on 3 inputs: 2·(3 + 2 + 1).
        pytest.param({"recurrent_layers": 2, "units_2": 2}, 40 + 24 + 12 + 2 * 3, id="two layers"),
        # 5 filters of 3 tokens on 4 dimensions and a bias each; then the cell has 5 inputs.
        pytest.param(
            {"convolution_filters": 5, "convolution_width": 3}, 40 + 65 + 27 + 8, id="convolution"
        ),
        # 6 units on 3 inputs.
        pytest.param({"dense_units": 6}, 40 + 24 + 24 + 2 * 7, id="dense layer"),
        # The 4 dimensions of the embedding beside the 3 of the cell.
        pytest.param({"embedding_skip": True}, 40 + 24 + 2 * 8, id="embedding skip"),
    ],
)
def test_weights_of_a_network_by_hand(changes: dict[str, Any], by_hand: int) -> None:
    values = {"cell": "simple_rnn", "embedding_size": 4, "units_1": 3} | changes
    counted = count_parameters(Hyperparameters.from_values(values), vocabulary_size=10, n_labels=2)
    assert counted == by_hand


@pytest.mark.parametrize("changes", NETWORKS.values(), ids=NETWORKS)
def test_keras_makes_as_many_weights(changes: dict[str, Any]) -> None:
    hyperparameters = Hyperparameters.from_values(SIZES | changes)
    network = build_network(hyperparameters, vocabulary_size=11, output_bias=np.zeros(3))
    counted = count_parameters(hyperparameters, vocabulary_size=11, n_labels=3)
    assert counted == network.count_params()


@pytest.mark.parametrize("changes", NETWORKS.values(), ids=NETWORKS)
def test_each_formula_comes_to_the_weights_of_its_layer(changes: dict[str, Any]) -> None:
    hyperparameters = Hyperparameters.from_values(SIZES | changes)
    for layer in list_layers(hyperparameters, vocabulary_size=1_100, n_labels=1_003):
        assert (evaluated(layer.formula) if layer.formula else 0) == layer.n_parameters


@pytest.mark.parametrize("changes", NETWORKS.values(), ids=NETWORKS)
def test_the_output_has_the_width_that_the_next_layer_counts_on(changes: dict[str, Any]) -> None:
    layers = list_layers(
        Hyperparameters.from_values(SIZES | changes), vocabulary_size=11, n_labels=3
    )
    for below, above in pairwise(layers):
        if "d" in above.sizes:
            assert below.output.strip("()").split(", ")[-1] == str(above.sizes["d"])


def test_a_reset_after_the_product_adds_a_bias_to_each_gate_of_a_gru_alone() -> None:
    # 3 units, 4 inputs: three more biases of 3 units.
    assert count_recurrent_parameters("gru", 3, 4, reset_after=True) == 81
    assert count_recurrent_parameters("gru", 3, 4, reset_after=False) == 72
    for cell in ("simple_rnn", "lstm"):
        either = [
            count_recurrent_parameters(cell, 3, 4, reset_after=after) for after in (True, False)
        ]
        assert either[0] == either[1]


@pytest.mark.parametrize(
    ("cell", "reset_after", "letters"),
    [
        pytest.param("simple_rnn", True, "u·(u + d + 1)", id="simple_rnn"),
        pytest.param("lstm", True, "4·u·(u + d + 1)", id="lstm"),
        pytest.param("gru", False, "3·u·(u + d + 1)", id="gru, reset before"),
        pytest.param("gru", True, "3·u·(u + d + 2)", id="gru, reset after"),
    ],
)
def test_counts_in_letters_are_those_of_the_literature(
    cell: str, reset_after: bool, letters: str
) -> None:
    assert write_recurrent_formula(cell, reset_after=reset_after) == letters


def test_numbers_stand_in_the_place_of_letters() -> None:
    assert insert_numbers("4·u·(u + d + 1)", {"u": 16, "d": 1_000}) == "4·16·(16 + 1,000 + 1)"


def test_the_layers_are_listed_from_ids_to_probabilities() -> None:
    hyperparameters = Hyperparameters(
        embedding_size=5,
        word_dropout=0.3,
        spatial_dropout=0.25,
        embedding_dropout=0.2,
        convolution_filters=6,
        cell="gru",
        bidirectional=True,
        recurrent_layers=2,
        units_1=4,
        units_2=3,
        input_dropout=0.2,
        recurrent_dropout=0.1,
        embedding_skip=True,
        pooling="max",
        dropout=0.5,
        dense_units=7,
        dense_dropout=0.4,
    )
    layers = list_layers(hyperparameters, vocabulary_size=1_100, n_labels=3)
    assert [(layer.name, layer.output, layer.formula) for layer in layers] == [
        ("Embedding", "(time, 5)", "1,100·5"),
        ("Dropout of words 0.3", "(time, 5)", ""),
        ("SpatialDropout1D 0.25", "(time, 5)", ""),
        ("Dropout 0.2", "(time, 5)", ""),
        ("Conv1D 6, width 3", "(time, 6)", "6·(3·5 + 1)"),
        ("MaxPooling1D 2", "(time/2, 6)", ""),
        (
            "Bidirectional GRU 4, dropout 0.2, recurrent dropout 0.1",
            "(time/2, 8)",
            "2·3·4·(4 + 6 + 2)",
        ),
        ("Dropout 0.5", "(time/2, 8)", ""),
        (
            "Bidirectional GRU 3, dropout 0.2, recurrent dropout 0.1",
            "(time/2, 6)",
            "2·3·3·(3 + 8 + 2)",
        ),
        ("Join with the input", "(time/2, 12)", ""),
        ("Pooling: max", "(12)", ""),
        ("Dropout 0.5", "(12)", ""),
        ("Dense 7, ReLU", "(7)", "7·(12 + 1)"),
        ("Dropout 0.4", "(7)", ""),
        ("Dense 3, sigmoid", "(3)", "3·(7 + 1)"),
    ]


def test_a_final_state_is_joined_without_time() -> None:
    hyperparameters = Hyperparameters(
        embedding_size=5, units_1=4, pooling="final", embedding_skip=True
    )
    layers = list_layers(hyperparameters, vocabulary_size=9, n_labels=2)
    assert [layer.output for layer in layers] == ["(time, 5)", "(4)", "(9)", "(2)"]


def test_layers_of_a_preset_are_counted_with_its_own_outputs_unless_told_others() -> None:
    preset = Preset("mine", "", {"vocabulary_size": 10, "embedding_size": 4, "units_1": 3}, 2)
    assert [layer.n_parameters for layer in list_preset_layers(preset)] == [40, 96, 0, 8]
    assert [layer.n_parameters for layer in list_preset_layers(preset, n_labels=5)] == [
        40,
        96,
        0,
        20,
    ]


def test_a_stated_number_of_weights_is_held_against_the_count() -> None:
    sizes = {"vocabulary_size": 10, "embedding_size": 4, "units_1": 3}

    def find_problem(stated: int | None) -> str:
        return find_count_problem(Preset("mine", "", sizes, 2, stated))

    assert find_problem(None) == find_problem(144) == ""
    for part in ("2 outputs", "144", "145"):
        assert part in find_problem(145)
