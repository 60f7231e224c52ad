"""What an engine proposes and what it keeps of a trial. Owns these values; knows no Optuna."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from ..space.hyperparameters import Value

REUSED = "reused_from"
"""Fact of a trial: what its value was taken from, `study` and `trial`."""
STOPPED, TIMEOUT = "stopped", "timeout"
"""Fact of a trial: what stopped its training, and the one that is the study's time."""
EXCESS = "excess"
"""Fact of a trial: by how much it lies beyond each limit; above 0 it is infeasible."""


class SpaceExhausted(Exception):
    """Every configuration of the space has been proposed."""


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
    n_epochs: int | None = None
    """Epoch up to which it is trained; None for the study's."""
    resumes: int | None = None
    """Number of the trial whose last weights it goes on from; None for a new network."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What the store keeps of a trial."""

    number: int
    state: TrialState
    values: tuple[float, ...]
    """Every objective at the best epoch; of a pruned trial the best it had. Empty without one."""
    hyperparameters: Mapping[str, Value]
    facts: Mapping[str, Any]
    """What the study noted: run id, metrics, diagnosis, why it stopped."""
    started: datetime | None
    ended: datetime | None

    @property
    def value(self) -> float | None:
        """The first objective; None without an epoch."""
        return self.values[0] if self.values else None

    @property
    def counts(self) -> bool:
        """Whether it counts toward the study's total: trained here, and not failed."""
        return self.state.counts and not self.is_refused and not self.is_reused

    @property
    def is_refused(self) -> bool:
        """Whether this was a proposal that was never trained."""
        return "refused" in self.facts

    @property
    def is_reused(self) -> bool:
        """Whether it was not trained: an equal one had been, here or in another study."""
        return REUSED in self.facts

    @property
    def ran_out_of_time(self) -> bool:
        """Whether the study's time was over before it was trained to its end."""
        return self.facts.get(STOPPED) == TIMEOUT

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
