from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from search.model.equations import CONVENTIONS, select_equations
from search.model.parameters import LayerKind
from search.space.hyperparameters import Hyperparameters
from tests.model.computing import Floats, computed

PLAIN = Hyperparameters()


def drawn(*shape: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(0.0, 0.8, shape)


def given_by(layer: keras.Layer, inputs: Floats) -> Floats:
    """What a Keras layer makes of one input, its weights far from zero."""
    tensor = ops.convert_to_tensor(inputs[None].astype(np.float32))
    layer(tensor)
    layer.set_weights([drawn(*w.shape, seed=i) for i, w in enumerate(layer.get_weights())])
    output: Floats = ops.convert_to_numpy(layer(tensor))[0]
    return output


@pytest.mark.parametrize(
    ("kind", "name", "activation"),
    [(LayerKind.RELU, "y", "relu"), (LayerKind.SIGMOID, "p", "sigmoid")],
)
def test_the_printed_dense_layers_are_those_of_keras(
    kind: LayerKind, name: str, activation: str
) -> None:
    layer, x = layers.Dense(4, activation=activation), drawn(3, seed=9)
    theirs = given_by(layer, x)
    kernel, bias = layer.get_weights()
    lines = select_equations(kind, PLAIN).lines
    ours = computed(lines, {"W": kernel.T, "b": bias, "x": x})
    assert ours[name] == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize(
    ("width", "first", "last"), [(1, 0, 0), (2, 0, 1), (3, -1, 1), (4, -1, 2), (5, -2, 2)]
)
def test_a_filter_sees_the_steps_that_the_text_says(width: int, first: int, last: int) -> None:
    equations = select_equations(LayerKind.CONVOLUTION, Hyperparameters(convolution_width=width))
    assert equations.lines == (f"y_t = max(0, Σ_j W_j x_{{t+j}} + b), j from {first} to {last}",)
    layer, x = layers.Conv1D(2, width, padding="same", activation="relu"), drawn(6, 3, seed=9)
    theirs = given_by(layer, x)
    kernel, bias = layer.get_weights()
    padded = np.pad(x, ((width, width), (0, 0)))
    for t in range(6):
        terms = (kernel[j - first].T @ padded[width + t + j] for j in range(first, last + 1))
        assert np.maximum(0, sum(terms) + bias) == pytest.approx(theirs[t], abs=1e-5)


def test_pooling_by_two_rounds_the_steps_up() -> None:
    x = drawn(5, 2)
    theirs = given_by(layers.MaxPooling1D(2, padding="same"), x)
    assert theirs == pytest.approx(
        np.array([x[0:2].max(axis=0), x[2:4].max(axis=0), x[4]]), abs=1e-6
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        pytest.param({"pooling": "last"}, "v = h_n", id="last"),
        pytest.param(
            {"pooling": "last", "bidirectional": True},
            "v = [→h_n, ←h_1]",
            id="last of both directions",
        ),
        pytest.param({"pooling": "mean"}, "v = (h_1 + … + h_n) / n", id="mean"),
        pytest.param({"pooling": "sqrtn"}, "v = (h_1 + … + h_n) / √n", id="sqrtn"),
        pytest.param({"pooling": "max"}, "v = max(h_1, …, h_n), element by element", id="max"),
    ],
)
def test_each_pooling_has_its_equation(changes: dict[str, Any], line: str) -> None:
    assert select_equations(LayerKind.POOLING, Hyperparameters.from_values(changes)).lines == (
        line,
    )


def test_dropout_keeps_the_mean_and_is_nothing_in_use() -> None:
    # What the text says: 0 or x / (1 - p).
    layer = layers.Dropout(0.2, seed=1)
    kept = ops.convert_to_numpy(layer(ops.ones((1, 1_000)), training=True))
    assert np.unique(kept) == pytest.approx([0.0, 1 / 0.8])
    assert np.mean(kept == 0) == pytest.approx(0.2, abs=0.05)
    lines = select_equations(LayerKind.DROPOUT, PLAIN).lines
    assert lines == ("y_t = m ∘ x_t / (1 - p) in training", "y_t = x_t in use")


@pytest.mark.parametrize("kind", [kind for kind in LayerKind if kind is not LayerKind.RECURRENCE])
def test_every_kind_of_layer_has_equations_symbols_and_a_reason(kind: LayerKind) -> None:
    equations = select_equations(kind, PLAIN)
    assert equations.lines and equations.symbols
    assert equations.why.endswith(".")


def test_the_conventions_name_each_sign_that_is_used() -> None:
    signs = ("σ(x)", "∘", "[a, b]", "T ")  # noqa: RUF001 - the Greek letter
    assert all(sign in CONVENTIONS for sign in signs)
