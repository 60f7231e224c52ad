"""The part of an objective's axis that is drawn, so that one diverged trial flattens no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from .search import Search

_FENCE = 3.0
"""A value is an outlier this many interquartile ranges beyond the worse quartile: "far out" in
Tukey (1977), Exploratory Data Analysis."""


@dataclass(frozen=True, slots=True)
class Span:
    """The part of an objective's axis that is drawn; worse values are drawn at its edge."""

    low: float
    """Lower end."""
    high: float
    """Upper end; above the lower one, or on a logarithmic axis at least equal."""

    @classmethod
    def choose(cls, search: Search, levels: Iterable[float] = (), index: int = 0) -> Self:
        """Choose a span for the levels and all values except far outliers on the worse side.

        On a logarithmic axis no outlier flattens the rest, so the span has all values, without a
        margin.

        Args:
            search: with at least one trial that has values.
            levels: that must be inside.
            index: of the objective.
        """
        values = np.array([trial.values[index] for trial in search.valued])
        low, high = float(values.min()), float(values.max())
        first, third = np.quantile(values, (0.25, 0.75))
        reach = _FENCE * max(third - first, 0.05 * abs(float(np.median(values))))
        objective = search.objectives.entries[index]
        if objective.is_minimized and not objective.is_log:
            high = float(values[values <= third + reach].max())
        elif not objective.is_log:
            low = float(values[values >= first - reach].min())
        low, high = min(low, high, *levels), max(low, high, *levels)
        if objective.is_log:
            return cls(low, high)
        margin = 0.06 * (high - low) or 0.05 * abs(low) or 1.0
        return cls(low - margin, high + margin)

    def hold(self, value: float) -> float:
        """Give the value, or the nearer end where it lies beyond the span."""
        return min(max(value, self.low), self.high)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within the span; NaN does not."""
        return self.low <= value <= self.high


def describe_outliers(search: Search, *spans: Span) -> str:
    """Say in a sentence how many trials are drawn at the edge of a span; empty where none is.

    Args:
        search: with the trials.
        spans: of the first objectives, at least one.
    """
    n_trials = sum(
        not all(span.holds(value) for span, value in zip(spans, trial.values, strict=False))
        for trial in search.valued
    )
    if n_trials == 0:
        return ""
    verb = "trial is" if n_trials == 1 else "trials are"
    return f"{n_trials:,} far worse {verb} drawn at the edge."
