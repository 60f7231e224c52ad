"""How much each hyperparameter mattered in a study, and how much it would matter by chance.

Owns the measure: PED-ANOVA (Watanabe et al. 2023, arXiv 2304.10255), which is Optuna 5's default,
in its form for conditional hyperparameters (arXiv 2601.20800). fANOVA does not fit here: it takes
only hyperparameters that every trial has, and the values of pruned trials would mislead it.
PED-ANOVA asks only which trials are among the best, and pruned trials rightly are not. Knows no
picture.
"""

import math
import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import optuna
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import FrozenTrial, TrialState, create_trial

from ..trial.importance import Importance

_LEAST_TRIALS = 10
_BEST_SHARE = 0.1
_LEAST_BEST = 5
"""Trials among the best from which PED-ANOVA is stable, as Optuna's documentation has it."""
_N_SHUFFLES = 19
"""An effect above the greatest of 19 shuffles is there by chance one time in 20."""
_MOST_TRIALS = 2000
"""Trials that are used, evenly spread over the study: more would only take longer."""


def importances(
    study: optuna.Study, *, seed: int, objective: int = 0
) -> tuple[Importance, ...] | None:
    """Measure how far the best tenth of the trials differs from all in each hyperparameter.

    Complete and pruned trials with a finite value count, infeasible ones too. The best tenth is at
    least five trials. A hyperparameter that is inactive in some trials is measured among those that
    have it, and weighted by how many of the best have it.

    Args:
        study: with one direction or more.
        seed: of the shuffles; one seed gives one result.
        objective: index of the objective by which trials are ranked.

    Returns:
        The greatest first, ties by name; None where fewer than ten trials count, or where they
        are all equally good.
    """
    trials = _thin_out(_list_trials(study, objective))
    if len(trials) < _LEAST_TRIALS:
        return None
    is_minimized = study.directions[objective] == optuna.study.StudyDirection.MINIMIZE
    losses = np.array([t.values[objective] for t in trials]) * (1 if is_minimized else -1)
    copy = _copy_as_complete(trials)
    found = _evaluate(copy, losses)
    total = sum(found.values())
    if total == 0.0:
        return None
    rng = np.random.default_rng(seed)
    shuffles = [_evaluate(copy, rng.permutation(losses)) for _ in range(_N_SHUFFLES)]
    listed = (
        Importance(name, found[name] / total, max(s[name] for s in shuffles) / total)
        for name in found
    )
    return tuple(sorted(listed, key=lambda entry: (-entry.share, entry.name)))


def _list_trials(study: optuna.Study, objective: int) -> list[FrozenTrial]:
    """List the trials at points of the space that have a finite value."""
    trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
    return [
        trial
        for trial in trials
        if trial.params and trial.values and math.isfinite(trial.values[objective])
    ]


def _thin_out(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    indices = np.linspace(0, len(trials) - 1, min(len(trials), _MOST_TRIALS)).astype(int)
    return [trials[index] for index in indices]


def _copy_as_complete(trials: Sequence[FrozenTrial]) -> optuna.Study:
    """Copy trials into memory as complete ones: evaluators leave pruned ones out."""
    study = optuna.create_study()
    study.add_trials(
        [create_trial(value=0.0, params=t.params, distributions=t.distributions) for t in trials]
    )
    return study


def _evaluate(study: optuna.Study, losses: npt.NDArray[np.float64]) -> dict[str, float]:
    """Evaluate with one loss per trial, lower is better; the results are not normalised."""
    share = max(_BEST_SHARE, _LEAST_BEST / len(losses))
    evaluator = PedAnovaImportanceEvaluator(target_quantile=share)
    with warnings.catch_warnings():
        # Optuna 5 warns that a target is minimised, and of hyperparameters that few trials have.
        warnings.simplefilter("ignore", UserWarning)
        return evaluator.evaluate(study, target=lambda trial: float(losses[trial.number]))
