from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from search.model.equations import (
    make_direction_equations,
    make_dropout_equations,
    select_cell_equations,
)
from search.space.hyperparameters import Hyperparameters
from tests.model.computing import Floats, computed

N_UNITS, N_INPUTS = 3, 2
CELLS = {"simple_rnn": layers.SimpleRNNCell, "lstm": layers.LSTMCell, "gru": layers.GRUCell}
GATES = {"simple_rnn": "", "lstm": "ifco", "gru": "zrh"}
"""In the order in which Keras keeps them side by side."""


def drawn(*shape: int, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0.0, 0.8, shape)


def weighted_cell(cell: str, *, reset_after: bool) -> tuple[Any, dict[str, Floats]]:
    """A Keras cell with weights far from zero, and these by the names of the equations."""
    keras_cell = CELLS[cell](N_UNITS, **({"reset_after": reset_after} if cell == "gru" else {}))
    keras_cell.build((1, N_INPUTS))
    weights = [drawn(*w.shape, seed=i) for i, w in enumerate(keras_cell.get_weights())]
    keras_cell.set_weights(weights)
    kernel, recurrent, bias = weights
    n_gates = max(1, len(GATES[cell]))
    parts: dict[str, list[Floats]] = {
        "W": np.split(kernel.T, n_gates),
        "U": np.split(recurrent.T, n_gates),
        "b": np.split(np.atleast_2d(bias)[0], n_gates),
    }
    if bias.ndim == 2:
        parts["b'"] = np.split(bias[1], n_gates)
    names = [f"_{gate}" for gate in GATES[cell]] or [""]
    return keras_cell, {
        letter + name: part
        for letter, each in parts.items()
        for name, part in zip(names, each, strict=True)
    }


for_every_cell = pytest.mark.parametrize(
    ("cell", "reset_after"),
    [
        pytest.param("simple_rnn", True, id="simple_rnn"),
        pytest.param("lstm", True, id="lstm"),
        pytest.param("gru", False, id="gru, reset before"),
        pytest.param("gru", True, id="gru, reset after"),
    ],
)


@for_every_cell
def test_a_step_of_the_printed_equations_is_the_one_of_keras(cell: str, reset_after: bool) -> None:
    keras_cell, weights = weighted_cell(cell, reset_after=reset_after)
    x, h, c = drawn(N_INPUTS, seed=7), drawn(N_UNITS, seed=8), drawn(N_UNITS, seed=9)
    states = [h, c] if cell == "lstm" else [h]
    tensors = [ops.convert_to_tensor(state[None].astype(np.float32)) for state in states]
    _, theirs = keras_cell(ops.convert_to_tensor(x[None].astype(np.float32)), tensors)
    equations = select_cell_equations(Hyperparameters(cell=cell, reset_after=reset_after))
    ours = computed(equations.lines, {**weights, "x_t": x, "h_before": h, "c_before": c})
    for name, state in zip(["h_t", "c_t"], theirs, strict=False):
        assert ours[name] == pytest.approx(ops.convert_to_numpy(state)[0], abs=1e-6)


@for_every_cell
def test_the_shapes_of_the_symbols_are_those_of_the_weights(cell: str, reset_after: bool) -> None:
    _, weights = weighted_cell(cell, reset_after=reset_after)
    equations = select_cell_equations(Hyperparameters(cell=cell, reset_after=reset_after))
    shapes = {name: s.shape for s in equations.symbols for name in s.name.split()}
    for name, weight in weights.items():
        numbers = shapes[name].replace("u", f"{N_UNITS}").replace("d", f"{N_INPUTS}")
        assert numbers == " × ".join(map(str, weight.shape))  # noqa: RUF001 - as it is printed
    # The symbols list everything in the equations, and the count covers all weights.
    used = {name for name in weights if any(name in line for line in equations.lines)}
    assert used == set(weights)


