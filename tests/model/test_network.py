from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import layers, ops

from search.model.network import build_network, build_optimizer
from search.space.hyperparameters import Hyperparameters

Floats = npt.NDArray[np.float64]

CELLS = {"simple_rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
WORDS = [[3, 7, 2, 9, 5]]
BIAS = np.array([-2.0, 0.5])


def built(**changes: Any) -> keras.Model:
    """A network of 12 ids, 3 dimensions, 4 units and 2 labels, its weights far from zero."""
    keras.utils.set_random_seed(6)
    sizes = {"embedding_size": 3, "units_1": 4, "units_2": 4, "cell": "simple_rnn"}
    hyperparameters = Hyperparameters.from_values(sizes | changes)
    network = build_network(hyperparameters, vocabulary_size=12, output_bias=BIAS)
    generator = np.random.default_rng(6)
    network.set_weights([generator.normal(0, 0.6, w.shape) for w in network.get_weights()])
    return network


def run(model: keras.Model, ids: npt.ArrayLike) -> Floats:
    given = ops.convert_to_tensor(np.array(ids, np.int32))
    return np.asarray(ops.convert_to_numpy(model(given)), np.float64)


def plain_outputs(network: keras.Model, cell: str, *, bidirectional: bool = False) -> Floats:
    """What Keras's own layers with the network's weights give at each word, (5, width)."""
    recurrence = CELLS[cell](4, return_sequences=True)
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.Bidirectional(recurrence) if bidirectional else recurrence,
        ]
    )
    plain.set_weights(network.get_weights()[:-2])
    outputs: Floats = run(plain, WORDS)[0]
    return outputs


def compute_logits(network: keras.Model, vector: Floats) -> Floats:
    kernel, bias = network.get_layer("logits").get_weights()
    logits: Floats = vector @ kernel + bias
    return logits


def pooled_by_hand(outputs: Floats, pooling: str) -> Floats:
    match pooling:
        case "last":
            pooled = outputs[-1]
        case "mean":
            pooled = outputs.sum(axis=0) / 5
        case "max":
            pooled = outputs.max(axis=0)
        case _:
            pooled = outputs.sum(axis=0) / 5**0.5
    return np.asarray(pooled, np.float64)


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "sqrtn"])
def test_pooling_of_an_unpadded_text(pooling: str) -> None:
    network = built(pooling=pooling)
    vector = pooled_by_hand(plain_outputs(network, "simple_rnn"), pooling)
    assert run(network, WORDS)[0] == pytest.approx(compute_logits(network, vector), abs=1e-5)


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "sqrtn"])
def test_padding_behind_a_text_changes_nothing_for_a_forward_cell(pooling: str) -> None:
    network = built(pooling=pooling)
    vector = pooled_by_hand(plain_outputs(network, "simple_rnn"), pooling)
    padded = run(network, [WORDS[0] + [0, 0, 0]])[0]
    assert padded == pytest.approx(compute_logits(network, vector), abs=1e-5)


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_the_last_state_of_each_cell_is_the_one_keras_returns(cell: str) -> None:
    network = built(cell=cell, pooling="last")
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            CELLS[cell](4),
            layers.Dense(2),
        ]
    )
    plain.set_weights(network.get_weights())
    expected = pytest.approx(run(plain, WORDS)[0], abs=1e-5)
    assert run(network, WORDS)[0] == expected
    assert run(network, [WORDS[0] + [0, 0]])[0] == expected


def test_padding_before_a_text_is_not_pooled() -> None:
    # The outputs at the words know of the padding that was read, but only they are pooled.
    network = built(pooling="mean")
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.SimpleRNN(4, return_sequences=True),
        ]
    )
    plain.set_weights(network.get_weights()[:-2])
    ids = [[0, 0, *WORDS[0]]]
    vector = run(plain, ids)[0, 2:].mean(axis=0)
    assert run(network, ids)[0] == pytest.approx(compute_logits(network, vector), abs=1e-5)


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm"])
def test_the_last_state_of_the_backward_direction_is_at_the_first_word(cell: str) -> None:
    network = built(cell=cell, bidirectional=True, pooling="last")
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.Bidirectional(CELLS[cell](4)),
            layers.Dense(2),
        ]
    )
    plain.set_weights(network.get_weights())
    assert run(network, WORDS)[0] == pytest.approx(run(plain, WORDS)[0], abs=1e-5)


