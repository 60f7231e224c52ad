"""Small searches whose pictures can be worked out by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from search.plots.search.trials import (
    Outcome,
    Search,
    SearchedDimension,
    SearchedObjective,
    SearchedTrial,
)
from search.space.hyperparameters import Value

RATE = SearchedDimension("learning_rate", is_log=True)
CELL = SearchedDimension("cell", choices=("lstm", "gru"))
UNITS = SearchedDimension("units_2")
LOSS = SearchedObjective("val_loss")
WEIGHTS = SearchedObjective("parameters", is_log=True)
POINT: Mapping[str, Value] = {"learning_rate": 1e-3, "cell": "lstm"}


def trial(
    number: int, *values: float, point: Mapping[str, Value] | None = None, **change: Any
) -> SearchedTrial:
    outcome = change.pop("outcome", Outcome.COMPLETE)
    return SearchedTrial(number, f"#{number} bilstm 64", outcome, values, point or POINT, **change)


def search(trials: Sequence[SearchedTrial], **change: Any) -> Search:
    parts: dict[str, Any] = {"dimensions": [RATE, CELL, UNITS], "objectives": [LOSS]}
    return Search("films", trials, **{**parts, **change})


def twelve(n_trials: int = 12) -> Search:
    """Trials over a rate, two cells, and units that only every other trial has."""
    trials = [
        trial(
            number,
            0.14 + 0.001 * number,
            point={
                "learning_rate": 10.0 ** (-4 + number / 6),
                "cell": "lstm" if number % 3 else "gru",
            }
            | ({"units_2": 8 + number} if number % 2 else {}),
            epochs=[0.17, 0.14 + 0.001 * number],
            is_best=number == 0,
        )
        for number in range(n_trials)
    ]
    return search(trials, target=0.05, levels={"label priors": 0.171})