def test_the_forget_gate_alone_starts_at_one() -> None:
    cell = layers.LSTMCell(N_UNITS)
    cell.build((1, N_INPUTS))
    starts = dict(zip("ifco", np.split(cell.get_weights()[2], 4), strict=True))
    assert {gate for gate, start in starts.items() if (start == 1).all()} == {"f"}
    assert not any(starts[gate].any() for gate in "ico")


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_two_directions_are_two_cells_of_one_kind_and_end_where_each_has_read_all(
    cell: str,
) -> None:
    keras_name = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[cell]
    equations = make_direction_equations(
        Hyperparameters(cell=cell, bidirectional=True, pooling="final")
    )
    assert equations.lines == (
        f"→h_t = {keras_name}(x_t, →h_{{t-1}})",
        f"←h_t = {keras_name}'(x_t, ←h_{{t+1}})",
        "y_t = [→h_t, ←h_t]",
        "y = [→h_T, ←h_1] is the output of the last recurrent layer",
    )


def test_the_ends_of_two_directions_are_those_that_keras_gives() -> None:
    keras.utils.set_random_seed(3)
    ends, steps = layers.LSTM(3), layers.LSTM(3, return_sequences=True)
    x = ops.convert_to_tensor(drawn(1, 5, 2, seed=1).astype(np.float32))
    both, at_each = layers.Bidirectional(ends), layers.Bidirectional(steps)
    at_each(x)
    both(x)
    both.set_weights(at_each.get_weights())
    outputs = ops.convert_to_numpy(at_each(x))[0]
    expected = np.concatenate((outputs[-1, :3], outputs[0, 3:]))
    assert ops.convert_to_numpy(both(x))[0] == pytest.approx(expected, abs=1e-6)


def test_only_pooling_final_ends_two_directions_early() -> None:
    equations = make_direction_equations(Hyperparameters(bidirectional=True, pooling="mean"))
    assert equations.lines[-1] == "y_t = [→h_t, ←h_t]"


@pytest.mark.parametrize(
    ("changes", "symbols", "draws_by_gate"),
    [
        pytest.param({"input_dropout": 0.2}, ["m", "p"], False, id="inputs"),
        pytest.param({"recurrent_dropout": 0.2}, ["n", "q"], True, id="state"),
        pytest.param(
            {"input_dropout": 0.2, "recurrent_dropout": 0.1}, ["m", "p", "n", "q"], True, id="both"
        ),
        pytest.param(
            {"cell": "simple_rnn", "recurrent_dropout": 0.1},
            ["n", "q"],
            False,
            id="simple_rnn has no gates",
        ),
    ],
)
def test_only_the_dropouts_in_use_are_explained(
    changes: dict[str, Any], symbols: list[str], draws_by_gate: bool
) -> None:
    equations = make_dropout_equations(Hyperparameters.from_values(changes))
    assert [symbol.name for symbol in equations.symbols] == symbols
    assert len(equations.lines) == len(symbols) / 2
    assert ("Each gate has its own draws." in equations.why) is draws_by_gate


@pytest.mark.parametrize(
    ("cell", "rates", "n_draws"),
    [
        pytest.param("simple_rnn", {"recurrent_dropout": 0.5}, 1, id="simple_rnn"),
        pytest.param("lstm", {"recurrent_dropout": 0.5}, 4, id="lstm"),
        pytest.param("gru", {"recurrent_dropout": 0.5}, 3, id="gru"),
    ],
)
def test_keras_draws_for_each_gate_where_the_text_says_so(
    cell: str, rates: dict[str, float], n_draws: int
) -> None:
    keras_cell = CELLS[cell](N_UNITS, seed=1, **rates)
    mask = keras_cell.get_recurrent_dropout_mask(ops.ones((1, N_UNITS)))
    assert (len(mask) if isinstance(mask, list) else 1) == n_draws
    only_inputs = CELLS[cell](N_UNITS, seed=1, dropout=0.5)
    assert not isinstance(only_inputs.get_dropout_mask(ops.ones((1, N_INPUTS))), list)
