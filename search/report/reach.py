"""Whether the target can be reached on these data: the verdict, and its sentences.

Owns the rule that turns measurements into one of five verdicts. Measures nothing itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from ..metrics.comparison import Comparison, ComparisonResult
from ..metrics.extrapolation import Extrapolation
from ..metrics.learning_curves import LearningCurves
from ..store.stored_study import StudySettings

LEFT_PRIORS = 0.85
"""A curve that ends above this share of the priors' loss has hardly fallen: it does
not show where it leads (simulated: benchmarks/LOG.md)."""
_NO_CURVES = (
    "There is no learning curve of the best network or the linear baseline. Run the same search "
    "again to measure them; the train split needs at least 80 texts."
)


class TargetVerdict(StrEnum):
    """Whether the target can be reached on these data."""

    REACHED = "reached"
    REACHED_BY_LEAK = "reached, but the texts name their labels"
    WITHIN_REACH = "not reached and within reach"
    OUT_OF_REACH = "out of reach for these models"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True, slots=True)
class Reach:
    """The measurements of a study and its data, and the verdict that follows from them.

    Losses are validation losses in nats, averaged over texts and labels.
    """

    settings: StudySettings
    """Of the study; only the validation loss has a verdict, and without a target there is none."""
    best: float | None
    """Value of the best network, the one that is exported; None before any trial is complete."""
    baseline_loss: float | None = None
    """Loss of the linear baseline; None where it was not fitted."""
    comparison: Comparison | None = None
    """The best network against the linear baseline; None where not compared."""
    curves: LearningCurves | None = None
    """Of the best network and the linear baseline, about this target; None if not measured."""

    @property
    def limit(self) -> float:
        """The loss that no model can get below: forced by repeats, or known of generated data."""
        return max(self.settings.forced_loss, self.settings.floor or 0.0)

    @property
    def verdict(self) -> TargetVerdict | None:
        """One of five; None without a target, or where the objective is not the validation loss.

        - Reached: the loss of the best network, or of the linear baseline, is at most the target.
        - Out of reach: no model can get there (`limit`); or the best network ties with or beats
          the linear baseline and is well below the label priors, and the intervals of both
          learning curves lie above the target at their far end. Where only the baseline's does
          not, the data still allow the target.
        - Cannot tell: the best network loses to the baseline or is hardly below the priors, or the
          curves are missing.
        - Within reach: everything else.
        """
        return self._judge()[0]

    @property
    def lacks_curves(self) -> bool:
        """Whether missing learning curves are all that keeps the verdict open.

        That is so where the best network is well below the priors and does not lose to the linear
        baseline, neither of the two meets the target, and no limit of the data lies above it.
        """
        return self.verdict is TargetVerdict.CANNOT_TELL and not self._say_why_too_early()

    def sentences(self) -> list[str]:
        """Write the verdict in words, with its numbers; without one, whether the target is met.

        [] where there is no target.
        """
        target, (verdict, reasons) = self.settings.target, self._judge()
        if target is None:
            return []
        if verdict is not None:
            return [f"The target {target:g}: {verdict.value}.", *reasons]
        is_met = self.best is not None and self.settings.objectives.first.meets(self.best, target)
        return [f"The target {target:g} is {'met' if is_met else 'not met'}."]

    def _judge(self) -> tuple[TargetVerdict | None, list[str]]:
        """Find the verdict and the sentences that explain it; the first rule that holds decides."""
        target = self.settings.target
        if target is None or not self.settings.objectives.first.is_loss:
            return None, []
        if (single := self._find_single()) is not None and single[1] <= target:
            reached = f"The {single[0]} has a loss of {single[1]:.4f}"
            if not self.settings.leaks:
                return TargetVerdict.REACHED, [f"{reached}."]
            doubt = "which says little about texts that do not name their labels."
            return TargetVerdict.REACHED_BY_LEAK, [f"{reached}, {doubt}"]
        if self.limit > target:
            return TargetVerdict.OUT_OF_REACH, [self._say_limit()]
        if why := self._say_why_too_early():
            return TargetVerdict.CANNOT_TELL, [why]
        if self.curves is None:
            return TargetVerdict.CANNOT_TELL, [_NO_CURVES]
        return _judge_curves(self.curves)

    def _find_single(self) -> tuple[str, float] | None:
        """Find the better of best network and linear baseline: its name and its loss.

        An ensemble of them is not held against the target: it was chosen among many more.
        """
        losses = {"best network": self.best, "linear baseline": self.baseline_loss}
        known = [(name, loss) for name, loss in losses.items() if loss is not None]
        return min(known, key=lambda pair: pair[1], default=None)

    def _say_why_too_early(self) -> str:
        """Say why learning curves would not settle the verdict; empty where they would."""
        if self.best is None:
            return "No trial is complete."
        if self.comparison is None:
            return "The best network has not been compared with the linear baseline."
        if self.comparison.result is ComparisonResult.LOSES:
            losses = ""
            if self.baseline_loss is not None:
                losses = f": {self.best:.4f} against {self.baseline_loss:.4f}"
            return f"The best network loses to the linear baseline{losses}. Run more trials first."
        if self.best > LEFT_PRIORS * self.settings.prior_loss:
            return (
                f"The best network's loss of {self.best:.4f} is hardly below that of the label "
                f"priors, {self.settings.prior_loss:.4f}: its learning curve does not show yet "
                "where it leads."
            )
        return ""

    def _say_limit(self) -> str:
        why = "some texts are repeated with different labels"
        if self.limit == self.settings.floor:
            why = "the data are generated, and some of their labels are wrong"
        return f"No model can get below {self.limit:.4f} here: {why}."


def _judge_curves(curves: LearningCurves) -> tuple[TargetVerdict, list[str]]:
    network, linear = ("best network", curves.network), ("linear baseline", curves.linear)
    if not curves.network.is_beyond:
        return TargetVerdict.WITHIN_REACH, [_say_multiple(*network)]
    if not curves.linear.is_beyond:
        return TargetVerdict.WITHIN_REACH, [f"{_say_multiple(*linear)} Run more trials."]
    return TargetVerdict.OUT_OF_REACH, [_say_end(*network), _say_end(*linear)]


def _say_end(name: str, curve: Extrapolation) -> str:
    return (
        f"With {curve.factor:g} times the texts, the {name} is expected to reach "
        f"{curve.predicted:.4f} ({curve.low:.4f} to {curve.high:.4f}, {curve.level:.0%})."
    )


def _say_multiple(name: str, curve: Extrapolation) -> str:
    """Say with how many times the texts the target is met, as far as the curve reaches."""
    if curve.multiple is None:
        return f"{_say_end(name, curve)} It may take more than {curve.factor:g} times the texts."
    high = curve.multiple_high
    end = f"more than {curve.factor:g}" if high is None else f"{high:.1f}"
    return (
        f"According to the learning curve of the {name}, the target takes about "
        f"{curve.multiple:.1f} times the texts ({curve.multiple_low:.1f} to {end}, "
        f"{curve.level:.0%})."
    )
