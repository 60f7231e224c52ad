"""Optuna's pruners as a study uses them: told the best value so far, epoch by epoch.

Owns which options go to which class of Optuna 5, and the one pruner that Optuna's own would be
void for. Knows no training.
"""

from collections.abc import Mapping
from typing import Any

import optuna
from optuna.pruners import BasePruner
from optuna.trial import FrozenTrial

from ..space.hyperparameters import Value
from .methods import PRUNERS
from .strategy import Strategy


def make_pruner(strategy: Strategy, *, n_epochs: int) -> BasePruner:
    """Make the pruner of a study.

    Args:
        strategy: with its pruner and options.
        n_epochs: at most, of a trial that is not pruned, at least 1.
    """
    return _pruner(strategy.pruner, strategy.pruner_options, n_epochs)


class PatientPruner(BasePruner):
    """Gives up what another pruner would, where a trial has not improved for some epochs.

    Optuna's waits for the newest values to be worse than those before (5.0). Of best values so
    far none ever is.
    """

    def __init__(self, wrapped: BasePruner | None, *, patience: int, min_delta: float) -> None:
        """Take the other pruner; None to give up whatever has not improved.

        Args:
            wrapped: asked only where the trial has not improved.
            patience: epochs in which to improve, at least 0; 0 always asks.
            min_delta: what a value must have improved by, and more, at least 0.
        """
        self._wrapped = wrapped
        self._patience = patience
        self._min_delta = min_delta

    def prune(self, study: optuna.Study, trial: FrozenTrial) -> bool:
        """Answer whether to give a trial up; never before `patience` epochs have followed one."""
        values = [value for _, value in sorted(trial.intermediate_values.items())]
        if len(values) <= self._patience:
            return False
        gain = values[-1 - self._patience] - values[-1]
        if study.direction == optuna.study.StudyDirection.MAXIMIZE:
            gain = -gain
        if gain > self._min_delta:
            return False
        return self._wrapped is None or self._wrapped.prune(study, trial)


def _pruner(name: str, given: Mapping[str, Value], n_epochs: int) -> BasePruner:
    options: dict[str, Any] = dict(given)
    match name:
        case "none":
            return optuna.pruners.NopPruner()
        case "median":
            return optuna.pruners.MedianPruner(**options)
        case "successive-halving":
            return optuna.pruners.SuccessiveHalvingPruner(**options)
        case "hyperband":
            # Not "auto": that is estimated from what has completed, anew in each process.
            return optuna.pruners.HyperbandPruner(max_resource=n_epochs, **options)
        case "patient":
            wraps = options.pop("wraps")
            wrapped = _pruner(wraps, PRUNERS[wraps].defaults, n_epochs)
            return PatientPruner(None if wraps == "none" else wrapped, **options)
    raise ValueError(f"no pruner: {name!r}")
