"""What an engine proposes and what it keeps of a trial. Owns these values; knows no Optuna."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from ..space.hyperparameters import Value

EXCESS = "excess"
"""Fact of a trial: by how much it lies beyond each limit; above 0 it is infeasible."""


class TrialState(StrEnum):
    """State of a trial, in Optuna's words."""

    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    PRUNED = "PRUNED"
    FAIL = "FAIL"

    @property
    def counts(self) -> bool:
        """Whether a trial in this state counts toward the study's total."""
        return self in (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trial that is to be run."""

    number: int
    hyperparameters: Mapping[str, Value]
    """The active ones, fixed ones included."""
    seed: int
    """Derived from the study's seed and the number."""
    start: str = ""
    """Name of the known good start or preset that this is, or empty."""
    name: str = ""
    """What its run and pictures are called; empty for a name after number and layers."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What the store keeps of a trial."""

    number: int
    state: TrialState
    value: float | None
    """Objective at the best epoch; of a pruned trial the best it had. None without an epoch."""
    hyperparameters: Mapping[str, Value]
    facts: Mapping[str, Any]
    """What the study noted: run id, metrics, diagnosis, why it stopped."""
    started: datetime | None
    ended: datetime | None

    @property
    def is_refused(self) -> bool:
        """Whether this was a proposal that was never trained."""
        return "refused" in self.facts

    @property
    def is_feasible(self) -> bool:
        """Whether it lies beyond no limit of the study."""
        return all(excess <= 0 for excess in self.facts.get(EXCESS, {}).values())

    @property
    def is_cut_off(self) -> bool:
        """Whether it was interrupted and will be run again, or its process died."""
        return "cut_off" in self.facts


def derived_seed(*parts: int) -> int:
    """Derive a seed, in [0, 2^31), from the study's seed, a trial's number and what else there is.

    Args:
        parts: each 0 or more; other parts give another seed, but zeros at the end count as none.
    """
    return int(np.random.SeedSequence(parts).generate_state(1)[0] >> 1)
