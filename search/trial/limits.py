"""The limits of a study: what a trial must keep to so that it can win."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .arguments import check_number, check_whole

PARAMETERS, GAP = "parameters", "gap"
"""Names of the limits, and of the metrics that they hold for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a study."""

    max_parameters: int | None = None
    """Proposals with more weights are refused untrained; None for no limit."""
    max_gap: float | None = None
    """Trials whose gap is larger are infeasible; nats, None for no limit."""

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            StudyError: a number that is no limit.
        """
        check_whole(
            "max_parameters", self.max_parameters, least=1, example=500_000, is_optional=True
        )
        # An infinite gap would be no limit, and a gap of 0 is one.
        check_number("max_gap", self.max_gap, "a number of 0 or more", above=-math.ulp(0.0))

    def parameter_violation(self, n_parameters: int) -> dict[str, float]:
        """Say by which share of the limit a network is too large, if there is that limit."""
        if self.max_parameters is None:
            return {}
        return {PARAMETERS: n_parameters / self.max_parameters - 1.0}

    def gap_violation(self, gap: float) -> dict[str, float]:
        """Say by how many nats a gap lies beyond the limit, if there is that limit."""
        return {} if self.max_gap is None else {GAP: gap - self.max_gap}

    def violations(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """Say by how much a trained trial lies beyond each limit that there is; up to 0 within."""
        gap = self.gap_violation(metrics[GAP]) if GAP in metrics else {}
        if PARAMETERS in metrics:
            return gap | self.parameter_violation(int(metrics[PARAMETERS]))
        return gap
