import json
from dataclasses import asdict

import pytest

from search.metrics.comparison import Comparison
from search.store.candidates import decode_contest, decode_readings, encode_readings
from search.trial.candidate import (
    Candidate,
    Component,
    Contest,
    Kind,
    Optimism,
    Pairing,
    SealedReading,
)

NETWORK = Candidate(Kind.NETWORK, (Component("#3", "a" * 32, number=3),), {"val_loss": 0.25})
ENSEMBLE = Candidate(
    Kind.ENSEMBLE,
    (Component("#3", "a" * 32, 0.6, 3), Component("linear", "b" * 32, 0.4)),
    {"val_loss": 0.125, "parameters": 2000, "milliseconds_per_text": 1 / 3},
    "c" * 32,
)
OPTIMISM = Optimism(0.125, 0.13, 0.1, 0.16, 0.9, 200, ("TF-IDF", "label priors"))
FULL = Contest(
    (NETWORK, ENSEMBLE),
    Kind.ENSEMBLE,
    (Pairing((Kind.NETWORK, Kind.ENSEMBLE), Comparison(0.125, 0.1, 0.15, 0.9)),),
    OPTIMISM,
    "12 trials",
    ("The weights of #4 were deleted: it is left out.",),
)


@pytest.mark.parametrize(
    "contest",
    [
        pytest.param(FULL, id="all"),
        pytest.param(Contest((NETWORK,), Kind.NETWORK), id="least"),
        pytest.param(
            Contest((NETWORK,), Kind.NETWORK, optimism=Optimism(0.5, 0.5, 0.4, 0.6, 0.9, 0)),
            id="nothing simpler",
        ),
    ],
)
def test_a_contest_is_read_as_it_was_written(contest: Contest) -> None:
    found = decode_contest(json.loads(json.dumps(asdict(contest))))
    assert found == contest
    assert all(isinstance(candidate.kind, Kind) for candidate in found.candidates)
    assert isinstance(found.winner, Kind)
    assert found.find() == contest.find()
    assert found.compare(Kind.ENSEMBLE, Kind.NETWORK) == contest.compare(
        Kind.ENSEMBLE, Kind.NETWORK
    )


def test_readings_of_test_are_read_as_they_were_written() -> None:
    readings = {
        NETWORK.key: SealedReading("#3", {"loss": 0.25, "loss_low": 0.2, "loss_high": 0.3}),
        ENSEMBLE.key: SealedReading("ensemble of 2 models", {}),
    }
    assert decode_readings(json.loads(json.dumps(encode_readings(readings)))) == readings


def test_readings_by_the_number_of_a_trial_are_still_read() -> None:
    found = decode_readings({"3": {"loss": 0.25, "f1_macro": 0.5}, "10": {"loss": 0.5}})
    assert found == {
        "3": SealedReading("trial 3", {"loss": 0.25, "f1_macro": 0.5}),
        "10": SealedReading("trial 10", {"loss": 0.5}),
    }
    assert decode_readings({}) == {}
