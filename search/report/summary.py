"""A study in words. Owns what is said of it at its end and in MLflow's description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..engines.trials import TrialRecord, TrialState
from ..metrics.comparison import Comparison, Standing
from ..study.confirmation import Confirmation, equals_of
from ..study.objectives import Objectives
from ..study.standing import front_of, is_as_good, n_done, rivals_of, winner_of
from ..training.history import Objective
from .baseline import LINEAR, BaselineRecord
from .leaderboard import Row, as_markdown, cell, leaderboard
from .learning_curves import LearningCurves
from .reach import Reach

_N_SHOWN = 20
_STANDINGS = {
    Standing.BEATS: "beats",
    Standing.TIES: "ties with",
    Standing.LOSES: "loses to",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a study has come to."""

    study: str
    objectives: Objectives
    target: float | None
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    floor: float | None
    """Irreducible loss, where it is known."""
    records: Sequence[TrialRecord]
    forced_loss: float = 0.0
    """Validation loss that equal texts with different labels force on any model."""
    leaks: bool = False
    """Whether the texts name their labels."""
    max_gap: float | None = None
    """Gap up to which a trial can win; None for any."""
    baselines: Sequence[BaselineRecord] = ()
    confirmations: Mapping[int, Confirmation] = field(default_factory=dict)
    """Fresh seeds by the trial's number; those that are not whole say nothing yet."""
    curves: LearningCurves | None = None
    """Of the trial that was the best when they were measured."""

    @property
    def objective(self) -> Objective:
        """The first objective, by which trials are ordered."""
        return self.objectives.first

    @property
    def front(self) -> list[TrialRecord]:
        """With several objectives the trials that no other dominates; else none."""
        return front_of(self.records, self.objectives) if self.objectives.are_several else []

    @property
    def best(self) -> TrialRecord | None:
        """The winner so far; where it was confirmed, with the value of its middle seed."""
        return winner_of(self.records, self.objective, self.confirmations)

    @property
    def comparison(self) -> Comparison | None:
        """The winner against the linear baseline; None where it was not compared."""
        best = self.best
        compared = None if best is None else best.facts.get("against_baseline")
        return None if compared is None else Comparison.from_dict(compared)

    @property
    def reach(self) -> Reach:
        """What can be said of the target."""
        best, curves = self.best, self._curves_of_best()
        linear = next((b for b in self.baselines if b.name == LINEAR), None)
        return Reach(
            objective=self.objective,
            target=self.target,
            best=None if best is None else best.value,
            prior_loss=self.prior_loss,
            leaks=self.leaks,
            forced_loss=self.forced_loss,
            floor=self.floor,
            baseline_loss=None if linear is None else linear.metrics["val_loss"],
            comparison=self.comparison,
            network=None if curves is None else curves.network,
            baseline=None if curves is None else curves.linear,
        )

    def rows(self) -> list[Row]:
        """List trials and baselines as the leaderboard has them, the winner first."""
        best = self.best
        return leaderboard(
            self.records,
            self.objectives,
            baselines=self.baselines,
            confirmations={n: entry for n, entry in self.confirmations.items() if entry.is_whole},
            winner=None if best is None else best.number,
        )

    def sentences(self) -> list[str]:
        """Say what was found, how it stands against the baseline, and what the target means."""
        said = [self._count()]
        best = self.best
        if best is None:
            return [*said, self._say_nothing_won()]
        said.append(f"Best: {best.facts.get('name')} with {self.objective.value} {best.value:.4f}.")
        said += self._say_front()
        said += self._say_confirmed(best) + self._say_baseline() + self._say_target()
        said.append(f"The label priors alone give a validation loss of {self.prior_loss:.4f}.")
        if self.floor is not None:
            said.append(f"No model can get below {self.floor:.4f}: these data are generated.")
        return said

    def markdown(self) -> str:
        """Write the whole study as Markdown: the sentences and the leaderboard."""
        rows = self.rows()
        trials = [row for row in rows if row["number"] is not None][:_N_SHOWN]
        table = as_markdown(trials + [row for row in rows if row["number"] is None])
        return f"## {self.study}\n\n{' '.join(self.sentences())}\n\n{table}\n"

    def _curves_of_best(self) -> LearningCurves | None:
        """Give the curves where they are the winner's and were asked about this target."""
        curves, best = self.curves, self.best
        if curves is None or best is None or curves.trial != best.number:
            return None
        return curves if curves.network.target == self.target else None

    def _say_front(self) -> list[str]:
        """Name the trials between which the objectives alone do not choose."""
        if not self.objectives.are_several:
            return []
        listed = (
            f"{record.facts.get('name')} ({', '.join(map(cell, record.values))})"
            for record in self.front
        )
        names = ", ".join(self.objectives.names)
        return [
            f"No trial is better in one of {names} and no worse in the others than these: "
            f"{'; '.join(listed)}."
        ]

    def _say_nothing_won(self) -> str:
        if self.max_gap is not None and n_done(self.records):
            return f"No complete trial has a gap of at most {self.max_gap:g}: none can win."
        return "No trial is complete yet."

    def _say_confirmed(self, best: TrialRecord) -> list[str]:
        rivals = rivals_of(self.records, self.objective, self.confirmations)
        confirmation = next((entry for entry in rivals if entry.number == best.number), None)
        if confirmation is None:
            return []
        said = [
            f"That is the middle one of {len(confirmation.values)} fresh seeds, which have "
            f"{_spread(confirmation)}: the best of many trials is flattered by its choice, these "
            "are not."
        ]
        names = {record.number: record.facts.get("name") for record in self.records}
        equal = [e for e in equals_of(rivals, self.objective) if e.number != best.number]
        if equal:
            listed = ", ".join(f"{names.get(e.number)} ({_spread(e)})" for e in equal)
            said.append(f"Equally good, by these seeds: {listed}.")
        return said

    def _say_baseline(self) -> list[str]:
        comparison = self.comparison
        if comparison is None:
            return []
        # The comparison is of losses; F1 was taken from 1.
        sign = 1.0 if self.objective.is_minimized else -1.0
        ends = sorted((sign * comparison.low, sign * comparison.high))
        return [
            f"It {_STANDINGS[comparison.standing]} {LINEAR}: a difference of "
            f"{sign * comparison.difference:+.4f} ({ends[0]:+.4f} to {ends[1]:+.4f}, "
            f"{comparison.level:.0%})."
        ]

    def _say_target(self) -> list[str]:
        if self.target is None or self.reach.verdict is not None:
            return self.reach.sentences()
        value = None if self.best is None else self.best.value
        met = value is not None and is_as_good(value, self.objective, self.target)
        return [f"The target {self.target:g} is {'met' if met else 'not met'}."]

    def _count(self) -> str:
        counted = [r for r in self.records if not (r.is_refused or r.is_cut_off or r.is_reused)]
        states = [record.state for record in counted]
        n_refused = sum(record.is_refused for record in self.records)
        n_cut_off = sum(record.is_cut_off for record in self.records)
        n_reused = sum(record.is_reused for record in self.records)
        parts = [
            f"{states.count(state)} {word}"
            for state, word in (
                (TrialState.COMPLETE, "complete"),
                (TrialState.PRUNED, "pruned"),
                (TrialState.FAIL, "failed"),
                (TrialState.RUNNING, "running"),
            )
            if states.count(state)
        ]
        parts += [f"{n_cut_off} cut off"] if n_cut_off else []
        parts += [f"{n_refused} refused as too large"] if n_refused else []
        parts += [f"{n_reused} known from before"] if n_reused else []
        return f"Trials: {', '.join(parts) or 'none'}."


def _spread(confirmation: Confirmation) -> str:
    n_diverged = sum(retraining.diverged for retraining in confirmation.retrainings)
    diverged = f", {n_diverged} diverged" if n_diverged else ""
    return f"{confirmation.mean:.4f} ± {confirmation.spread:.4f}{diverged}"
