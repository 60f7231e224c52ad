import pytest

from search.model.explanation import Explanation, explain
from search.model.parameters import list_layers, list_preset_layers
from search.space.hyperparameters import Hyperparameters
from search.space.shipped_files import list_presets, open_preset


def explained(name: str) -> tuple[Explanation, ...]:
    preset = open_preset(name)
    return explain(preset.configuration(), list_preset_layers(preset))


def list_sizes(explanation: Explanation) -> dict[str, str]:
    names = [symbol.name for symbol in explanation.equations.symbols]
    return dict(zip(names, explanation.sizes, strict=True))


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        pytest.param(
            "genre-lstm",
            ["Embedding", "LSTM 16, LSTM 32", "Dense 64, ReLU", "Dense 82, sigmoid"],
            id="genre-lstm",
        ),
        pytest.param(
            "genre-model-1",
            [
                "Embedding",
                "SimpleRNN 32, SimpleRNN 64",
                "Dropout 0.2",
                "Dense 64, ReLU",
                "Dense 82, sigmoid",
            ],
            id="genre-model-1",
        ),
        pytest.param(
            "imdb-deep-bilstm-adam-dropout",
            [
                "Embedding",
                "LSTM 64",
                "Bidirectional LSTM 64",
                "Dropout inside the cell",
                "Dense 1, sigmoid",
            ],
            id="imdb-deep-bilstm-adam-dropout",
        ),
        pytest.param(
            "imdb-cnn-lstm-100-dropout",
            [
                "Embedding",
                "Dropout 0.2",
                "Conv1D 32, width 3",
                "MaxPooling1D 2",
                "LSTM 100",
                "Dense 1, sigmoid",
            ],
            id="imdb-cnn-lstm-100-dropout",
        ),
    ],
)
def test_each_kind_of_layer_is_explained_once_in_the_order_of_the_network(
    name: str, titles: list[str]
) -> None:
    assert [explanation.title for explanation in explained(name)] == titles


def test_counts_stand_in_letters_and_in_the_numbers_of_each_layer() -> None:
    lstm = explained("genre-lstm")[1]
    assert lstm.letters == "4·u·(u + d + 1)"
    assert lstm.counts == ("4·16·(16 + 16 + 1) = 2,112", "4·32·(32 + 16 + 1) = 6,272")


def test_shapes_stand_in_the_numbers_of_each_layer_that_differs() -> None:
    sizes = list_sizes(explained("genre-lstm")[1])
    assert sizes["W_i W_f W_c W_o"] == "16 × 16, 32 × 16"  # noqa: RUF001 - as it is printed
    assert (sizes["x_t"], sizes["h_t"]) == ("16", "16, 32")
    assert (sizes["u"], sizes["d"]) == ("16, 32", "16")


def test_a_layer_in_two_directions_is_counted_once_and_then_twice() -> None:
    _, one, both, _ = explained("imdb-bilstm")
    assert (one.letters, one.counts) == ("4·u·(u + d + 1)", ("4·64·(64 + 64 + 1) = 33,024",))
    assert both.letters == "2·4·u·(u + d + 1)"
    assert both.counts == ("2·4·64·(64 + 64 + 1) = 66,048",)


def test_dropouts_inside_a_cell_have_their_rates() -> None:
    inside = explained("imdb-lstm-100-recurrent-dropout")[2]
    assert list_sizes(inside) == {"m": "32", "p": "0.2", "n": "100", "q": "0.2"}
    assert (inside.letters, inside.counts) == ("", ())


@pytest.mark.parametrize("name", list_presets())
def test_the_counts_of_a_preset_are_those_of_its_layers(name: str) -> None:
    preset = open_preset(name)
    counted = {layer.n_parameters for layer in list_preset_layers(preset) if layer.n_parameters}
    in_texts = {
        int(count.split(" = ")[1].replace(",", ""))
        for explanation in explained(name)
        for count in explanation.counts
        if not (preset.configuration().bidirectional and explanation.title.startswith("LSTM"))
    }
    assert in_texts == counted


def test_a_network_of_ones_own_is_explained_whole() -> None:
    hyperparameters = Hyperparameters(
        word_dropout=0.3,
        spatial_dropout=0.4,
        convolution_filters=8,
        cell="gru",
        bidirectional=True,
        embedding_skip=True,
        pooling="sqrtn",
        dense_units=4,
    )
    layers = list_layers(hyperparameters, vocabulary_size=100, n_labels=3)
    assert [explanation.title for explanation in explain(hyperparameters, layers)] == [
        "Embedding",
        "Dropout of words 0.3",
        "SpatialDropout1D 0.4",
        "Conv1D 8, width 3",
        "MaxPooling1D 2",
        "GRU 32",
        "Bidirectional GRU 32",
        "Join with the input",
        "Pooling: sqrtn",
        "Dense 4, ReLU",
        "Dense 3, sigmoid",
    ]