def test_the_last_states_of_two_directions_leave_padding_out() -> None:
    # Before the text the forward direction reads padding, and behind it the backward one does.
    network = built(bidirectional=True, pooling="last")
    ids = [[0, 0, *WORDS[0], 0]]
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.Bidirectional(layers.SimpleRNN(4, return_sequences=True)),
        ]
    )
    plain.set_weights(network.get_weights()[:-2])
    outputs = run(plain, ids)[0]
    vector = np.concatenate((outputs[6, :4], outputs[2, 4:]))
    assert run(network, ids)[0] == pytest.approx(compute_logits(network, vector), abs=1e-5)


def test_the_skip_pools_the_embedding_beside_both_directions() -> None:
    network = built(bidirectional=True, pooling="mean", embedding_skip=True)
    outputs = plain_outputs(network, "simple_rnn", bidirectional=True).mean(axis=0)
    embedded = network.get_weights()[0][WORDS[0]].mean(axis=0)
    vector = np.concatenate((outputs[:4], embedded, outputs[4:]))
    assert run(network, WORDS)[0] == pytest.approx(compute_logits(network, vector), abs=1e-5)


def test_the_convolution_halves_the_words_and_the_mask_with_them() -> None:
    # One filter of one token that gives dimension 0; three pairs of words are left of four.
    network = built(convolution_filters=1, convolution_width=1, pooling="mean", embedding_skip=True)
    weights = network.get_weights()
    weights[1], weights[2] = np.array([[[1.0], [0.0], [0.0]]]), np.array([0.0])
    network.set_weights(weights)
    seen = np.maximum(weights[0][[3, 7, 2, 9, 5, 0, 0, 0], 0], 0.0)
    paired = seen.reshape(4, 2).max(axis=1)[:3]
    kernel, bias = weights[-2:]
    state = run_simple_rnn(paired, *weights[3:6]).mean(axis=0)
    vector = np.concatenate((state, [paired.mean()]))
    assert run(network, [WORDS[0] + [0, 0, 0]])[0] == pytest.approx(
        vector @ kernel + bias, abs=1e-5
    )


def run_simple_rnn(inputs: Floats, kernel: Floats, recurrent: Floats, bias: Floats) -> Floats:
    """Elman's recurrence by hand: h = tanh(x·W + h·U + b)."""
    state, states = np.zeros(len(bias)), []
    for value in inputs:
        state = np.tanh(value * kernel[0] + state @ recurrent + bias)
        states.append(state)
    return np.array(states)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"pooling": "last", "bidirectional": True}, id="last, both directions"),
        pytest.param(
            {"pooling": "max", "convolution_filters": 3, "cell": "gru"}, id="max, convolution"
        ),
        pytest.param(
            {"pooling": "sqrtn", "recurrent_layers": 2, "dense_units": 3, "cell": "lstm"},
            id="sqrtn, two layers",
        ),
    ],
)
def test_a_text_has_the_same_logits_alone_and_in_company(changes: dict[str, Any]) -> None:
    network = built(**changes)
    generator = np.random.default_rng(1)
    ids = generator.integers(1, 12, (6, 9))
    for row, n_padding in enumerate([0, 1, 2, 4, 6, 8]):
        ids[row, :n_padding] = 0
    together = run(network, ids)
    for row in range(6):
        assert run(network, ids[row : row + 1])[0] == pytest.approx(together[row], abs=1e-5)


@pytest.mark.parametrize("length", [1, 2, 7])
def test_texts_of_any_length_are_read(length: int) -> None:
    network = built(convolution_filters=2, bidirectional=True, pooling="max")
    assert np.isfinite(run(network, np.ones((2, length)))).all()


def test_the_output_starts_at_the_given_logits() -> None:
    hyperparameters = Hyperparameters(embedding_size=3, units_1=2)
    network = build_network(hyperparameters, vocabulary_size=12, output_bias=BIAS)
    assert network.get_layer("logits").get_weights()[1].tolist() == [-2.0, 0.5]
    assert network.output_shape == (None, 2)


