"""The result of a training. Owns the value that trials, fresh seeds and presets share."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..metrics.comparison import Comparison
from .diagnosis import Diagnosis
from .epoch import Curves
from .state import StopReason


@dataclass(frozen=True, slots=True)
class Training:
    """The result of one training of a network."""

    metrics: Mapping[str, float]
    """On validation, at the epoch whose weights are used."""
    curves: Curves
    diagnosis: Diagnosis
    stop_reason: StopReason
    comparison: Comparison | None = None
    """The network against the linear baseline; None where there was none."""
    is_resumed: bool | None = None
    """Whether it continued from another trial's weights; None if it was not asked to."""
