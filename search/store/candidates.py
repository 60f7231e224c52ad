"""How the candidates of a study and the readings of test are written as JSON, and read back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..metrics.comparison import Comparison
from ..trial.candidate import (
    Candidate,
    Component,
    Contest,
    Kind,
    Optimism,
    Pairing,
    SealedReading,
)


def decode_contest(written: Mapping[str, Any] | None) -> Contest | None:
    """Read the candidates of a study from the result of `asdict`.

    None where they were not compared, or were written by another version: they follow from the
    study's models, and are compared anew then.
    """
    try:
        return None if written is None else _decode_contest(written)
    except (KeyError, TypeError, ValueError):
        return None


def _decode_contest(written: Mapping[str, Any]) -> Contest:
    optimism = written["optimism"]
    return Contest(
        candidates=tuple(map(_decode_candidate, written["candidates"])),
        winner=Kind(written["winner"]),
        pairings=tuple(map(_decode_pairing, written["pairings"])),
        optimism=None
        if optimism is None
        else Optimism(**optimism | {"within": tuple(optimism["within"])}),
        basis=written["basis"],
        notes=tuple(written["notes"]),
    )


def encode_readings(readings: Mapping[str, SealedReading]) -> dict[str, Any]:
    """Write the readings of test by the key of the candidate."""
    return {key: asdict(reading) for key, reading in readings.items()}


def decode_readings(written: Mapping[str, Any]) -> dict[str, SealedReading]:
    """Read the readings of test.

    Before there were candidates, what was read was kept by the trial's number, as measures alone.
    """
    return {
        key: SealedReading(**entry) if "metrics" in entry else SealedReading(f"trial {key}", entry)
        for key, entry in written.items()
    }


def _decode_candidate(written: Mapping[str, Any]) -> Candidate:
    return Candidate(
        kind=Kind(written["kind"]),
        components=tuple(Component(**component) for component in written["components"]),
        metrics=written["metrics"],
        run_id=written["run_id"],
    )


def _decode_pairing(written: Mapping[str, Any]) -> Pairing:
    one, other = map(Kind, written["kinds"])
    return Pairing((one, other), Comparison(**written["comparison"]))
