"""Trials as a store would give them back, made by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from search.engines.trials import TrialRecord, TrialState

_START = datetime(2026, 1, 1, tzinfo=UTC)


def make_record(
    number: int,
    state: TrialState = TrialState.COMPLETE,
    value: float | tuple[float, ...] | None = None,
    *,
    hyperparameters: dict[str, Any] | None = None,
    seconds: float | None = None,
    **facts: Any,
) -> TrialRecord:
    """Make the record of a trial, with a name and whatever else was noted."""
    values = () if value is None else value if isinstance(value, tuple) else (value,)
    return TrialRecord(
        number=number,
        state=state,
        values=values,
        hyperparameters=hyperparameters or {"cell": "gru"},
        facts={"name": f"#{number} gru 8"} | facts,
        started=_START,
        ended=None if seconds is None else _START + timedelta(seconds=seconds),
    )
