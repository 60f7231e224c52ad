"""A study in words. Owns what is said of it at its end and in MLflow's description."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..engines.trials import TrialRecord, TrialState
from ..study.standing import best_of, is_met
from ..training.history import Objective
from .leaderboard import as_markdown, leaderboard

_N_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """What a study has come to."""

    study: str
    objective: Objective
    target: float | None
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    floor: float | None
    """Irreducible loss, where it is known."""
    records: Sequence[TrialRecord]

    @property
    def best(self) -> TrialRecord | None:
        """The winner so far."""
        return best_of(self.records, self.objective)

    def sentences(self) -> list[str]:
        """Say what was found, whether the target is met, and what there is to compare it with."""
        said = [self._count()]
        best = self.best
        if best is None:
            return [*said, "No trial is complete yet."]
        said.append(f"Best: {best.facts.get('name')} with {self.objective.value} {best.value:.4f}.")
        if self.target is not None:
            met = is_met(self.records, self.objective, self.target)
            said.append(f"The target {self.target:g} is {'met' if met else 'not met'}.")
        said.append(f"The label priors alone give a validation loss of {self.prior_loss:.4f}.")
        if self.floor is not None:
            said.append(f"No model can get below {self.floor:.4f}: these data are generated.")
        return said

    def markdown(self) -> str:
        """Write the whole study as Markdown: the sentences and the leaderboard."""
        rows = leaderboard(self.records, self.objective)[:_N_SHOWN]
        return f"## {self.study}\n\n{' '.join(self.sentences())}\n\n{as_markdown(rows)}\n"

    def _count(self) -> str:
        counted = [r for r in self.records if not (r.is_refused or r.is_cut_off)]
        states = [record.state for record in counted]
        n_refused = sum(record.is_refused for record in self.records)
        n_cut_off = sum(record.is_cut_off for record in self.records)
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
        return f"Trials: {', '.join(parts) or 'none'}."
