"""A study in words. Owns what is said at its end and in MLflow's description of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..metrics.learning_curves import LearningCurves
from ..store.stored_study import StoredStudy
from ..trial.baseline import LINEAR, Baseline
from ..trial.candidate import AUTO, Contest, Kind
from ..trial.confirmation import Confirmation, find_best_network, list_equals, list_rivals
from ..trial.objective import Objective, Objectives
from ..trial.ranking import count_done, pareto_front
from ..trial.state import TrialState
from ..trial.trial import Trial
from .candidates import describe_winner
from .leaderboard import format_markdown, insert_others, place, take_best
from .leaderboard_row import LeaderboardRow
from .reach import Reach
from .studies import WORDS
from .tables import format_value

_N_SHOWN = 20
_STANDINGS = {"beats": "beats", "ties": "ties with", "loses": "loses to"}
_STATES = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL, TrialState.RUNNING)
"""In the order in which they are counted."""


@dataclass(frozen=True)
class Summary:
    """What a study has come to.

    It has no slots, so that best network and front are found once: with ten thousand trials each
    takes a tenth of a second.
    """

    stored: StoredStudy
    """Its settings and its results besides trials."""
    trials: Sequence[Trial]
    """By number."""

    @property
    def study(self) -> str:
        """Its name."""
        return self.stored.name

    @property
    def baselines(self) -> Sequence[Baseline]:
        """What the trials are compared with."""
        return self.stored.baselines

    @property
    def confirmations(self) -> Mapping[int, Confirmation]:
        """Fresh seeds by the trial's number; incomplete ones are not used."""
        return self.stored.confirmations

    @cached_property
    def objectives(self) -> Objectives:
        """What the study searches for."""
        return self.stored.settings.objectives

    @property
    def objective(self) -> Objective:
        """The first objective, by which trials are ordered."""
        return self.objectives.first

    @property
    def trained(self) -> list[Trial]:
        """The trials that are or were trained here: neither refused nor reused."""
        return [trial for trial in self.trials if not (trial.is_refused or trial.is_reused)]

    @cached_property
    def front(self) -> Sequence[Trial]:
        """With several objectives the trials of the Pareto front; else none."""
        return pareto_front(self.trials, self.objectives) if self.objectives.are_several else []

    @cached_property
    def best(self) -> Trial | None:
        """The best network so far; where it was confirmed, with the value of its middle seed."""
        return find_best_network(self.trials, self.objective, self.confirmations)

    @property
    def basis(self) -> str:
        """What the candidates are chosen from: models that can win, the limit, the baselines."""
        confirmed = sum(entry.is_complete for entry in self.confirmations.values())
        n_trials = sum(trial.can_win for trial in self.trials)
        runs = ", ".join(baseline.run_id for baseline in self.baselines)
        limit = self.stored.settings.max_parameters
        return f"{n_trials} trials, {confirmed} confirmed, limit {limit}, baselines {runs}"

    @property
    def contest(self) -> Contest | None:
        """The candidates as they were compared last; None where there are other models now."""
        contest = self.stored.contest
        return contest if contest is not None and contest.basis == self.basis else None

    @property
    def reach(self) -> Reach:
        """Whether the target can be reached, and from what that follows."""
        linear = self.stored.linear
        return Reach(
            self.stored.settings,
            best=None if self.best is None else self.best.value,
            baseline_loss=None if linear is None else linear.metrics["val_loss"],
            comparison=None if self.best is None else self.best.comparison,
            curves=self._curves_of_best,
        )

    def rows(self) -> list[LeaderboardRow]:
        """List trials, baselines and the ensemble as the leaderboard has them.

        The best network comes first, then the other complete trials by their value, then pruned
        ones, then those beyond a limit of the study, then the others by number. With several
        objectives the Pareto front comes before the other trials. Baselines and the ensemble stand
        where they rank. Trials that were refused or reused, and so never trained, are left out.
        """
        on_front = {trial.number for trial in self.front}
        fresh = {n: entry for n, entry in self.confirmations.items() if entry.is_complete}
        rows = [
            LeaderboardRow(
                trial,
                self.objective,
                self.study,
                is_on_front=trial.number in on_front if self.objectives.are_several else None,
                confirmation=fresh.get(trial.number),
            )
            for trial in self.trained
        ]
        best = None if self.best is None else self.best.number
        rows.sort(key=lambda row: (row.number != best, place(row)))
        others = [LeaderboardRow(baseline, self.objective) for baseline in self.baselines]
        contest = self.contest
        for candidate in () if contest is None else contest.candidates:
            if candidate.kind is Kind.ENSEMBLE:
                others.append(LeaderboardRow(candidate, self.objective, self.study))
        return insert_others(rows, others)

    def sentences(self) -> list[str]:
        """Say what was found, how it compares with the baseline, and what the target means."""
        said = [self._count()]
        best, settings = self.best, self.stored.settings
        if best is None:
            return [*said, self._say_nothing_won()]
        said.append(f"Best network: {best.label} with {self.objective.name} {best.value:.4f}.")
        said += self._say_front()
        said += self._say_confirmed(best) + self._say_baseline(best) + self.reach.sentences()
        said.append(f"The label priors alone give a validation loss of {settings.prior_loss:.4f}.")
        if settings.floor is not None:
            said.append(
                f"No model can get below {settings.floor:.4f}, which is known because the data are "
                "generated."
            )
        return said

    def describe_winner(self, winner: str = AUTO) -> list[str]:
        """Say which candidate wins, and how much of its lead may be luck; [] before that is known.

        Args:
            winner: one of WINNERS.

        Raises:
            StudyError: there is no candidate of that kind.
        """
        contest = self.contest
        return [] if contest is None else describe_winner(contest, self.objective, winner)

    def markdown(self) -> str:
        """Write the whole study as Markdown: the sentences and the leaderboard."""
        table = format_markdown(take_best(self.rows(), _N_SHOWN))
        said = [" ".join(self.sentences()), *self.describe_winner(), table]
        return f"## {self.study}\n\n" + "\n\n".join(said) + "\n"

    @property
    def _curves_of_best(self) -> LearningCurves | None:
        """The curves, where they are the best network's and were asked about this target."""
        curves, best = self.stored.curves, self.best
        if curves is None or best is None or curves.trial != best.number:
            return None
        return curves if curves.network.target == self.stored.settings.target else None

    def _say_front(self) -> list[str]:
        """Name the trials between which the objectives alone do not choose."""
        if not self.objectives.are_several:
            return []
        listed = (f"{t.label} ({', '.join(map(format_value, t.values))})" for t in self.front)
        return [f"Pareto front of {', '.join(self.objectives.names)}: {'; '.join(listed)}."]

    def _say_nothing_won(self) -> str:
        max_gap = self.stored.settings.fingerprint.max_gap
        if max_gap is not None and count_done(self.trials):
            return f"No complete trial has a gap of at most {max_gap:g}, so none can win."
        return "No trial is complete yet."

    def _say_confirmed(self, best: Trial) -> list[str]:
        rivals = list_rivals(self.trials, self.objective, self.confirmations)
        confirmation = next((entry for entry in rivals if entry.number == best.number), None)
        if confirmation is None:
            return []
        said = [
            f"This is the median of {len(confirmation.values)} trainings with fresh seeds "
            f"({_spread(confirmation)}): the best of many trials looks better than it is, values "
            "of fresh seeds do not."
        ]
        labels = {trial.number: trial.label for trial in self.trials}
        equal = [e for e in list_equals(rivals, self.objective) if e.number != best.number]
        if equal:
            listed = ", ".join(f"{labels[e.number]} ({_spread(e)})" for e in equal)
            said.append(f"Equally good with fresh seeds: {listed}.")
        return said

    def _say_baseline(self, best: Trial) -> list[str]:
        comparison = best.comparison
        if comparison is None:
            return []
        # A comparison has the sign of a loss; that of F1 is turned round.
        difference, *ends = map(
            self.objective.cost, (comparison.difference, comparison.low, comparison.high)
        )
        return [
            f"It {_STANDINGS[comparison.result]} {LINEAR}: a difference of {difference:+.4f} "
            f"({min(ends):+.4f} to {max(ends):+.4f}, {comparison.level:.0%})."
        ]

    def _count(self) -> str:
        """Count the trials by how they ended."""
        states = [trial.state for trial in self.trained if not trial.is_interrupted]
        counts = {WORDS[state]: states.count(state) for state in _STATES}
        counts["interrupted"] = sum(trial.is_interrupted for trial in self.trials)
        counts["refused as too large"] = sum(trial.is_refused for trial in self.trials)
        counts["reused from earlier trials"] = sum(trial.is_reused for trial in self.trials)
        parts = [f"{count} {word}" for word, count in counts.items() if count]
        return f"Trials: {', '.join(parts) or 'none'}."


def _spread(confirmation: Confirmation) -> str:
    n_diverged = sum(retraining.has_diverged for retraining in confirmation.retrainings)
    diverged = f", {n_diverged} diverged" if n_diverged else ""
    return f"{confirmation.mean:.4f} ± {confirmation.spread:.4f}{diverged}"
