"""Hyperband as KerasTuner runs it, in numbers: brackets, rounds, and who may still be promoted.

Owns the arithmetic of a sweep (Li et al. 2018, Hyperband: a novel bandit-based approach to
hyperparameter optimization; sizes and epochs as in KerasTuner 1.4.8). Knows neither KerasTuner nor
any store, so that a plan can be told without loading either.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Round:
    """One rung of a bracket: its trials are trained equally far, and the best go on."""

    n_trials: int
    n_epochs: int
    """Up to which each is trained, the epochs of the rounds before included."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where Hyperband has put a trial."""

    sweep: int
    """From 0; a sweep runs every bracket once."""
    bracket: int
    """How often it halves; the brackets of a sweep count down to 0, which is a random search."""
    round: int
    """From 0."""
    past_id: str | None
    """Which trial of the round before it was promoted from; None in round 0."""


def sweep_of(n_epochs: int, factor: int) -> tuple[tuple[Round, ...], ...]:
    """Give the rounds of each bracket of a sweep, indexed by bracket: the last one is run first.

    Args:
        n_epochs: to which the best are trained, at least 1.
        factor: by which a round has fewer trials and more epochs than the one before, at least 2.
    """
    n_brackets, epochs = 0, float(n_epochs)
    while epochs >= 1:
        epochs /= factor
        n_brackets += 1
    last = math.ceil(1 + math.log(n_epochs, factor))
    return tuple(
        tuple(
            Round(
                math.ceil(last / (bracket + 1) * factor ** (bracket - number)),
                math.ceil(n_epochs / factor ** (bracket - number)),
            )
            for number in range(bracket + 1)
        )
        for bracket in range(n_brackets)
    )


def n_sweep_trials(n_epochs: int, factor: int) -> int:
    """Count the trials of one whole sweep, promotions included; see `sweep_of`."""
    return sum(part.n_trials for rounds in sweep_of(n_epochs, factor) for part in rounds)


def oracle_state(places: Mapping[str, Place]) -> dict[str, Any]:
    """Give the part of the oracle's state that its brackets are, in its own words.

    Args:
        places: of all trials that it proposed, at least one, by their ids, in their order.
    """
    brackets = _brackets(places)
    # A promotion may be newer, in a bracket that was started before.
    sweep, bracket = list(brackets)[-1]
    return {
        "brackets": [
            {
                "bracket_num": number,
                "rounds": [
                    [{"past_id": places[i].past_id, "id": i} for i in ids] for ids in rounds
                ],
            }
            for (_, number), rounds in brackets.items()
        ],
        "current_bracket": bracket,
        "current_iteration": sweep,
    }


def promotable_ids(
    places: Mapping[str, Place],
    running: Collection[str],
    failed: Collection[str],
    sweep: tuple[tuple[Round, ...], ...],
) -> set[str]:
    """Name the finished trials that a later one may go on from, or a running one went on from.

    Of a round these are the ones not chosen yet, as long as it has more to choose: the oracle
    chooses until it has as many as the next round is large, and one less for each trial that
    failed or that its own round will never get.

    Args:
        places: of all trials that were proposed, by their ids.
        running: ids of those that have not ended, or will be run again.
        failed: ids of those that came to no value.
        sweep: what `sweep_of` gives.
    """
    found: set[str] = set()
    for (_, bracket), rounds in _brackets(places).items():
        n_missing = 0
        for size, ids, chosen in zip(sweep[bracket][1:], rounds, rounds[1:], strict=False):
            past = {identity: places[identity].past_id for identity in chosen}
            found |= {past[identity] or "" for identity in chosen if identity in running}
            others = set(ids).difference(past.values())
            n_lost = n_missing + len(others.intersection(failed))
            is_open = len(chosen) + n_lost < size.n_trials
            found |= others.difference(failed, running) if is_open else set()
            n_missing = 0 if is_open else size.n_trials - len(chosen)
    return found


def _brackets(places: Mapping[str, Place]) -> dict[tuple[int, int], list[list[str]]]:
    """Give the ids in each round of each bracket of each sweep, in the order of their start."""
    brackets: dict[tuple[int, int], list[list[str]]] = {}
    for identity, place in places.items():
        empty: list[list[str]] = [[] for _ in range(place.bracket + 1)]
        brackets.setdefault((place.sweep, place.bracket), empty)[place.round].append(identity)
    return brackets
