"""Every shipped preset builds the network of the course notes, to the parameter."""

import keras
import numpy as np
import pytest

from search.model.network import build_network
from search.model.parameters import count_parameters, find_count_problem, list_preset_layers
from search.space.shipped_files import list_presets, open_preset

# The counts that the notes publish; where they publish none, the sum by hand.
PARAMETERS = {
    # E 2,000·16, LSTM 4·16·33 and 4·32·49, dense 64·33 and 82·65.
    "genre-embedding-example": 32_000 + 2_112 + 6_272 + 2_112 + 5_330,
    "genre-model-1": 177_266,
    "genre-model-2": 177_266,
    "genre-rnn": 169_538,
    "genre-lstm": 175_826,
    "genre-gru": 173_730,
    "imdb-deep-lstm": 322_113,
    "imdb-bilstm": 322_177,
    "imdb-deep-bilstm": 420_993,
    "imdb-deep-bilstm-rmsprop-dropout": 420_993,
    "imdb-deep-bilstm-adam-dropout": 420_993,
    "imdb-deep-bilstm-rmsprop": 420_993,
    "imdb-lstm-28": 326_861,
    "imdb-gru-28": 325_153,
    # Embedding and recurrence are published; the output has 32 weights and a bias.
    "imdb-simple-rnn-32": 322_080 + 33,
    # E 10,000·32, LSTM 4·32·65, output 33.
    "imdb-lstm-32": 320_000 + 8_320 + 33,
    "imdb-lstm-100": 213_301,
    "imdb-lstm-100-dropout": 213_301,
    "imdb-lstm-100-recurrent-dropout": 213_301,
    # As imdb-lstm-100, with a convolution of 32·(3·32 + 1).
    "imdb-cnn-lstm-100": 213_301 + 3_104,
    "imdb-cnn-lstm-100-dropout": 213_301 + 3_104,
}
LAYERS = {
    "genre-embedding-example": "Embedding LSTM LSTM Dense Dense",
    "genre-model-1": "Embedding SimpleRNN Dropout SimpleRNN Dropout Dense Dense",
    "genre-model-2": "Embedding SimpleRNN SimpleRNN Dense Dense",
    "genre-rnn": "Embedding SimpleRNN SimpleRNN Dense Dense",
    "genre-lstm": "Embedding LSTM LSTM Dense Dense",
    "genre-gru": "Embedding GRU GRU Dense Dense",
    "imdb-deep-lstm": "Embedding LSTM LSTM Dense",
    "imdb-bilstm": "Embedding Bidirectional Dense",
    "imdb-deep-bilstm": "Embedding Bidirectional Bidirectional Dense",
    "imdb-deep-bilstm-rmsprop-dropout": "Embedding Bidirectional Bidirectional Dense",
    "imdb-deep-bilstm-adam-dropout": "Embedding Bidirectional Bidirectional Dense",
    "imdb-deep-bilstm-rmsprop": "Embedding Bidirectional Bidirectional Dense",
    "imdb-lstm-28": "Embedding LSTM Dense",
    "imdb-gru-28": "Embedding GRU Dense",
    "imdb-simple-rnn-32": "Embedding SimpleRNN Dense",
    "imdb-lstm-32": "Embedding LSTM Dense",
    "imdb-lstm-100": "Embedding LSTM Dense",
    "imdb-lstm-100-dropout": "Embedding Dropout LSTM Dropout Dense",
    "imdb-lstm-100-recurrent-dropout": "Embedding LSTM Dense",
    "imdb-cnn-lstm-100": "Embedding Conv1D MaxPooling1D LSTM Dense",
    "imdb-cnn-lstm-100-dropout": "Embedding Dropout Conv1D MaxPooling1D LSTM Dropout Dense",
}
JOINTS = ("InputLayer", "Concatenate")
"""Layers that the notes do not count: the input, and the two directions put side by side."""


@pytest.fixture(scope="module")
def networks() -> dict[str, keras.Model]:
    return {name: built(name) for name in list_presets()}


def built(name: str, n_labels: int | None = None) -> keras.Model:
    """Build a preset for a corpus of a thousand words."""
    preset = open_preset(name)
    h = preset.configuration()
    n_outputs = n_labels or preset.n_labels or 1
    n_rows = h.count_embedding_rows(1_000)
    return build_network(h, vocabulary_size=n_rows, output_bias=np.zeros(n_outputs))


