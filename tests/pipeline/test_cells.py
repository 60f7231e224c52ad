from dataclasses import replace

import pytest

from search.model.parameters import count_parameters
from search.pipeline.cells import vary_cells
from search.space.hyperparameters import CATALOGUE
from search.space.preset import Preset
from search.space.shipped import open_preset
from tests.trainings import TINY

CELLS = ("simple_rnn", "lstm", "gru")


def weights(preset: Preset) -> int:
    """Count the weights of a network with 82 outputs."""
    h = preset.configuration()
    return count_parameters(h, vocabulary_size=h.vocabulary_size, n_labels=82)


def test_every_cell_of_the_catalogue_has_a_name() -> None:
    cells = [str(cell) for cell in CATALOGUE["cell"].choices]
    assert [preset.name for preset in vary_cells([TINY], cells)] == ["SimpleRNN", "LSTM", "GRU"]


def test_only_the_cell_differs() -> None:
    template = open_preset("genre-rnn")
    for preset, cell in zip(vary_cells([template], CELLS), CELLS, strict=True):
        assert preset.hyperparameters == {**template.hyperparameters, "cell": cell}
        assert (preset.n_epochs, preset.n_labels) == (5, 82)


@pytest.mark.parametrize(
    ("template", "counts"),
    # Of the course notes: the three networks are the same but for their cells.
    [(name, [169_538, 175_826, 173_730]) for name in ("genre-rnn", "genre-lstm", "genre-gru")],
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
