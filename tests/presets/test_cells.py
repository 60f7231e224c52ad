from dataclasses import replace

import pytest

from search.errors import StudyError
from search.model.parameters import count_parameters
from search.presets.cells import find_cells, vary_cells
from search.space.distribution import list_extremes
from search.space.hyperparameters import CATALOGUE
from search.space.preset import Preset
from search.space.shipped_files import open_preset
from tests.trainings import TINY

CELLS = ("simple_rnn", "lstm", "gru")


def weights(preset: Preset) -> int:
    """Count the weights of a network with 82 outputs."""
    h = preset.configuration()
    return count_parameters(h, vocabulary_size=h.vocabulary_size, n_labels=82)


def test_every_cell_of_the_catalogue_has_a_name() -> None:
    cells = [str(cell) for cell in list_extremes(CATALOGUE["cell"])]
    assert [preset.name for preset in vary_cells([TINY], cells)] == ["SimpleRNN", "LSTM", "GRU"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["simple_rnn", "lstm", "gru"], id="of the catalogue"),
        pytest.param(["SimpleRNN", "LSTM", "GRU"], id="of Keras"),
        pytest.param(["simplernn", "Lstm", "gRU"], id="in any case"),
    ],
)
def test_cells_are_found_by_either_name(words: list[str]) -> None:
    assert tuple(find_cells(words)) == CELLS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["gur"], "no cell is called 'gur'", id="unknown"),
        pytest.param(["gru", "GRU"], "expected different cells, got gru twice", id="twice"),
    ],
)
def test_other_cells_are_refused(words: list[str], expected: str) -> None:
    with pytest.raises(StudyError, match=expected) as raised:
        find_cells(words)
    assert raised.value.parameter == "cells"


def test_only_the_cell_differs() -> None:
    template = open_preset("genre-rnn")
    for preset, cell in zip(vary_cells([template], CELLS), CELLS, strict=True):
        assert preset.hyperparameters == {**template.hyperparameters, "cell": cell}
        assert (preset.n_epochs, preset.n_labels) == (5, 82)


@pytest.mark.parametrize(
    ("template", "counts"),
    # Of the course notes: the three networks are the same but for their cells.
    [
        pytest.param(name, [169_538, 175_826, 173_730], id=name)
        for name in ("genre-rnn", "genre-lstm", "genre-gru")
    ],
)
def test_the_networks_of_the_notes_come_out_of_any_of_the_three(
    template: str, counts: list[int]
) -> None:
    varied = vary_cells([open_preset(template)], CELLS)
    assert [weights(preset) for preset in varied] == counts


def test_what_was_published_stays_with_the_cell_that_it_was_published_of() -> None:
    template = open_preset("genre-rnn")
    rnn, lstm, _ = vary_cells([template], CELLS)
    assert rnn.published == template.published
    assert lstm.published == {}
    assert (rnn.description, lstm.description) == (template.description, "genre-rnn with LSTM")


def test_several_templates_stand_in_the_names_template_by_template() -> None:
    templates = [TINY, replace(TINY, name="other")]
    assert [preset.name for preset in vary_cells(templates, ("gru", "lstm"))] == [
        "tiny GRU", "tiny LSTM", "other GRU", "other LSTM",
    ]  # fmt: skip
