"""The distributions of a space and the directions of a study in Optuna's words."""

from collections.abc import Sequence
from typing import cast

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.study import StudyDirection

from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Value


def to_optuna(searched: Searched) -> BaseDistribution:
    """Turn the distribution of a hyperparameter into Optuna's."""
    match searched:
        case Float(low, high, log, step):
            return FloatDistribution(low, high, log=log, step=step)
        case Int(low, high, log, step):
            return IntDistribution(low, high, log=log, step=step)
        case Categorical(choices):
            return CategoricalDistribution(choices)


def suggest(trial: optuna.Trial, name: str, searched: Searched) -> Value:
    """Draw the value of a hyperparameter for a trial of Optuna's."""
    match searched:
        case Float(low, high, log, step):
            return trial.suggest_float(name, low, high, log=log, step=step)
        case Int(low, high, log, step):
            return trial.suggest_int(name, low, high, log=log, step=step)
        case Categorical(choices):
            return cast(Value, trial.suggest_categorical(name, choices))


def to_directions(names: Sequence[str]) -> list[StudyDirection]:
    """Turn `minimize` and `maximize` into Optuna's directions."""
    return [StudyDirection[name.upper()] for name in names]
