"""KerasTuner's oracles, asked for one point at a time from what is known of the trials before.

Owns how a space and its points are said in KerasTuner's words. Of an oracle only `populate_space`
is used: around it `create_trial` and `end_trial` would keep state in files of their own, retry
trials, end the search after failures and print (KerasTuner 1.4.8). Importing this module loads
KerasTuner, and with it Keras.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import keras_tuner
from keras_tuner.engine import hyperparameters as types
from keras_tuner.engine.trial import Trial

from ..space.distribution import Categorical, Fixed, Float, Int, Searched, same
from ..space.hyperparameters import Value
from ..space.space import Space

Tuner = Literal["hyperband", "bayesian", "random"]
Status = Literal["RUNNING", "COMPLETED", "FAILED"]
"""Of a trial, in KerasTuner's words."""
Codes = dict[str, Any]
"""A point in KerasTuner's words: a choice, or a step of a real number, by its place from 0."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial as the oracle is told of it."""

    id: str
    codes: Codes
    """Of the active hyperparameters that are searched."""
    status: Status
    score: float | None
    """A finite number where the status is COMPLETED."""


@dataclass(frozen=True, slots=True)
class OracleSettings:
    """Which oracle is asked, and how."""

    tuner: Tuner
    options: Mapping[str, Any]
    """Arguments of its own: of hyperband `factor`, and `hyperband_iterations` where its sweeps are
    not to go round for ever; of bayesian `num_initial_points`, `alpha` and `beta`."""
    n_epochs: int
    """To which hyperband trains the best."""
    is_minimized: bool


class Coding:
    """A space in KerasTuner's words."""

    def __init__(self, space: Space) -> None:
        """Register the searched hyperparameters, each with its conditions, parents first."""
        self._space = space
        self.hyperparameters = keras_tuner.HyperParameters()
        for name in space.order:
            distribution = space.hyperparameters[name].distribution
            if not isinstance(distribution, Fixed):
                kind, settings = _registered(distribution)
                conditions = list(self._conditions(name))
                config = {"name": name, "conditions": conditions, **settings}
                self.hyperparameters.merge([kind.from_config(config)])

    def point(self, codes: Mapping[str, Any]) -> dict[str, Value]:
        """Give the searched part of a point; what KerasTuner draws beyond it is left out."""
        point = self._space.suggest(lambda name, searched: _value(searched, codes[name]))
        return {name: value for name, value in point.items() if name in codes}

    def codes(self, point: Mapping[str, Value]) -> Codes:
        """Give the codes of the searched part of a point."""
        dimensions = self._space.hyperparameters
        return {name: _code(dimensions[name].distribution, point[name]) for name in point}

    def _conditions(self, name: str) -> Iterator[dict[str, Any]]:
        """Say when a hyperparameter is active, as far as KerasTuner can be told.

        It knows a list of a parent's values. A real number has none, so a child of one is always
        drawn, and left out of the point where it is inactive. A fixed parent has those of its own.
        """
        for condition in self._space.hyperparameters[name].conditions:
            parent = self._space.hyperparameters[condition.parent].distribution
            if isinstance(parent, Fixed):
                yield from self._conditions(condition.parent)
            elif (values := _listed(parent)) is not None:
                codes = [_code(parent, value) for value in values if condition.holds(value)]
                config = {"name": condition.parent, "values": codes}
                yield {"class_name": "Parent", "config": config}


