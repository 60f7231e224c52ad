"""What a study needs of an engine. Owns the protocol; knows no Optuna."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..engines.trials import Proposal, TrialRecord, TrialState


class Engine(Protocol):
    """What proposes trials and keeps what came of them."""

    def ask(self) -> Proposal:
        """Propose the next trial; raises SpaceExhausted where there is none."""

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        """Keep facts of a running trial."""

    def constrain(self, number: int, limit: str, excess: float) -> None:
        """Keep by how much a running trial lies beyond a limit; above 0 it is infeasible."""

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        """Take the best value up to an epoch; answer whether to give the trial up."""

    def tell(self, number: int, state: TrialState, values: Sequence[float] | None) -> None:
        """End a trial."""

    def abandon(self, number: int, cause: str) -> None:
        """End a trial that was cut off, and propose the same again later."""

    def records(self) -> list[TrialRecord]:
        """List all trials by number."""

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials whose weights a later trial may go on from."""
