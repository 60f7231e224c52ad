"""KerasTuner's oracles, asked for one point at a time from what is known of the trials before.

Owns how a space, its points and its trials are written in KerasTuner's words. Only `populate_space`
of an oracle is used: `create_trial` and `end_trial` around it would keep state in files of their
own, retry trials, end the search after failures and print (KerasTuner 1.4.8). Importing this module
loads KerasTuner, and with it Keras.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import keras_tuner
from keras_tuner.engine import hyperparameters as types
from keras_tuner.engine.trial import Trial

from ..space.distribution import Categorical, Fixed, Float, Int, Searched
from ..space.space import Space
from ..space.value import Value, are_equal
from .grid import list_values
from .strategy import Strategy

Status = Literal["RUNNING", "COMPLETED", "FAILED"]
"""Of a trial, in KerasTuner's words."""
_ORACLES = {
    "bayesian": keras_tuner.oracles.BayesianOptimizationOracle,
    "random": keras_tuner.oracles.RandomSearchOracle,
}


class Oracle:
    """A tuner of KerasTuner over one space, made anew for each question.

    In its words a point has choices and steps of real numbers by their index from 0.
    """

    def __init__(
        self, strategy: Strategy, space: Space, *, n_epochs: int, is_minimized: bool
    ) -> None:
        """Register the searched hyperparameters, parents first, each with its conditions.

        Args:
            strategy: with a tuner and its options.
            space: what is searched.
            n_epochs: last epoch of Hyperband's best trials.
            is_minimized: whether a lower score is better.
        """
        self._strategy = strategy
        self._space = space
        self._n_epochs = n_epochs
        self._direction = "min" if is_minimized else "max"
        self._hyperparameters = keras_tuner.HyperParameters()
        for name in space.order:
            distribution = space.hyperparameters[name].distribution
            if not isinstance(distribution, Fixed):
                kind, settings = _describe(distribution)
                conditions = list(self._list_conditions(name))
                config = {"name": name, "conditions": conditions, **settings}
                self._hyperparameters.merge([kind.from_config(config)])

    def ask(
        self, tried: Iterable[Trial], state: Mapping[str, Any], *, seed: int
    ) -> tuple[dict[str, Any], int] | None:
        """Ask a new oracle that knows these trials for the next point.

        Args:
            tried: the trials before, in their order, from `describe`.
            state: keys of the oracle's `get_state` to be replaced; empty for a first proposal.
            seed: of every draw, at least 0.

        Returns:
            The codes, among them the oracle's settings of the trial under names that begin with
            "tuner/", and its sweep of the brackets (0 for an oracle without). None where nothing is
            left.
        """
        oracle = self._make(seed=seed + 1)
        trials = {trial.trial_id: trial for trial in tried}
        # An oracle draws again when the hash of a point is among these.
        hashes = [oracle._compute_values_hash(t.hyperparameters.values) for t in trials.values()]
        oracle.set_state(oracle.get_state() | {"tried_so_far": hashes} | dict(state))
        running = {key: trial for key, trial in trials.items() if trial.status == "RUNNING"}
        oracle.trials = {key: trial for key, trial in trials.items() if key not in running}
        with warnings.catch_warnings():
            # The Gaussian process of the bayesian oracle warns near the ends of its own bounds.
            warnings.filterwarnings("ignore", module=r"sklearn\.gaussian_process")
            if running and self._strategy.tuner == "bayesian" and oracle.trials:
                # The oracle guesses the values of running trials before it has fitted its model.
                oracle.gpr.fit(*oracle._vectorize_trials())
            oracle.trials |= running
            oracle.ongoing_trials = running
            response = oracle.populate_space("new")
        if response["status"] != "RUNNING":
            return None
        return response["values"], oracle.get_state().get("current_iteration", 0)

    def describe(
        self, identity: str, point: Mapping[str, Value], status: Status, score: float | None
    ) -> Trial:
        """Describe a trial to the oracle.

        Args:
            identity: by which the oracle names it.
            point: the active searched hyperparameters.
            status: in its words.
            score: a finite number where the status is COMPLETED.
        """
        hyperparameters = keras_tuner.HyperParameters()
        hyperparameters.values = self.encode(point)
        trial = Trial(hyperparameters, identity, status)
        trial.score = score
        return trial

    def decode(self, codes: Mapping[str, Any]) -> dict[str, Value]:
        """Read a point; inactive hyperparameters that were drawn are left out."""
        point = self._space.suggest(lambda name, searched: _decode(searched, codes[name]))
        return {name: value for name, value in point.items() if name in codes}

    def encode(self, point: Mapping[str, Value]) -> dict[str, Any]:
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
            elif (values := list_values(parent)) is not None:
                codes = [_encode(parent, value) for value in values if condition.holds(value)]
                config = {"name": condition.parent, "values": codes}
                yield {"class_name": "Parent", "config": config}

    def _make(self, *, seed: int) -> Any:
        """Make an oracle. The seed must be above 0, which KerasTuner takes for no seed."""
        common = {
            "objective": keras_tuner.Objective("score", self._direction),
            "hyperparameters": self._hyperparameters.copy(),
            "seed": seed,
            **self._strategy.tuner_options,
        }
        if self._strategy.tuner == "hyperband":
            # None: its sweeps never end.
            sweeps = {"max_epochs": self._n_epochs, "hyperband_iterations": None}
            return keras_tuner.oracles.HyperbandOracle(**sweeps | common)
        return _ORACLES[self._strategy.tuner](max_trials=None, **common)


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