def test_the_embedding_starts_at_the_given_vectors() -> None:
    start = np.random.default_rng(1).normal(size=(12, 3)).astype(np.float32)
    hyperparameters = Hyperparameters(embedding_size=3, units_1=2)
    network = build_network(hyperparameters, vocabulary_size=12, output_bias=BIAS, embedding=start)
    assert np.array_equal(network.get_weights()[0], start)


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one direction", "both"])
def test_the_final_state_is_the_one_keras_returns_padding_and_all(
    cell: str, bidirectional: bool
) -> None:
    network = built(cell=cell, pooling="final", bidirectional=bidirectional)
    recurrence = CELLS[cell](4)
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.Bidirectional(recurrence) if bidirectional else recurrence,
            layers.Dense(2),
        ]
    )
    plain.set_weights(network.get_weights())
    for ids in (WORDS, [[*WORDS[0], 0, 0]], [[0, 0, *WORDS[0]]]):
        assert run(network, ids)[0] == pytest.approx(run(plain, ids)[0], abs=1e-5)


def test_the_final_state_has_read_the_padding_that_the_last_leaves_out() -> None:
    final, last = built(pooling="final"), built(pooling="last")
    last.set_weights(final.get_weights())
    assert run(final, WORDS) == pytest.approx(run(last, WORDS), abs=1e-5)
    padded = [[*WORDS[0], 0, 0]]
    assert run(final, padded) != pytest.approx(run(last, padded), abs=1e-2)


def test_final_states_of_layers_one_upon_another_are_those_of_the_last_layer() -> None:
    network = built(cell="lstm", recurrent_layers=2, units_2=2, pooling="final", dense_units=3)
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.LSTM(4, return_sequences=True),
            layers.LSTM(2),
            layers.Dense(3, activation="relu"),
            layers.Dense(2),
        ]
    )
    plain.set_weights(network.get_weights())
    assert run(network, WORDS)[0] == pytest.approx(run(plain, WORDS)[0], abs=1e-5)


def test_the_skip_joins_the_last_embedding_to_a_final_state() -> None:
    network = built(pooling="final", embedding_skip=True)
    outputs = plain_outputs(network, "simple_rnn")[-1]
    vector = np.concatenate((outputs, network.get_weights()[0][WORDS[0][-1]]))
    assert run(network, WORDS)[0] == pytest.approx(compute_logits(network, vector), abs=1e-5)


@pytest.mark.parametrize("reset_after", [False, True], ids=["before", "after"])
def test_a_gru_resets_before_or_after_the_product(reset_after: bool) -> None:
    network = built(cell="gru", pooling="final", reset_after=reset_after)
    plain = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(12, 3),
            layers.GRU(4, reset_after=reset_after),
            layers.Dense(2),
        ]
    )
    plain.set_weights(network.get_weights())
    assert run(network, WORDS)[0] == pytest.approx(run(plain, WORDS)[0], abs=1e-5)


def test_dropout_is_off_outside_training() -> None:
    shares = {
        "word_dropout": 0.5,
        "spatial_dropout": 0.5,
        "embedding_dropout": 0.5,
        "input_dropout": 0.5,
        "recurrent_dropout": 0.5,
        "dropout": 0.5,
        "dense_dropout": 0.5,
    }
    plain, dropping = built(dense_units=3), built(dense_units=3, **shares)
    dropping.set_weights(plain.get_weights())
    assert run(dropping, WORDS) == pytest.approx(run(plain, WORDS), abs=1e-6)


def test_word_dropout_drops_whole_words() -> None:
    network = built(word_dropout=0.5)
    dropout = next(layer for layer in network.layers if isinstance(layer, layers.Dropout))
    dropped = np.asarray(dropout(ops.ones((4, 50, 3)), training=True))
    # What is kept is scaled by 1 / (1 - 0.5).
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert np.array_equal(dropped.min(axis=2), dropped.max(axis=2))
    assert not np.array_equal(dropped[0], dropped[1])


def test_embedding_dropout_drops_single_numbers() -> None:
    network = built(embedding_dropout=0.5)
    dropout = next(layer for layer in network.layers if isinstance(layer, layers.Dropout))
    dropped = np.asarray(dropout(ops.ones((4, 50, 3)), training=True))
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert not np.array_equal(dropped.min(axis=2), dropped.max(axis=2))
    assert not np.array_equal(dropped.min(axis=1), dropped.max(axis=1))


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one direction", "both"])
def test_dropouts_inside_a_cell_reach_every_recurrent_layer(cell: str, bidirectional: bool) -> None:
    network = built(
        cell=cell,
        bidirectional=bidirectional,
        recurrent_layers=2,
        input_dropout=0.3,
        recurrent_dropout=0.1,
    )
    outer = layers.Bidirectional if bidirectional else CELLS[cell]
    found = [layer for layer in network.layers if isinstance(layer, outer)]
    inner = [part for layer in found for part in list_directions(layer)]
    assert [(layer.dropout, layer.recurrent_dropout) for layer in inner] == [(0.3, 0.1)] * len(
        inner
    )
    assert len(inner) == (4 if bidirectional else 2)


