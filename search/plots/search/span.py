"""Which part of an objective's axis is drawn, so that one diverged trial flattens no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from .trials import Search

_FENCE = 3.0
"""Quartile ranges beyond the worse quartile from which a value is an outlier: Tukey's far out
(1977, Exploratory Data Analysis)."""


@dataclass(frozen=True, slots=True)
class Span:
    """The part of an objective's axis that is drawn; what is worse is put at its edge."""

    low: float
    """Lower end."""
    high: float
    """Upper end; above the lower one, but on a logarithmic axis it can be the same."""

    @classmethod
    def of(cls, search: Search, levels: Iterable[float] = (), objective: int = 0) -> Self:
        """Choose a span that has the levels and all values but far outliers on the worse side.

        On a logarithmic axis nothing lies so far out that it flattens the rest: all are in it, and
        there is no margin.

        Raises:
            ValueError: no trial has a value.
        """
        values = np.array([trial.values[objective] for trial in search.valued])
        if values.size == 0:
            raise ValueError("there must be a trial with a value")
        low, high = float(values.min()), float(values.max())
        first, third = np.quantile(values, (0.25, 0.75))
        reach = _FENCE * max(third - first, 0.05 * abs(float(np.median(values))))
        shown = search.objectives[objective]
        if shown.is_minimized and not shown.is_log:
            high = float(values[values <= third + reach].max())
        elif not shown.is_log:
            low = float(values[values >= first - reach].min())
        low, high = min(low, high, *levels), max(low, high, *levels)
        if shown.is_log:
            return cls(low, high)
        margin = 0.06 * (high - low) or 0.05 * abs(low) or 1.0
        return cls(low - margin, high + margin)

    def hold(self, value: float) -> float:
        """Give the value, or the nearer end where it lies beyond the span."""
        return min(max(value, self.low), self.high)

    def note_of_outliers(self, search: Search) -> str:
        """Say in a sentence how many trials stand at the edge, or nothing where none does."""
        return note_of_beyond(
            sum(self.hold(trial.values[0]) != trial.values[0] for trial in search.valued)
        )


def note_of_beyond(n_trials: int) -> str:
    """Say in a sentence how many trials stand at an edge, or nothing where none does."""
    if n_trials == 0:
        return ""
    verb = "trial is" if n_trials == 1 else "trials are"
    return f"{n_trials:,} far worse {verb} drawn at the edge."
