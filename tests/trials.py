"""Trials as a study has them, made by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from search.metrics.comparison import Comparison
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves, EpochReport
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Trial

_START = datetime(2026, 1, 1, tzinfo=UTC)


def make_training(
    metrics: Mapping[str, float] | None = None,
    verdict: Verdict = Verdict.FIT,
    *,
    gap: float = 0.0,
    onset: int | None = None,
    n_epochs: int = 1,
    curve: float = 0.5,
    stop_reason: StopReason = StopReason.EARLY,
    comparison: Comparison | None = None,
) -> Training:
    """Make a training; its curves have one value everywhere."""
    curves = Curves(*([curve] * n_epochs for _ in range(5)))
    diagnosis = Diagnosis(gap=gap, onset=onset, slope=0.0, verdict=verdict)
    return Training(metrics or {}, curves, diagnosis, stop_reason, comparison)


def make_trial(
    number: int,
    values: float | Sequence[float] | None = None,
    state: TrialState = TrialState.COMPLETE,
    *,
    seconds: float | None = None,
    **fields: Any,
) -> Trial:
    """Make a trial with a name and a cell.

    Args:
        number: of the trial.
        values: one objective or several; None for none.
        state: complete unless given.
        seconds: from its start to its end; None where it has no end.
        fields: further ones of the trial.
    """
    objectives = (values,) if isinstance(values, float | int) else tuple(values or ())
    times = {"started": _START}
    if seconds is not None:
        times["ended"] = _START + timedelta(seconds=seconds)
    named = {"name": f"#{number} gru 8", "hyperparameters": {"cell": "gru"}, **times, **fields}
    return Trial(number, state, objectives, **named)


def make_report(epoch: int = 1, **measures: float) -> EpochReport:
    """Make the report of an epoch; every measure that is not given differs from all others."""
    given = {
        "fit_loss": 0.9,
        "train_loss": 0.8,
        "val_loss": 0.7,
        "train_accuracy": 0.6,
        "val_accuracy": 0.5,
        "f1_micro": 0.4,
        "f1_macro": 0.3,
        "seconds": 2.0,
    }
    return EpochReport(epoch=epoch, **(given | measures))
