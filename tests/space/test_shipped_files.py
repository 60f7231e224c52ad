from dataclasses import asdict
from pathlib import Path

import pytest

from search.errors import SpaceError
from search.space.codec import to_yaml
from search.space.hyperparameters import CATALOGUE, Hyperparameters
from search.space.preset import MEASURES, Preset
from search.space.shipped_files import (
    find_either,
    find_preset,
    find_space,
    list_presets,
    list_spaces,
    open_either,
    open_preset,
    open_space,
)
from search.space.space import Space
from tests.space.parsing import parse_space


def test_these_spaces_are_shipped() -> None:
    assert list_spaces() == ("genre", "genre-f1", "genre-wide", "imdb", "smoke", "topics")


@pytest.mark.parametrize("name", list_spaces())
def test_a_shipped_space_is_written_and_read_back_equal(name: str) -> None:
    space = open_space(name)
    assert parse_space(to_yaml(space), name) == space
    assert space.name == name
    assert space.description


@pytest.mark.parametrize("name", list_spaces())
def test_starts_are_valid_hyperparameters(name: str) -> None:
    space = open_space(name)
    for start in space.starts:
        Hyperparameters.from_values({**space.fixed, **start.values})


def test_three_networks_of_the_course_notes_are_starts_of_the_space_of_reviews() -> None:
    space = open_space("imdb")
    assert [start.name for start in space.starts] == [
        "imdb-lstm-100",
        "imdb-deep-bilstm-rmsprop-dropout",
        "imdb-cnn-lstm-100",
    ]
    for start in space.starts:
        point = {**space.fixed, **start.values}
        assert Hyperparameters.from_values(point) == open_preset(start.name).configuration()


def test_the_wide_space_searches_the_whole_catalogue_but_what_gains_nothing() -> None:
    space = open_space("genre-wide")
    assert set(space.hyperparameters) == set(CATALOGUE)
    assert set(space.fixed) == {"embedding_rows", "padded_length"}


def test_only_the_spaces_that_say_so_search_the_training_loss() -> None:
    # The others give up what `val_loss` measures.
    assert "training_loss" not in open_space("genre").hyperparameters
    assert "training_loss" in open_space("genre-f1").searched


@pytest.mark.parametrize("name", ["genre-f1", "genre-wide"])
def test_hyperparameters_of_a_loss_are_active_with_it_alone(name: str) -> None:
    space = open_space(name)
    own = {
        "cross_entropy": {"class_weighting"},
        "focal": {"class_weighting", "focal_gamma"},
        "asymmetric": {
            "class_weighting",
            "asymmetric_gamma_positive",
            "asymmetric_gamma_negative",
            "asymmetric_margin",
        },
        "distribution_balanced": {"focal_gamma", "rebalancing_midpoint", "negative_tolerance"},
    }
    every = set().union(*own.values())
    for loss, expected in own.items():
        assert set(space.list_active({"training_loss": loss})) & every == expected


def test_an_unknown_name_is_reported_with_the_known_ones() -> None:
    with pytest.raises(
        SpaceError,
        match=r"^gnere: .*\(genre, genre-f1, genre-wide, imdb, smoke, topics\).*nearest: genre",
    ):
        open_space("gnere")


@pytest.mark.parametrize("source", ["mine.yaml", "mine.yml", "./mine", "genre/"])
def test_what_looks_like_a_path_is_taken_as_one(source: str) -> None:
    assert find_space(source) == Path(source)


