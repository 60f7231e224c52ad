"""KerasTuner's oracles, asked for one point at a time from what is known of the trials before.

Owns how a space and its points are written in KerasTuner's words. Only `populate_space` of an
oracle is used: `create_trial` and `end_trial` around it would keep state in files of their own,
retry trials, end the search after failures and print (KerasTuner 1.4.8). Importing this module
loads KerasTuner, and with it Keras.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import keras_tuner
from keras_tuner.engine import hyperparameters as types
from keras_tuner.engine.trial import Trial

from ..space.distribution import Categorical, Fixed, Float, Int, Searched
from ..space.space import Space
from ..space.value import Value, are_equal

Tuner = Literal["hyperband", "bayesian", "random"]
Status = Literal["RUNNING", "COMPLETED", "FAILED"]
"""Of a trial, in KerasTuner's words."""
Codes = dict[str, Any]
"""A point in KerasTuner's words: choices and steps of real numbers by their index from 0."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial as the oracle sees it."""

    id: str
    codes: Codes
    """Of the active searched hyperparameters."""
    status: Status
    score: float | None
    """A finite number where the status is COMPLETED."""


@dataclass(frozen=True, slots=True)
class OracleSettings:
    """Which oracle is asked, and how."""

    tuner: Tuner
    options: Mapping[str, Any]
    """Its own arguments: for hyperband `factor`, and `hyperband_iterations`, without which its
    sweeps never end; for bayesian `num_initial_points`, `alpha` and `beta`."""
    n_epochs: int
    """Last epoch of Hyperband's best trials."""
    is_minimized: bool


