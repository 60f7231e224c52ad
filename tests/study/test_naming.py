from typing import Any

import pytest

from search.study.naming import trial_name


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"cell": "lstm", "units_1": 16}, "#12 lstm 16"),
        ({"cell": "simple_rnn", "units_1": 8}, "#12 rnn 8"),
        (
            {
                "cell": "gru",
                "bidirectional": True,
                "recurrent_layers": 2,
                "units_1": 64,
                "units_2": 32,
            },
            "#12 bigru 64·32",
        ),
        ({}, "#12 lstm 32"),
    ],
)
def test_a_trial_is_named_after_its_number_and_its_recurrent_layers(
    values: dict[str, Any], name: str
) -> None:
    assert trial_name(12, values) == name
