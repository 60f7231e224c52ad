"""Another study's trials as trials of this one. Owns which are adopted and what they keep.

An adopted trial has the other's values and hyperparameters, but no training: it is not trained
here, and does not count. The sampler learns from it as from any trial.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict

import optuna
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from ..space.hyperparameters import Hyperparameters, Value
from ..space.space import Space
from ..trial.limits import Limits
from ..trial.state import TrialState
from ..trial.trial import Origin, Trial
from .codec import encode_trial
from .distributions import to_optuna


def adopt_trials(
    study: str,
    trials: Sequence[Trial],
    space: Space,
    limits: Limits,
    *,
    known: Collection[Origin | None],
) -> Iterator[FrozenTrial]:
    """Make trials of this study from another study's finished ones that are points of its space.

    Trials that the other study had adopted itself are included, with their first origin. Trials
    that it did not train, as those reused within it, are left out.

    Args:
        study: the other study's name.
        trials: of the other study.
        space: of this study.
        limits: of this study, which the trials are held against.
        known: origins of the trials that this study has; adopted ones are skipped.
    """
    for trial in trials:
        origin = Origin(trial.number, study) if trial.counts else trial.origin
        if origin is None or not origin.study or origin in known or not trial.values:
            continue
        point = space.find_point(asdict(Hyperparameters.from_values(trial.hyperparameters)))
        if point is not None:
            yield _adopt(origin, trial, point, space, limits)


def _adopt(
    origin: Origin, trial: Trial, point: Mapping[str, Value], space: Space, limits: Limits
) -> FrozenTrial:
    violations = limits.violations(trial.metrics)
    adopted = Trial(
        trial.number,
        trial.state,
        hyperparameters=trial.hyperparameters,
        name=trial.label,
        violations=violations,
        origin=origin,
    )
    # A pruned trial's value is the last that it reported, which Optuna's samplers read.
    has_reported = trial.state is TrialState.PRUNED
    last_epoch = trial.curves.n_epochs or 1
    return optuna.trial.create_trial(
        state=OptunaState[trial.state.value],
        values=list(trial.values),
        params=dict(point),
        distributions=to_optuna(space, point),
        user_attrs=encode_trial(adopted),
        constraints=violations,
        intermediate_values={last_epoch: trial.values[0]} if has_reported else {},
    )
