"""Whether the target can be reached on these data: the verdict, and how it is said.

Owns the rule that makes one of five verdicts of what was measured. Measures nothing itself.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..metrics.comparison import Comparison, Standing
from ..metrics.extrapolation import Extrapolation
from ..training.history import Objective

LEFT_PRIORS = 0.85
"""A curve that ends above this share of the priors' loss has not begun to fall in earnest, and
tells nothing of where it goes (simulated: benchmarks/LOG.md)."""


class Verdict(StrEnum):
    """What can be said of the target on these data."""

    REACHED = "reached"
    REACHED_BY_LEAK = "reached, but the texts name their labels"
    WITHIN_REACH = "not reached and within reach"
    OUT_OF_REACH = "out of reach for these models"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True, slots=True)
class Reach:
    """What was measured of a study and its data, and the verdict that follows.

    Losses are validation losses in nats, averaged over texts and labels.
    """

    objective: Objective
    """What the study searches for; only `val_loss` has a verdict."""
    target: float | None
    """The loss asked for; None gives no verdict."""
    best: float | None
    """Value of the best network, the one that is exported; None before any trial is complete."""
    prior_loss: float
    """Loss of the label priors."""
    leaks: bool = False
    """Whether the audit found that the texts name their labels."""
    forced_loss: float = 0.0
    """What texts that repeat with other labels force on any model."""
    floor: float | None = None
    """Irreducible loss, where it is known because the data are generated."""
    baseline_loss: float | None = None
    """Loss of the linear baseline; None where it was not fitted, and nothing compared with it."""
    comparison: Comparison | None = None
    """The best network against the linear baseline; None where not compared."""
    network: Extrapolation | None = None
    """The best network's learning curve; None where it has none."""
    baseline: Extrapolation | None = None
    """The linear baseline's learning curve; None where it has none."""

    def __post_init__(self) -> None:
        """Check that the numbers are numbers and that the curves were asked about this target.

        Raises:
            ValueError: a loss is NaN or infinite, or a curve was extrapolated to another target.
        """
        losses = (self.target, self.best, self.prior_loss, self.forced_loss, self.floor)
        if not all(np.isfinite(x) for x in (*losses, self.baseline_loss) if x is not None):
            raise ValueError(f"losses must be finite, got {losses} and {self.baseline_loss}")
        for curve in (self.network, self.baseline):
            if curve is not None and self.target is not None and curve.target != self.target:
                raise ValueError(f"a curve was asked about {curve.target}, not {self.target}")

    @property
    def limit(self) -> float:
        """The loss that no model gets below: forced by repeats, or known of generated data."""
        return max(self.forced_loss, self.floor or 0.0)

    @property
    def verdict(self) -> Verdict | None:
        """One of five; None without a target, or where the objective is not `val_loss`.

        Reached: the best value is at most the target. Out of reach: no model gets there (`limit`),
        or the best network ties or beats the linear baseline, has left the label priors, and the
        intervals of both learning curves lie above the target at their far end; where the
        baseline's does not, the data allow it. Cannot tell: the search has not come level with
        the baseline, hardly left the priors, or a curve is missing. Within reach: all else, and
        wherever the linear baseline meets the target already.
        """
        if self.target is None or self.objective is not Objective.VAL_LOSS:
            return None
        if self.best is not None and self.best <= self.target:
            return Verdict.REACHED_BY_LEAK if self.leaks else Verdict.REACHED
        if self.limit > self.target:
            return Verdict.OUT_OF_REACH
        if self._is_met_by_baseline():
            return Verdict.WITHIN_REACH
        if self._unknown():
            return Verdict.CANNOT_TELL
        curves = (self.network, self.baseline)
        is_beyond = all(curve is not None and curve.is_beyond for curve in curves)
        return Verdict.OUT_OF_REACH if is_beyond else Verdict.WITHIN_REACH

    @property
    def lacks_curves(self) -> bool:
        """Whether learning curves are all that the verdict waits for.

        So it is where they would be looked at, and one is missing: the best network has left the
        priors and is level with the linear baseline, neither of the two meets the target, and the
        data allow it.
        """
        return self.verdict is Verdict.CANNOT_TELL and not self._too_early()

    def sentences(self) -> list[str]:
        """Say the verdict in words with its numbers; [] where there is no verdict."""
        verdict = self.verdict
        if verdict is None:
            return []
        said = f"The target {self.target:g}: {verdict.value}."
        match verdict:
            case Verdict.REACHED:
                return [said, f"The best network has {self.best:.4f}."]
            case Verdict.REACHED_BY_LEAK:
                return [
                    said,
                    f"The best network has {self.best:.4f}, which says little of texts that do "
                    "not name theirs.",
                ]
            case Verdict.OUT_OF_REACH:
                return [said, *self._say_limits()]
            case Verdict.WITHIN_REACH:
                return [said, self._say_way()]
            case Verdict.CANNOT_TELL:
                return [said, self._unknown()]

    def _is_met_by_baseline(self) -> bool:
        if self.target is None or self.baseline_loss is None:
            return False
        return self.baseline_loss <= self.target

    def _unknown(self) -> str:
        """Say what keeps the target from being judged; empty where nothing does."""
        missing = [
            name
            for name, curve in (("best network", self.network), ("linear baseline", self.baseline))
            if curve is None
        ]
        curves = (
            f"There is no learning curve of the {' and none of the '.join(missing)}. The same "
            "search, run again, goes on to measure them where train has at least 80 texts."
        )
        return self._too_early() or (curves if missing else "")

    def _too_early(self) -> str:
        """Say why learning curves would tell nothing yet; empty where they would."""
        if self.best is None:
            return "No trial is complete."
        if self.comparison is None:
            return "The best network has not been compared with the linear baseline."
        if self.comparison.standing is Standing.LOSES:
            losses = ""
            if self.baseline_loss is not None:
                losses = f": {self.best:.4f} against {self.baseline_loss:.4f}"
            return f"The search has not beaten the linear baseline{losses}. More trials come first."
        if self.best > LEFT_PRIORS * self.prior_loss:
            return (
                f"The best network, with {self.best:.4f}, has hardly left the label priors "
                f"({self.prior_loss:.4f}): its learning curve does not show yet where it goes."
            )
        return ""

    def _say_limits(self) -> list[str]:
        if self.target is not None and self.limit > self.target:
            why = (
                "the labels of these data are drawn with errors"
                if self.limit == self.floor
                else "texts repeat with other labels"
            )
            return [f"No model can get below {self.limit:.4f} here: {why}."]
        named = (("best network", self.network), ("linear baseline", self.baseline))
        return [_say_end(name, curve) for name, curve in named if curve is not None]

    def _say_way(self) -> str:
        if self._is_met_by_baseline():
            return (
                f"The linear baseline has {self.baseline_loss:.4f} on these texts already: search "
                "more."
            )
        if self.network is not None and not self.network.is_beyond:
            return _say_multiple("best network", self.network)
        assert self.baseline is not None
        return f"{_say_multiple('linear baseline', self.baseline)} Search more."


def _say_end(name: str, curve: Extrapolation) -> str:
    return (
        f"With {curve.factor:g} times the texts the {name} is expected at {curve.predicted:.4f} "
        f"({curve.low:.4f} to {curve.high:.4f}, {curve.level:.0%})."
    )


def _say_multiple(name: str, curve: Extrapolation) -> str:
    """Say how many times the texts meet the target, as far as the curve knows."""
    if curve.multiple is None:
        return f"{_say_end(name, curve)} It may take more than {curve.factor:g} times the texts."
    if curve.multiple_high is None:
        ends = f"{curve.multiple_low:.1f} to more than {curve.factor:g}"
    else:
        ends = f"{curve.multiple_low:.1f} to {curve.multiple_high:.1f}"
    return (
        f"By the learning curve of the {name} it takes about {curve.multiple:.1f} times the texts "
        f"({ends}, {curve.level:.0%})."
    )