class Coding:
    """A space in KerasTuner's words."""

    def __init__(self, space: Space) -> None:
        """Register the searched hyperparameters, parents first, each with its conditions."""
        self._space = space
        self.hyperparameters = keras_tuner.HyperParameters()
        for name in space.order:
            distribution = space.hyperparameters[name].distribution
            if not isinstance(distribution, Fixed):
                kind, settings = _describe(distribution)
                conditions = list(self._list_conditions(name))
                config = {"name": name, "conditions": conditions, **settings}
                self.hyperparameters.merge([kind.from_config(config)])

    def decode(self, codes: Mapping[str, Any]) -> dict[str, Value]:
        """Read a point; inactive hyperparameters that were drawn are left out."""
        point = self._space.suggest(lambda name, searched: _decode(searched, codes[name]))
        return {name: value for name, value in point.items() if name in codes}

    def encode(self, point: Mapping[str, Value]) -> Codes:
        """Write the searched hyperparameters of a point in KerasTuner's words."""
        dimensions = self._space.hyperparameters
        return {name: _encode(dimensions[name].distribution, point[name]) for name in point}

    def _list_conditions(self, name: str) -> Iterator[dict[str, Any]]:
        """List the conditions of a hyperparameter that KerasTuner can follow.

        It takes a list of the parent's values. A real number has none, so its child is always
        drawn, and left out of the point where it is inactive. In place of a fixed parent its own
        conditions hold.
        """
        for condition in self._space.hyperparameters[name].conditions:
            parent = self._space.hyperparameters[condition.parent].distribution
            if isinstance(parent, Fixed):
                yield from self._list_conditions(condition.parent)
            elif (values := _list_values(parent)) is not None:
                codes = [_encode(parent, value) for value in values if condition.holds(value)]
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
        state: keys of the oracle's `get_state` to be replaced; empty for a first proposal.
        seed: of every draw, at least 0.

    Returns:
        The codes, among them the oracle's settings of the trial under names that begin with
        "tuner/", and its sweep of the brackets (0 for an oracle without). None where nothing is
        left.
    """
    oracle = _make_oracle(settings, coding, seed=seed + 1)
    # An oracle draws again when the hash of a point is among these.
    hashes = [oracle._compute_values_hash(trial.codes) for trial in tried]
    oracle.set_state(oracle.get_state() | {"tried_so_far": hashes} | dict(state))
    oracle.trials = {trial.id: _make_trial(trial) for trial in tried if trial.status != "RUNNING"}
    running = {trial.id: _make_trial(trial) for trial in tried if trial.status == "RUNNING"}
    with warnings.catch_warnings():
        # The Gaussian process of the bayesian oracle warns near the ends of its own bounds.
        warnings.filterwarnings("ignore", module=r"sklearn\.gaussian_process")
        if running and settings.tuner == "bayesian" and oracle.trials:
            # The oracle guesses the values of running trials before it has fitted its model.
            oracle.gpr.fit(*oracle._vectorize_trials())
        oracle.trials |= running
        oracle.ongoing_trials = running
        response = oracle.populate_space("new")
    if response["status"] != "RUNNING":
        return None
    return response["values"], oracle.get_state().get("current_iteration", 0)


def _make_oracle(settings: OracleSettings, coding: Coding, *, seed: int) -> Any:
    """Make an oracle. The seed must be above 0, which KerasTuner takes for no seed."""
    common = {
        "objective": keras_tuner.Objective("score", "min" if settings.is_minimized else "max"),
        "hyperparameters": coding.hyperparameters.copy(),
        "seed": seed,
        **settings.options,
    }
    match settings.tuner:
        case "hyperband":
            # None: its sweeps never end.
            sweeps = {"max_epochs": settings.n_epochs, "hyperband_iterations": None}
            return keras_tuner.oracles.HyperbandOracle(**sweeps | common)
        case "bayesian":
            return keras_tuner.oracles.BayesianOptimizationOracle(max_trials=None, **common)
        case "random":
            return keras_tuner.oracles.RandomSearchOracle(max_trials=None, **common)


def _make_trial(tried: Tried) -> Trial:
    hyperparameters = keras_tuner.HyperParameters()
    hyperparameters.values = dict(tried.codes)
    trial = Trial(hyperparameters, tried.id, tried.status)
    trial.score = tried.score
    return trial


def _describe(distribution: Searched) -> tuple[type[Any], dict[str, Any]]:
    """Describe a distribution as a type of KerasTuner's with its settings."""
    match distribution:
        case Categorical(choices):
            # By their index: KerasTuner takes choices of one type only.
            return types.Choice, {"values": list(range(len(choices)))}
        case Float(low, high, _, step) if step is not None:
            return types.Int, {"min_value": 0, "max_value": round((high - low) / step)}
        case Float(low, high, log) | Int(low, high, log, 1):
            kind = types.Float if isinstance(distribution, Float) else types.Int
            sampling = "log" if log else "linear"
            return kind, {"min_value": low, "max_value": high, "sampling": sampling}
        case Int(low, high, _, step):
            return types.Int, {"min_value": low, "max_value": high, "step": step}


def _encode(distribution: Searched | Fixed, value: Any) -> Any:
    match distribution:
        case Categorical(choices):
            return next(i for i, choice in enumerate(choices) if are_equal(value, choice))
        case Float(low, _, _, step) if step is not None:
            return round((value - low) / step)
        case _:
            return value


def _decode(distribution: Searched, code: float) -> Value:
    match distribution:
        case Categorical(choices):
            return choices[int(code)]
        case Float(low, _, _, step) if step is not None:
            # As decimals: in binary 0.1 + 2 * 0.1 is not 0.3.
            return float(Decimal(str(low)) + int(code) * Decimal(str(step)))
        case Float(low, high) | Int(low, high):
            # The bayesian oracle may go one step beyond the end of a range (KerasTuner 1.4.8).
            return min(max(code, low), high)


def _list_values(distribution: Searched) -> tuple[Value, ...] | range | None:
    match distribution:
        case Categorical(choices):
            return choices
        case Int(low, high, _, step):
            return range(low, high + 1, step)
        case Float(_, _, _, step) if step is not None:
            n_values = round((distribution.high - distribution.low) / step) + 1
            return tuple(_decode(distribution, code) for code in range(n_values))
        case _:
            return None
