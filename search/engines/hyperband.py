"""Hyperband as KerasTuner runs it, in numbers: brackets, rounds, and who may still be promoted.

Owns the arithmetic of a sweep (Li et al. 2018, Hyperband: a novel bandit-based approach to
hyperparameter optimization; sizes as in KerasTuner 1.4.8). Knows neither KerasTuner nor
any store, so that a sweep can be planned without loading either.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Sweep = tuple[tuple[int, ...], ...]
"""Numbers of trials of each round of each bracket. The trials of a round are trained equally far,
and the best of them are trained on in the next."""


@dataclass(frozen=True, slots=True)
class Position:
    """The sweep, bracket and round of a trial."""

    sweep: int
    """From 0; a sweep runs every bracket once."""
    bracket: int
    """How often it halves; the brackets of a sweep count down to 0, which is a random search."""
    round: int
    """From 0."""
    past_id: str | None
    """Id of the trial in the round before that it goes on from; None in round 0."""


def plan_sweep(n_epochs: int, factor: int) -> Sweep:
    """Plan the rounds of each bracket of a sweep, indexed by bracket; the last one is run first.

    Args:
        n_epochs: last epoch of the best trials, at least 1.
        factor: how much fewer trials and more epochs a round has than the last, at least 2.
    """
    n_brackets, epochs = 0, float(n_epochs)
    while epochs >= 1:
        epochs /= factor
        n_brackets += 1
    last = math.ceil(1 + math.log(n_epochs, factor))
    return tuple(
        tuple(
            math.ceil(last / (bracket + 1) * factor ** (bracket - number))
            for number in range(bracket + 1)
        )
        for bracket in range(n_brackets)
    )


def count_sweep_trials(n_epochs: int, factor: int) -> int:
    """Count the trials of one whole sweep, promotions included; see `plan_sweep`."""
    return sum(map(sum, plan_sweep(n_epochs, factor)))


def describe_brackets(positions: Mapping[str, Position]) -> dict[str, Any]:
    """Describe the brackets as they stand in the oracle's state.

    Args:
        positions: of all trials that it proposed, at least one, by their ids, in their order.
    """
    brackets = _group_by_bracket(positions)
    # Of the newest bracket; the newest trial may be a promotion in an older one.
    sweep, bracket = list(brackets)[-1]
    return {
        "brackets": [
            {
                "bracket_num": number,
                "rounds": [
                    [{"past_id": positions[i].past_id, "id": i} for i in ids] for ids in rounds
                ],
            }
            for (_, number), rounds in brackets.items()
        ],
        "current_bracket": bracket,
        "current_iteration": sweep,
    }


def list_promotable_ids(
    positions: Mapping[str, Position],
    running: Collection[str],
    failed: Collection[str],
    sweep: Sweep,
) -> set[str]:
    """List the finished trials that a later trial may go on from, or that a running one has.

    The oracle promotes trials of a round until the next round is full. The next round has one trial
    less for each trial of this round that failed, and for each that this round will never have.
    While it is not full, every trial that was not promoted yet may be.

    Args:
        positions: of all trials that were proposed, by their ids.
        running: ids of the trials that have not ended, or will be repeated.
        failed: ids of the trials without a value.
        sweep: from `plan_sweep`.
    """
    found: set[str] = set()
    for (_, bracket), rounds in _group_by_bracket(positions).items():
        n_missing = 0
        for size, ids, chosen in zip(sweep[bracket][1:], rounds, rounds[1:], strict=False):
            past = {identity: positions[identity].past_id for identity in chosen}
            found |= {past[identity] or "" for identity in chosen if identity in running}
            others = set(ids).difference(past.values())
            n_lost = n_missing + len(others.intersection(failed))
            is_open = len(chosen) + n_lost < size
            found |= others.difference(failed, running) if is_open else set()
            n_missing = 0 if is_open else size - len(chosen)
    return found


def _group_by_bracket(positions: Mapping[str, Position]) -> dict[tuple[int, int], list[list[str]]]:
    """Group ids by sweep and bracket, then by round, in the order of their start."""
    brackets: dict[tuple[int, int], list[list[str]]] = {}
    for identity, position in positions.items():
        key = position.sweep, position.bracket
        rounds = brackets.setdefault(key, [[] for _ in range(position.bracket + 1)])
        rounds[position.round].append(identity)
    return brackets
