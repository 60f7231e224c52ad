"""The distributions of a space in Optuna's words."""

from collections.abc import Iterable
from typing import cast

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Value
from ..space.space import Space


def to_optuna(space: Space, names: Iterable[str]) -> dict[str, BaseDistribution]:
    """Turn the distributions of searched hyperparameters into Optuna's, by name."""
    dimensions = space.hyperparameters
    return {name: _to_optuna(cast(Searched, dimensions[name].distribution)) for name in names}


def _to_optuna(searched: Searched) -> BaseDistribution:
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
