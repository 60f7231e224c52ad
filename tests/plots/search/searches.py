"""Small searches whose pictures can be worked out by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from search.plots.search.axes import HyperparameterAxis
from search.plots.search.search import Search
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Float, Int
from search.space.hyperparameters import Value
from search.space.space import Space
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.objective import Objectives
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Trial

DISTRIBUTIONS: Mapping[str, Distribution] = {
    "learning_rate": Float(1e-5, 1.0, log=True),
    "cell": Categorical(("lstm", "gru")),
    "units_2": Int(8, 64),
}
RATE, CELL, UNITS = (HyperparameterAxis.from_distribution(*item) for item in DISTRIBUTIONS.items())
VALUES: Mapping[str, Value] = {"learning_rate": 1e-3, "cell": "lstm"}
LOSS_AND_WEIGHTS = Objectives.parse("val_loss,parameters")
F1 = Objectives.parse("macro_f1")


def trial(
    number: int,
    *values: float,
    state: TrialState = TrialState.COMPLETE,
    hyperparameters: Mapping[str, Value] = VALUES,
    epochs: Sequence[float] = (),
    is_feasible: bool = True,
    start: str = "",
) -> Trial:
    """Make a trial; `epochs` are its validation losses."""
    diagnosis = Diagnosis(0.0, None, 0.0, Verdict.FIT)
    return Trial(
        number,
        state,
        values,
        hyperparameters,
        name=f"#{number} bilstm 64",
        start=start,
        training=Training({}, Curves(val_loss=epochs), diagnosis, StopReason.EPOCHS),
        violations={} if is_feasible else {"gap": 0.1},
    )


def make_space(distributions: Mapping[str, Distribution] = DISTRIBUTIONS) -> Space:
    return Space("films", "", {name: Dimension(found) for name, found in distributions.items()})


def search(trials: Sequence[Trial], *leading: int, **change: Any) -> Search:
    """Make a search; `leading` are the numbers of the trials that lead."""
    parts: dict[str, Any] = {"space": make_space(), "objectives": Objectives()}
    return Search("films", trials, **{**parts, **change}, leading=frozenset(leading))


def twelve(n_trials: int = 12, **change: Any) -> Search:
    """Make trials over a rate, two cells, and units that only every other trial has."""
    trials = [
        trial(
            number,
            0.14 + 0.001 * number,
            hyperparameters={
                "learning_rate": 10.0 ** (-4 + number / 6),
                "cell": "lstm" if number % 3 else "gru",
            }
            | ({"units_2": 8 + number} if number % 2 else {}),
            epochs=[0.17, 0.14 + 0.001 * number],
        )
        for number in range(n_trials)
    ]
    return search(trials, 0, target=0.05, levels={"label priors": 0.171}, **change)