def ask(
    settings: OracleSettings,
    coding: Coding,
    tried: list[Tried],
    state: Mapping[str, Any],
    *,
    seed: int,
) -> tuple[dict[str, Any], int] | None:
    """Ask a new oracle that knows these trials for the next point.

    Args:
        settings: which oracle.
        coding: of its space.
        tried: the trials before, in their order.
        state: the oracle's own, where it is not to begin with its first; keys of its `get_state`.
        seed: at least 0; of every draw.

    Returns:
        The codes, with what the oracle says of the trial under names that begin with "tuner/", and
        its sweep of the brackets (0 for an oracle that has none). None where nothing is left.
    """
    oracle = _oracle(settings, coding, seed=seed + 1)
    # An oracle draws again where a point's hash is among these.
    hashes = [oracle._compute_values_hash(trial.codes) for trial in tried]
    oracle.set_state(oracle.get_state() | {"tried_so_far": hashes} | dict(state))
    oracle.trials = {trial.id: _trial(trial) for trial in tried if trial.status != "RUNNING"}
    running = {trial.id: _trial(trial) for trial in tried if trial.status == "RUNNING"}
    with warnings.catch_warnings():
        # The Gaussian process of the bayesian oracle comes near the ends of its own bounds.
        warnings.filterwarnings("ignore", module=r"sklearn\.gaussian_process")
        if running and settings.tuner == "bayesian" and oracle.trials:
            # The oracle guesses what running trials come to, before it has fitted its model.
            oracle.gpr.fit(*oracle._vectorize_trials())
        oracle.trials |= running
        oracle.ongoing_trials = running
        response = oracle.populate_space("new")
    if response["status"] != "RUNNING":
        return None
    return response["values"], oracle.get_state().get("current_iteration", 0)


def _oracle(settings: OracleSettings, coding: Coding, *, seed: int) -> Any:
    """Make an oracle; a seed of 0 would be none to it."""
    common = {
        "objective": keras_tuner.Objective("score", "min" if settings.is_minimized else "max"),
        "hyperparameters": coding.hyperparameters.copy(),
        "seed": seed,
        **settings.options,
    }
    match settings.tuner:
        case "hyperband":
            # None: its sweeps go round for ever.
            sweeps = {"max_epochs": settings.n_epochs, "hyperband_iterations": None}
            return keras_tuner.oracles.HyperbandOracle(**sweeps | common)
        case "bayesian":
            return keras_tuner.oracles.BayesianOptimizationOracle(max_trials=None, **common)
        case "random":
            return keras_tuner.oracles.RandomSearchOracle(max_trials=None, **common)


def _trial(tried: Tried) -> Trial:
    hyperparameters = keras_tuner.HyperParameters()
    hyperparameters.values = dict(tried.codes)
    trial = Trial(hyperparameters, tried.id, tried.status)
    trial.score = tried.score
    return trial


def _registered(distribution: Searched) -> tuple[type[Any], dict[str, Any]]:
    """Give KerasTuner's type of hyperparameter, with its settings."""
    match distribution:
        case Categorical(choices):
            # By their places: KerasTuner takes choices of one type only.
            return types.Choice, {"values": list(range(len(choices)))}
        case Float(low, high, _, step) if step is not None:
            return types.Int, {"min_value": 0, "max_value": round((high - low) / step)}
        case Float(low, high, log) | Int(low, high, log, 1):
            kind = types.Float if isinstance(distribution, Float) else types.Int
            sampling = "log" if log else "linear"
            return kind, {"min_value": low, "max_value": high, "sampling": sampling}
        case Int(low, high, _, step):
            return types.Int, {"min_value": low, "max_value": high, "step": step}


def _code(distribution: Searched | Fixed, value: Any) -> Any:
    match distribution:
        case Categorical(choices):
            return next(i for i, choice in enumerate(choices) if same(value, choice))
        case Float(low, _, _, step) if step is not None:
            return round((value - low) / step)
        case _:
            return value


def _value(distribution: Searched, code: float) -> Value:
    match distribution:
        case Categorical(choices):
            return choices[int(code)]
        case Float(low, _, _, step) if step is not None:
            # As decimals: in binary 0.1 + 2 * 0.1 is not 0.3.
            return float(Decimal(str(low)) + int(code) * Decimal(str(step)))
        case Float(low, high) | Int(low, high):
            # The bayesian oracle takes the range's end for one step beyond it (KerasTuner 1.4.8).
            return min(max(code, low), high)


def _listed(distribution: Searched) -> tuple[Value, ...] | range | None:
    match distribution:
        case Categorical(choices):
            return choices
        case Int(low, high, _, step):
            return range(low, high + 1, step)
        case Float(_, _, _, step) if step is not None:
            n_values = round((distribution.high - distribution.low) / step) + 1
            return tuple(_value(distribution, code) for code in range(n_values))
        case _:
            return None
