"""Optuna's pruners as a study uses them: each epoch reports the best value so far.

Owns which options go to which class of Optuna 5, and a patient pruner, because Optuna's own never
prunes on best values so far. Knows no training.
"""

from collections.abc import Mapping
from typing import Any

import optuna
from optuna.pruners import BasePruner
from optuna.trial import FrozenTrial

from ..space.hyperparameters import Value
from .methods import PRUNERS


def make_pruner(name: str, given: Mapping[str, Value], *, n_epochs: int) -> BasePruner:
    """Make the pruner of a study.

    Args:
        name: of the pruner.
        given: its options, with their defaults.
        n_epochs: last epoch of a trial that is not pruned, at least 1.
    """
    options: dict[str, Any] = dict(given)
    match name:
        case "none":
            return optuna.pruners.NopPruner()
        case "median":
            return optuna.pruners.MedianPruner(**options)
        case "successive-halving":
            return optuna.pruners.SuccessiveHalvingPruner(**options)
        case "hyperband":
            # Not "auto", which each process would estimate anew from the trials it finds.
            return optuna.pruners.HyperbandPruner(max_resource=n_epochs, **options)
        case "patient":
            wraps = options.pop("wraps")
            wrapped = make_pruner(wraps, PRUNERS[wraps].defaults, n_epochs=n_epochs)
            return PatientPruner(None if wraps == "none" else wrapped, **options)
    raise ValueError(f"no pruner: {name!r}")


class PatientPruner(BasePruner):
    """Prunes what another pruner would, once a trial has not improved for some epochs.

    Optuna's own waits until the latest values are worse than those before (5.0), which best values
    so far never are.
    """

    def __init__(self, wrapped: BasePruner | None, *, patience: int, min_delta: float) -> None:
        """Wrap another pruner.

        Args:
            wrapped: asked only once the trial has not improved; None to prune it then anyway.
            patience: epochs in which to improve, at least 0; with 0 the other is always asked.
            min_delta: a value improves when it gains more than this, at least 0.
        """
        self._wrapped = wrapped
        self._patience = patience
        self._min_delta = min_delta

    def prune(self, study: optuna.Study, trial: FrozenTrial) -> bool:
        """Answer whether to prune a trial; never in its first `patience` epochs."""
        values = [value for _, value in sorted(trial.intermediate_values.items())]
        if len(values) <= self._patience:
            return False
        gain = values[-1 - self._patience] - values[-1]
        if study.direction == optuna.study.StudyDirection.MAXIMIZE:
            gain = -gain
        if gain > self._min_delta:
            return False
        return self._wrapped is None or self._wrapped.prune(study, trial)
