from typing import Any

import pytest

from search.space.hyperparameters import Value
from search.trial.name import name_proposal, name_trial
from search.trial.proposal import Proposal

VALUES: dict[str, Value] = {"cell": "gru", "units_1": 8}
TWO_LAYERS = {
    "cell": "gru",
    "bidirectional": True,
    "recurrent_layers": 2,
    "units_1": 64,
    "units_2": 32,
}


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
    assert name_trial(12, values) == name


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
    assert name_proposal(proposal) == name