def test_a_path_is_opened_as_given(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nhyperparameters: {units_1: 4}\n")
    assert open_space(str(path)).name == "mine"


@pytest.mark.parametrize("name", [name for name in list_presets() if name.startswith("imdb")])
def test_the_presets_on_reviews_are_points_of_the_space_of_reviews(name: str) -> None:
    assert open_space("imdb").find_point(asdict(open_preset(name).configuration())) is not None


def test_these_presets_are_shipped() -> None:
    assert list_presets() == (
        "genre-embedding-example",
        "genre-gru",
        "genre-lstm",
        "genre-model-1",
        "genre-model-2",
        "genre-rnn",
        "imdb-bilstm",
        "imdb-cnn-lstm-100",
        "imdb-cnn-lstm-100-dropout",
        "imdb-deep-bilstm",
        "imdb-deep-bilstm-adam-dropout",
        "imdb-deep-bilstm-rmsprop",
        "imdb-deep-bilstm-rmsprop-dropout",
        "imdb-deep-lstm",
        "imdb-gru-28",
        "imdb-lstm-100",
        "imdb-lstm-100-dropout",
        "imdb-lstm-100-recurrent-dropout",
        "imdb-lstm-28",
        "imdb-lstm-32",
        "imdb-simple-rnn-32",
    )


def test_no_space_has_the_name_of_a_preset() -> None:
    assert set(list_spaces()).isdisjoint(list_presets())


GLOROT = (
    "imdb-deep-bilstm-adam-dropout",
    "imdb-deep-bilstm-rmsprop",
    "imdb-deep-bilstm-rmsprop-dropout",
)


@pytest.mark.parametrize("name", list_presets())
def test_a_shipped_preset_is_complete_and_reads_texts_as_the_notes_do(name: str) -> None:
    preset = open_preset(name)
    assert preset.name == name
    assert preset.description
    assert preset.n_parameters
    assert set(preset.published) <= set(MEASURES)
    # One length, padding read like a word, no prior at the output and no clipping: Keras's ways.
    chosen = preset.configuration()
    # The notes on genres give no length.
    length = "longest" if name.startswith("genre") else "sequence_length"
    assert (chosen.padded_length, chosen.pooling) == (length, "final")
    is_glorot = name in GLOROT
    assert chosen.recurrent_initializer == ("glorot_uniform" if is_glorot else "orthogonal")
    assert (chosen.embedding_rows, chosen.output_bias) == ("vocabulary_size", "zeros")
    assert (chosen.clip_norm, chosen.learning_rate) == (0.0, 0.001)
    # What two presets leave to a default, they would not name as a difference.
    assert {"cell", "pooling", "padding", "optimizer", "batch_size"} <= set(preset.hyperparameters)


# By the table of the issue: optimizer, batch, epochs, share of validation, length, padding.
AS_TRAINED = {
    "genre-embedding-example": ("adam", 128, 5, None, 200, "pre"),
    "genre-model-1": ("rmsprop", 64, 20, None, 200, "pre"),
    "genre-model-2": ("rmsprop", 128, 40, None, 200, "pre"),
    "genre-rnn": ("adam", 128, 5, None, 200, "pre"),
    "genre-lstm": ("adam", 128, 5, None, 200, "pre"),
    "genre-gru": ("adam", 128, 5, None, 200, "pre"),
    "imdb-deep-lstm": ("adam", 128, 4, 0.3, 100, "post"),
    "imdb-bilstm": ("adam", 128, 4, 0.3, 100, "post"),
    "imdb-deep-bilstm": ("adam", 128, 4, 0.3, 100, "post"),
    "imdb-deep-bilstm-rmsprop-dropout": ("rmsprop", 128, 4, 0.3, 100, "post"),
    "imdb-deep-bilstm-adam-dropout": ("adam", 128, 4, 0.3, 100, "post"),
    "imdb-deep-bilstm-rmsprop": ("rmsprop", 128, 4, 0.3, 100, "post"),
    "imdb-lstm-28": ("rmsprop", 128, 5, 0.2, 500, "pre"),
    "imdb-gru-28": ("rmsprop", 128, 5, 0.2, 500, "pre"),
    "imdb-simple-rnn-32": ("rmsprop", 128, 10, 0.2, 500, "pre"),
    "imdb-lstm-32": ("rmsprop", 128, 10, 0.2, 500, "pre"),
    "imdb-lstm-100": ("adam", 64, 3, 0.05, 500, "pre"),
    "imdb-lstm-100-dropout": ("adam", 64, 3, 0.05, 500, "pre"),
    "imdb-lstm-100-recurrent-dropout": ("adam", 64, 3, 0.05, 500, "pre"),
    "imdb-cnn-lstm-100": ("adam", 64, 3, 0.05, 500, "pre"),
    "imdb-cnn-lstm-100-dropout": ("adam", 64, 3, 0.05, 500, "pre"),
}


@pytest.mark.parametrize("name", list_presets())
def test_a_preset_is_trained_as_the_notes_train_it(name: str) -> None:
    preset = open_preset(name)
    h = preset.configuration()
    found = (h.optimizer, h.batch_size, preset.n_epochs, preset.validation_share)
    assert (*found, h.sequence_length, h.padding) == AS_TRAINED[name]


PUBLISHED: dict[str, tuple[float | None, ...]] = {
    "genre-model-1": (0.1023, 0.1765, 0.9655, 0.9547, None, None),
    "genre-model-2": (0.06, None, 0.9754, 0.9478, None, None),
    "genre-rnn": (0.1354, 0.1373, 0.9604, 0.9596, None, 14.6),
    "genre-lstm": (0.1353, 0.1373, 0.9604, 0.9596, None, 68.8),
    "genre-gru": (0.1353, 0.1373, 0.9604, 0.9596, None, 55.8),
    "imdb-deep-lstm": (None, None, None, None, 0.8348, 39),
    "imdb-bilstm": (None, None, None, None, 0.8414, 34),
    "imdb-deep-bilstm": (None, None, None, None, 0.8279, 85),
    "imdb-deep-bilstm-rmsprop-dropout": (None, None, None, None, 0.85, 126),
    "imdb-deep-bilstm-adam-dropout": (None, None, None, None, 0.8361, 126),
    "imdb-deep-bilstm-rmsprop": (None,) * 6,
    "imdb-simple-rnn-32": (None, None, None, 0.85, None, None),
    "imdb-lstm-32": (None, None, None, 0.89, None, None),
    "imdb-lstm-100": (None, None, None, None, 0.8686, None),
    "imdb-lstm-100-dropout": (None, None, None, None, 0.8445, None),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_preset_says_what_was_published(name: str) -> None:
    found = open_preset(name).published
    assert tuple(found.get(measure) for measure in MEASURES) == PUBLISHED[name]


def test_the_three_cells_compared_differ_in_the_cell_alone() -> None:
    rnn, lstm, gru = (open_preset(name) for name in ("genre-rnn", "genre-lstm", "genre-gru"))
    without = [{**p.hyperparameters, "cell": ""} for p in (rnn, lstm, gru)]
    assert without[0] == without[1] == without[2]
    assert (rnn.n_epochs, lstm.n_epochs, gru.n_epochs) == (5, 5, 5)


def test_either_is_found_by_its_name_and_opened_as_what_it_is(tmp_path: Path) -> None:
    assert find_either("genre") == find_space("genre")
    assert find_either("genre-lstm") == find_preset("genre-lstm")
    assert isinstance(open_either("genre"), Space)
    assert isinstance(open_either("genre-lstm"), Preset)
    path = tmp_path / "mine.json"
    path.write_text('{"units_1": 4}')
    opened = open_either(str(path))
    assert isinstance(opened, Preset) and opened.name == "mine"


def test_a_file_that_is_no_yaml_is_reported_as_such(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("a: b: c")
    with pytest.raises(SpaceError, match=r"mine.yaml: line 1, column 5"):
        open_either(str(path))


def test_an_unknown_name_is_reported_with_the_nearest_of_both() -> None:
    with pytest.raises(SpaceError, match=r"^gnere: .*space or preset.*nearest: genre,"):
        open_either("gnere")
    with pytest.raises(SpaceError, match=r"^imdb-lstm: .*nearest: imdb-bilstm, imdb-lstm"):
        open_preset("imdb-lstm")


def test_a_preset_in_the_place_of_a_space_says_so_and_the_reverse() -> None:
    with pytest.raises(SpaceError, match=r"genre-lstm: .*search space.*preset"):
        open_space("genre-lstm")
    with pytest.raises(SpaceError, match=r"genre-f1: .*preset.*search space"):
        open_preset("genre-f1")