def of_type(network: keras.Model, kind: type[keras.Layer]) -> list[keras.Layer]:
    return [layer for layer in network.layers if isinstance(layer, kind)]


def test_every_preset_is_counted_here() -> None:
    assert set(PARAMETERS) == set(LAYERS) == set(list_presets())


@pytest.mark.parametrize("name", list_presets())
def test_a_preset_has_the_parameters_of_the_notes(
    name: str, networks: dict[str, keras.Model]
) -> None:
    preset = open_preset(name)
    assert preset.n_parameters == PARAMETERS[name]
    assert find_count_problem(preset) == ""
    assert sum(layer.n_parameters for layer in list_preset_layers(preset)) == PARAMETERS[name]
    assert networks[name].count_params() == PARAMETERS[name]


@pytest.mark.parametrize("name", list_presets())
def test_a_preset_has_the_layers_of_the_notes_in_their_order(
    name: str, networks: dict[str, keras.Model]
) -> None:
    kinds = [type(layer).__name__ for layer in networks[name].layers]
    assert [kind for kind in kinds if kind not in JOINTS] == LAYERS[name].split()


@pytest.mark.parametrize("name", list_presets())
def test_the_listed_layers_are_those_of_the_network_with_their_shapes(
    name: str, networks: dict[str, keras.Model]
) -> None:
    counted = [layer for layer in networks[name].layers if layer.count_params()]
    listed = [layer for layer in list_preset_layers(open_preset(name)) if layer.n_parameters]
    assert [layer.n_parameters for layer in listed] == [layer.count_params() for layer in counted]
    for ours, theirs in zip(listed, counted, strict=True):
        # A recurrence in two directions gives two outputs here, which are joined after it.
        outputs = theirs.output if isinstance(theirs.output, list) else [theirs.output]
        width = str(sum(output.shape[-1] for output in outputs))
        shape = f"(time, {width})" if len(outputs[0].shape) == 3 else f"({width})"
        assert ours.output == shape


def test_the_dropouts_of_the_notes_have_their_rates(networks: dict[str, keras.Model]) -> None:
    for name in ("genre-model-1", "imdb-lstm-100-dropout", "imdb-cnn-lstm-100-dropout"):
        assert [layer.rate for layer in of_type(networks[name], keras.layers.Dropout)] == [0.2, 0.2]
    (cell,) = of_type(networks["imdb-lstm-100-recurrent-dropout"], keras.layers.LSTM)
    assert (cell.dropout, cell.recurrent_dropout) == (0.2, 0.2)
    for optimizer in ("adam", "rmsprop"):
        network = networks[f"imdb-deep-bilstm-{optimizer}-dropout"]
        both = of_type(network, keras.layers.Bidirectional)
        assert [layer.forward_layer.recurrent_dropout for layer in both] == [0.2, 0.2]
        assert [layer.forward_layer.dropout for layer in both] == [0.0, 0.0]


def test_presets_of_grus_reset_before_the_product(networks: dict[str, keras.Model]) -> None:
    for name in ("genre-gru", "imdb-gru-28"):
        grus = of_type(networks[name], keras.layers.GRU)
        assert grus and not any(layer.reset_after for layer in grus)


def test_another_number_of_labels_changes_the_output_alone() -> None:
    # 64 inputs and a bias for each of 40 labels fewer.
    assert built("genre-lstm", 42).count_params() == 175_826 - 40 * 65
    layers = list_preset_layers(open_preset("genre-lstm"), n_labels=42)
    assert sum(layer.n_parameters for layer in layers) == 175_826 - 40 * 65


@pytest.mark.parametrize("name", list_presets())
def test_a_preset_gives_a_logit_for_each_label(name: str, networks: dict[str, keras.Model]) -> None:
    ids = np.ones((2, 12), np.int32)
    assert networks[name](ids).shape == (2, open_preset(name).n_labels)


@pytest.mark.parametrize("name", list_presets())
def test_the_count_needs_no_network(name: str) -> None:
    preset = open_preset(name)
    h = preset.configuration()
    n_rows = h.count_embedding_rows(n_ids=7)
    counted = count_parameters(h, vocabulary_size=n_rows, n_labels=preset.n_labels or 1)
    assert counted == PARAMETERS[name]