def list_directions(layer: keras.Layer) -> list[keras.Layer]:
    if isinstance(layer, layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [layer]


def test_input_dropout_changes_what_is_computed_in_training_alone() -> None:
    network = built(input_dropout=0.5, pooling="final")
    ids = ops.convert_to_tensor(np.array(WORDS * 30, np.int32))
    in_training = np.asarray(ops.convert_to_numpy(network(ids, training=True)))
    assert len(np.unique(in_training.round(4), axis=0)) > 1
    assert len(np.unique(run(network, WORDS * 30).round(4), axis=0)) == 1


def test_dense_dropout_stands_after_the_dense_layer_alone() -> None:
    network = built(dense_units=3, dense_dropout=0.5)
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds[-3:] == ["Dense", "Dropout", "Dense"]
    assert kinds.count("Dropout") == 1
    # No dense layer, nothing to drop after it.
    without = built(dense_dropout=0.5)
    assert not any(isinstance(layer, layers.Dropout) for layer in without.layers)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"pooling": "last", "bidirectional": True, "cell": "lstm"}, id="last"),
        pytest.param(
            {"pooling": "final", "cell": "gru", "reset_after": False, "embedding_dropout": 0.2},
            id="final",
        ),
        pytest.param(
            {"pooling": "mean", "recurrent_layers": 2, "dropout": 0.2, "dense_units": 3}, id="mean"
        ),
        pytest.param(
            {"pooling": "max", "convolution_filters": 2, "cell": "gru", "embedding_skip": True},
            id="max",
        ),
        pytest.param(
            {
                "pooling": "sqrtn",
                "word_dropout": 0.2,
                "spatial_dropout": 0.2,
                "recurrent_dropout": 0.1,
            },
            id="sqrtn",
        ),
    ],
)
def test_a_saved_network_loads_in_safe_mode_and_says_the_same(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    network = built(**changes)
    network.save(tmp_path / "network.keras")
    keras.backend.clear_session()
    loaded = keras.saving.load_model(tmp_path / "network.keras", compile=False, safe_mode=True)
    ids = [[0, 0, *WORDS[0]], [4, 1, 1, 8, 2, 3, 6]]
    assert run(loaded, ids) == pytest.approx(run(network, ids), abs=1e-6)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "nadam", "sgd"])
def test_each_optimizer_has_its_rate_and_clips_gradients(name: str) -> None:
    hyperparameters = Hyperparameters(optimizer=name, learning_rate=0.02, weight_decay=0.01)
    optimizer = build_optimizer(hyperparameters)
    assert type(optimizer).__name__.lower() == name
    assert float(optimizer.learning_rate) == pytest.approx(0.02)
    assert optimizer.clipnorm == 1.0
    assert optimizer.weight_decay == 0.01


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "nadam", "sgd"])
def test_a_norm_of_zero_clips_nothing(name: str) -> None:
    assert build_optimizer(Hyperparameters(optimizer=name, clip_norm=0.0)).clipnorm is None
    assert build_optimizer(Hyperparameters(optimizer=name, clip_norm=0.5)).clipnorm == 0.5


def test_sgd_looks_ahead_with_its_momentum() -> None:
    optimizer = build_optimizer(Hyperparameters(optimizer="sgd", momentum=0.8))
    assert (optimizer.momentum, optimizer.nesterov) == (0.8, True)


def test_adamw_without_decay_has_none_and_no_default_of_its_own() -> None:
    optimizer = build_optimizer(Hyperparameters(optimizer="adamw", weight_decay=0.0))
    assert optimizer.weight_decay == 0.0


def test_a_start_of_the_embedding_is_not_written_into_the_saved_architecture() -> None:
    start = np.full((50, 4), 0.25, np.float32)
    network = build_network(
        Hyperparameters(embedding_size=4, units_1=2),
        vocabulary_size=50,
        output_bias=np.zeros(2),
        embedding=start,
    )
    np.testing.assert_array_equal(network.get_layer("embedding").get_weights()[0], start)
    assert "0.25" not in network.to_json()
