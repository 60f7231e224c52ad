from contextlib import redirect_stdout
from io import StringIO

import pytest

from search.cli.presets import describe_preset, print_preset, print_presets
from search.space.preset import Preset
from search.space.shipped_files import open_preset

MINE = Preset(
    name="mine",
    description="",
    hyperparameters={
        "vocabulary_size": 10,
        "embedding_size": 4,
        "cell": "simple_rnn",
        "units_1": 3,
    },
    n_epochs=1,
)


def printed(
    preset: Preset | str, *, n_labels: int | None = None, explains: bool = False
) -> list[str]:
    """The lines of a preset, their ends stripped, and each run of spaces in them one."""
    opened = open_preset(preset) if isinstance(preset, str) else preset
    with redirect_stdout(StringIO()) as out:
        print_preset(opened, n_labels=n_labels, explains=explains)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_a_preset_is_listed_with_its_parameters_and_outputs() -> None:
    with redirect_stdout(StringIO()) as out:
        print_presets([open_preset("genre-gru"), MINE])
    rows = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert rows[0] == "preset parameters outputs description"
    assert rows[2].startswith("genre-gru 173,730 82 GRU 16 and 32, one of the three cells")
    # Embedding 40, cell 24, output 4.
    assert rows[-1] == "mine 68 any"


def test_a_preset_is_shown_layer_by_layer_and_in_all() -> None:
    lines = printed("genre-gru")
    assert lines[0] == (
        "genre-gru: preset, 18 hyperparameters; 173,730 parameters with 82 outputs; 5 epochs"
    )
    assert lines[1].startswith("GRU 16 and 32")
    assert lines[3] == "layer output formula parameters"
    assert lines[5:11] == [
        "Embedding (time, 16) 10,000·16 160,000",
        "GRU 16 (time, 16) 3·16·(16 + 16 + 1) 1,584",
        "GRU 32 (32) 3·32·(32 + 16 + 1) 4,704",
        "Dense 64, ReLU (64) 64·(32 + 1) 2,112",
        "Dense 82, sigmoid (82) 82·(64 + 1) 5,330",
        "total 173,730",
    ]


def test_a_preset_is_shown_with_its_hyperparameters_training_and_results() -> None:
    lines = printed("imdb-bilstm")
    assert "A text has 100 time steps at most." in lines
    assert "bidirectional true Whether the network reads the text in both directions." in lines
    assert (
        "Training: 4 epochs; of files that give train and test, validation takes 30% of train."
        in lines
    )
    assert "Published: test_accuracy 0.8414, seconds_per_epoch 34." in lines


def test_a_preset_without_figures_says_so() -> None:
    lines = printed(MINE)
    assert lines[0] == "mine: preset, 4 hyperparameters; 68 parameters with 1 output; 1 epoch"
    assert "On a corpus with fewer words the embedding has fewer rows." in lines
    assert "Training: 1 epoch; validation takes its usual share." in lines
    assert "Published: no figures." in lines


def test_another_number_of_outputs_changes_the_last_layer_and_the_total() -> None:
    lines = printed("genre-gru", n_labels=42)
    assert "Dense 42, sigmoid (42) 42·(64 + 1) 2,730" in lines
    # 40 labels of 65 weights fewer.
    assert "total 171,130" in lines
    assert lines[0] == describe_preset(open_preset("genre-gru"), n_labels=42)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "genre-gru",
            [
                "h̃_t = tanh(W_h x_t + U_h (r_t ∘ h_{t-1}) + b_h)",
                "U_z U_r U_h weights of the previous state u × u 16 × 16, 32 × 32",  # noqa: RUF001
                "parameters: 3·u·(u + d + 1)",
                "3·16·(16 + 16 + 1) = 1,584",
                "3·32·(32 + 16 + 1) = 4,704",
            ],
        ),
        (
            "imdb-lstm-100-recurrent-dropout",
            [
                "c_t = f_t ∘ c_{t-1} + i_t ∘ c̃_t",
                "4·100·(100 + 32 + 1) = 53,200",
                "in training U (n ∘ h_{t-1}) / (1 - q) replaces U h_{t-1}",
            ],
        ),
    ],
)
def test_equations_follow_where_they_are_asked_for(name: str, expected: list[str]) -> None:
    plain, explained = printed(name), printed(name, explains=True)
    assert explained[: len(plain)] == plain
    assert [line for line in expected if line not in explained] == []
    assert max(map(len, explained)) <= 120
