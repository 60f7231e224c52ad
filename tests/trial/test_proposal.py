from typing import Any

import numpy as np
import pytest

from search.space.hyperparameters import Value
from search.trial.proposal import Proposal, derive_seed

VALUES: dict[str, Value] = {"cell": "gru", "units_1": 8}
TWO_LAYERS = {
    "cell": "gru",
    "bidirectional": True,
    "recurrent_layers": 2,
    "units_1": 64,
    "units_2": 32,
}


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((7,), id="study"),
        pytest.param((7, 3), id="trial"),
        pytest.param((7, 3, 1), id="fresh seed"),
        pytest.param((2**31, 3), id="large seed"),
    ],
)
def test_a_seed_is_half_of_what_numpys_seed_sequence_gives(parts: tuple[int, ...]) -> None:
    (state,) = np.random.SeedSequence(list(parts)).generate_state(1)
    assert derive_seed(*parts) == int(state) // 2
    assert 0 <= derive_seed(*parts) < 2**31


def test_trials_and_their_fresh_seeds_have_seeds_of_their_own() -> None:
    parts = [(study, trial, n) for study in range(4) for trial in range(20) for n in range(4)]
    assert len({derive_seed(*part) for part in parts}) == len(parts)


def test_the_order_of_the_parts_counts() -> None:
    assert derive_seed(3, 7) != derive_seed(7, 3)


def test_zeros_at_the_end_count_as_none() -> None:
    assert derive_seed(7, 0, 0) == derive_seed(7, 0) == derive_seed(7)
    assert derive_seed(0, 7) != derive_seed(7)


def test_a_part_below_zero_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        derive_seed(7, -1)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        pytest.param({"cell": "lstm", "units_1": 16}, "#12 lstm 16", id="one layer"),
        pytest.param({"cell": "simple_rnn", "units_1": 8}, "#12 rnn 8", id="simple RNN"),
        pytest.param(TWO_LAYERS, "#12 bigru 64·32", id="bidirectional, two layers"),
        pytest.param({}, "#12 lstm 32", id="defaults"),
    ],
)
def test_a_trial_is_named_after_its_number_and_its_recurrent_layers(
    values: dict[str, Any], name: str
) -> None:
    assert Proposal(12, values, 0).name == name


@pytest.mark.parametrize(
    ("proposal", "name"),
    [
        pytest.param(Proposal(12, VALUES, 0), "#12 gru 8", id="proposed"),
        pytest.param(Proposal(12, VALUES, 0, start="small"), "#12 gru 8", id="a start"),
        pytest.param(
            Proposal(12, VALUES, 0, start="small", is_enqueued=True), "#12 small", id="enqueued"
        ),
        pytest.param(
            Proposal(12, VALUES, 0, start="small", is_enqueued=True, title="my network"),
            "my network",
            id="a title",
        ),
    ],
)
def test_a_proposal_is_named_after_its_title_its_preset_or_its_layers(
    proposal: Proposal, name: str
) -> None:
    assert proposal.name == name
