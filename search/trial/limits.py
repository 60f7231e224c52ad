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

    def violations(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """Say by how much these metrics lie beyond each limit that there is; up to 0 within.

        Args:
            metrics: the gap counts in nats, the parameters as a share of their limit. A limit of
                what is not among them is left out.
        """
        beyond = {}
        if self.max_gap is not None and GAP in metrics:
            beyond[GAP] = metrics[GAP] - self.max_gap
        if self.max_parameters is not None and PARAMETERS in metrics:
            beyond[PARAMETERS] = metrics[PARAMETERS] / self.max_parameters - 1.0
        return beyond
