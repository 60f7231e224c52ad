"""What studies have come to, made by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from search.metrics.learning_curves import LearningCurves
from search.report.summary import Summary
from search.store.stored_study import StoredStudy
from search.trial.baseline import Baseline
from search.trial.confirmation import Confirmation, Retraining
from search.trial.trial import Trial
from tests.store.settings import make_settings
from tests.trials import make_training


def make_summary(
    trials: Sequence[Trial],
    *,
    study: str = "films-smoke",
    objective: str = "val_loss",
    max_gap: float | None = None,
    baselines: Sequence[Baseline] = (),
    confirmations: Mapping[int, Confirmation] | None = None,
    curves: LearningCurves | None = None,
    **settings: Any,
) -> Summary:
    """Make what a study has come to; `settings` are further ones."""
    made = make_settings(**settings)
    fingerprint = replace(made.fingerprint, objective=objective, max_gap=max_gap)
    stored = StoredStudy(
        study,
        replace(made, fingerprint=fingerprint),
        last_searched=datetime(2026, 1, 1, tzinfo=UTC),
        baselines=tuple(baselines),
        confirmations=confirmations or {},
        curves=curves,
    )
    return Summary(stored, trials)


def make_confirmations(**values: Sequence[float]) -> dict[int, Confirmation]:
    """Make confirmations by the trial's number: t0=[0.1, 0.2, 0.3]; 9 stands for a divergence."""
    return {
        int(name[1:]): Confirmation(
            int(name[1:]),
            tuple(
                Retraining(v) if v == 9 else Retraining(v, f"run {v}", make_training())
                for v in found
            ),
        )
        for name, found in values.items()
    }
