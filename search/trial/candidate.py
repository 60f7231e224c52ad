"""What a search can end with, compared on validation: network, linear baseline or ensemble.

Owns these values and the rule that chooses the winner. What they are compared by is measured in
the room candidates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..errors import StudyError
from ..metrics.comparison import Comparison
from .arguments import check_known
from .objective import Objective

TOLERANCE = 0.005
"""Share of the best value by which another candidate counts as equally good."""
PARAMETERS, MILLISECONDS = "parameters", "milliseconds_per_text"
"""Names of the metrics that say what a candidate costs."""


class Kind(StrEnum):
    """The kinds of candidates."""

    NETWORK = "network"
    """The best network."""
    BASELINE = "baseline"
    """The linear baseline."""
    ENSEMBLE = "ensemble"
    """A weighted average of networks, or of networks and the linear baseline."""


AUTO = "auto"
WINNERS = (AUTO, *(kind.value for kind in Kind))
"""What may be asked for as the winner: a kind, or AUTO for the rule."""


@dataclass(frozen=True, slots=True)
class Component:
    """A model of a candidate."""

    name: str
    """As on the leaderboard."""
    run_id: str
    """Of the run where its weights are kept."""
    weight: float = 1.0
    """Its share in the average, above 0; all shares of a candidate sum to 1."""
    number: int | None = None
    """Of its trial; None for the linear baseline."""


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A network, the linear baseline or an ensemble, with its crossed measures.

    Crossed: all that is chosen by validation was chosen on one half of it and measured on the
    other, both ways round.
    """

    kind: Kind
    components: tuple[Component, ...]
    """At least one; only an ensemble has several."""
    metrics: Mapping[str, float]
    """Crossed, on validation; and what it costs: parameters, and milliseconds a text."""
    run_id: str = ""
    """Of its run in MLflow."""

    def __repr__(self) -> str:
        return f"<Candidate {self}>"

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}: val_loss {self.metrics['val_loss']:.4f}"

    @property
    def name(self) -> str:
        """Its name for a person."""
        if self.kind is Kind.ENSEMBLE:
            return f"ensemble of {len(self.components)} models"
        return self.components[0].name

    @property
    def key(self) -> str:
        """What tells it from other candidates, also of other searches of the study: its models."""
        return " + ".join(f"{c.weight:.4g} {c.run_id}" for c in self.components)

    @property
    def n_parameters(self) -> int:
        """Weights of all its models."""
        return int(self.metrics[PARAMETERS])

    @property
    def expense(self) -> float:
        """Parameters times milliseconds a text: by this the cheaper of two candidates is known."""
        return self.metrics[PARAMETERS] * self.metrics[MILLISECONDS]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two candidates compared text by text, by the first objective."""

    kinds: tuple[Kind, Kind]
    comparison: Comparison
    """Of the first against the second, as a loss: negative where the first is better."""


@dataclass(frozen=True, slots=True)
class Optimism:
    """By how much the winner looks better than it is, because it was chosen on these texts."""

    value: float
    """The winner's value of the objective on all of validation."""
    expected: float
    """Its value to be expected on other texts."""
    low: float
    """Lower end of the interval of its value on another set of as many texts."""
    high: float
    level: float
    """Share of such sets whose value is in the interval, in (0, 1)."""
    n_resamples: int
    within: tuple[str, ...] = ()
    """Names of simpler or earlier models whose value is worse by no more than the optimism."""


@dataclass(frozen=True, slots=True)
class SealedReading:
    """What a candidate came to on the test split."""

    name: str
    """Of the candidate."""
    metrics: Mapping[str, float]
    """At the thresholds of validation; the loss with its interval, `loss_low` to `loss_high`."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The candidates of a study, compared."""

    candidates: tuple[Candidate, ...]
    """At least one, each of another kind."""
    winner: Kind
    """That AUTO chooses."""
    pairings: tuple[Pairing, ...] = ()
    """Each two candidates, in their order."""
    optimism: Optimism | None = None
    """Of the winner that AUTO chooses; None where it was not measured."""
    basis: str = ""
    """What was compared: where the study has a different one now, the candidates are stale."""
    notes: tuple[str, ...] = ()
    """Sentences for the user: which models are left out, and why."""

    def find(self, winner: str = AUTO) -> Candidate:
        """Find the winner.

        Args:
            winner: one of WINNERS.

        Raises:
            StudyError: there is no candidate of that kind.
        """
        check_known("winner", winner, WINNERS)
        kind = self.winner if winner == AUTO else Kind(winner)
        found = next((c for c in self.candidates if c.kind is kind), None)
        if found is None:
            there = ", ".join(candidate.kind for candidate in self.candidates)
            raise StudyError(
                f"expected a candidate of the kind {kind}, there is only: {there}"
                + "".join(f". {note}" for note in self.notes).removesuffix("."),
                "Choose one of these, or run more trials.",
                parameter="winner",
            )
        return found

    def compare(self, one: Kind, other: Kind) -> Comparison | None:
        """Compare two candidates, as a loss; None where there is no such pair."""
        for pairing in self.pairings:
            if pairing.kinds == (one, other):
                return pairing.comparison
            if pairing.kinds == (other, one):
                return pairing.comparison.reversed()
        return None


def find_cheapest(values: Sequence[float], expenses: Sequence[float], objective: Objective) -> int:
    """Find the cheapest of those whose value is within TOLERANCE of the best; return its place.

    Of equally cheap ones the first is taken.

    Args:
        values: of the objective, at least one.
        expenses: of each.
        objective: a measure of quality.

    Raises:
        ValueError: there is no value.
    """
    best = min(values, key=objective.cost)
    slack = TOLERANCE * abs(best)
    good = [i for i, v in enumerate(values) if objective.cost(v) <= objective.cost(best) + slack]
    return min(good, key=lambda place: expenses[place])
