"""Where the trials of a search lie along each hyperparameter.

Owns which values share an axis, which of them are choices, and which trial has no place on it.
Knows no drawing.
"""

import math
from dataclasses import dataclass
from typing import Self

from ...space.distribution import Categorical, Distribution, Float, Int
from ...space.value import Value, are_equal
from ...trial.trial import Trial

_MOST_WHOLE_CHOICES = 8
"""Up to this many whole numbers are shown like choices, each with a place of its own."""


@dataclass(frozen=True, slots=True)
class HyperparameterAxis:
    """The axis of one searched hyperparameter."""

    name: str
    """As in the space."""
    is_log: bool = False
    """Whether it is logarithmic; values at or below 0 have no place on it."""
    choices: tuple[Value, ...] = ()
    """The choices in their order, or a few whole numbers; empty for other numbers."""
    is_whole: bool = False
    """Whether all values are whole numbers."""

    @classmethod
    def from_distribution(cls, name: str, distribution: Distribution) -> Self:
        """Make the axis that fits the values of a distribution."""
        match distribution:
            case Categorical(choices):
                return cls(name, choices=choices)
            case Int(low, high, is_log, step):
                values = range(low, high + 1, step)
                if len(values) <= _MOST_WHOLE_CHOICES:
                    return cls(name, choices=tuple(values))
                return cls(name, is_log, is_whole=True)
            case Float(log=is_log):
                return cls(name, is_log)
        return cls(name)

    def place(self, trial: Trial) -> float | None:
        """Give where a trial lies on the axis: at its number, or at the index of its choice.

        None where the hyperparameter is inactive, or its value is no choice or no finite number.
        """
        value = trial.hyperparameters.get(self.name)
        if self.choices:
            places = (i for i, choice in enumerate(self.choices) if are_equal(choice, value))
            return next(places, None)
        if not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value) if value > 0 or not self.is_log else None
