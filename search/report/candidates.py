"""The candidates of a study in words: which wins, by how much, what it costs, and how much is luck.

Owns the wording; the numbers are those of the contest.
"""

from collections.abc import Mapping

from ..metrics.comparison import Comparison, ComparisonResult
from ..trial.candidate import AUTO, MILLISECONDS, Candidate, Contest, Kind
from ..trial.objective import MACRO_F1, VAL_LOSS, Objective
from .tables import format_value

COLUMNS = {
    "candidate": "candidate",
    "name": "name",
    "val_loss": "val_loss",
    "f1_macro": "f1_macro",
    "parameters": "parameters",
    MILLISECONDS: "ms a text",
}
"""Headings of the table of candidates."""
_NAMES = {
    Kind.NETWORK: "the best network",
    Kind.BASELINE: "the linear baseline",
    Kind.ENSEMBLE: "the ensemble",
}
HEADING = "Candidates, chosen on one half of validation and scored on the other:"
"""Above the table of candidates."""
_NO_ENSEMBLE = "There is no ensemble: no average of these models is better than one of them alone."
_STANDINGS: Mapping[ComparisonResult, str] = {
    ComparisonResult.BEATS: "ahead of",
    ComparisonResult.TIES: "level with",
    ComparisonResult.LOSES: "behind",
}


def name_candidate(candidate: Candidate) -> str:
    """Name a candidate in a sentence: "the best network (#3 gru 64)"."""
    if candidate.kind is Kind.ENSEMBLE:
        return f"the {candidate.name}"
    return f"{_NAMES[candidate.kind]} ({candidate.name})"


def format_cell(candidate: Candidate, column: str) -> str:
    """Write a cell of the table of candidates."""
    match column:
        case "candidate":
            return candidate.kind.value
        case "name":
            return candidate.name
        case "parameters":
            return f"{candidate.n_parameters:,}"
        case _ if column == MILLISECONDS:
            return f"{candidate.metrics[MILLISECONDS]:.2g}"
        case _:
            return format_value(candidate.metrics.get(column))


def describe_winner(contest: Contest, objective: Objective, winner: str = AUTO) -> list[str]:
    """Say which candidate wins, and how much of its lead may be luck.

    Args:
        contest: of the study.
        objective: the first one.
        winner: one of WINNERS.

    Raises:
        StudyError: there is no candidate of that kind.
    """
    said = describe_contest(contest, objective, winner)
    is_chosen = contest.find(winner).kind is contest.winner
    return said + (describe_optimism(contest, objective) if is_chosen else [])


def describe_contest(contest: Contest, objective: Objective, winner: str = AUTO) -> list[str]:
    """Say which candidate wins, against the best of the others, and what it costs.

    Args:
        contest: of the study.
        objective: the first one.
        winner: one of WINNERS.

    Raises:
        StudyError: there is no candidate of that kind.
    """
    chosen = contest.find(winner)
    others = [candidate for candidate in contest.candidates if candidate is not chosen]
    word = "Winner" if chosen.kind is contest.winner else "Chosen"
    if not others:
        return [f"{word}: {name_candidate(chosen)}; there is no other candidate.", *contest.notes]
    rival = min(others, key=lambda other: objective.cost(other.metrics[objective.metric]))
    comparison = contest.compare(chosen.kind, rival.kind)
    standing = "" if comparison is None else ", " + _describe_standing(comparison, objective, rival)
    measures = "; ".join(
        f"{words} {chosen.metrics[measure.metric]:.4f} against {rival.metrics[measure.metric]:.4f}"
        for words, measure in (("validation loss", VAL_LOSS), ("macro F1", MACRO_F1))
    )
    return [
        f"{word}: {name_candidate(chosen)}{standing}: {measures}. {_describe_cost(chosen, rival)}",
        *([] if any(c.kind is Kind.ENSEMBLE for c in contest.candidates) else [_NO_ENSEMBLE]),
        *contest.notes,
    ]


def describe_optimism(contest: Contest, objective: Objective) -> list[str]:
    """Say how much better the winner looks than it is, and what that leaves out; [] if unknown."""
    optimism = contest.optimism
    if optimism is None:
        return []
    amount = objective.cost(optimism.expected) - objective.cost(optimism.value)
    said = [
        f"Optimism of the selection: {amount:.4f}. The winner has {objective.name} "
        f"{optimism.value:.4f} on the texts it was chosen by; on other texts expect "
        f"{optimism.expected:.4f} ({optimism.low:.4f} to {optimism.high:.4f} on as many texts, "
        f"{optimism.level:.0%}; {optimism.n_resamples} samples). Best epochs, which networks are "
        "kept, and the strength of the linear baseline were chosen on the same texts, which this "
        "does not cover."
    ]
    if optimism.within:
        pronoun = "it" if len(optimism.within) == 1 else "them"
        said.append(
            f"Not worse by more than that: {' and '.join(optimism.within)}. "
            f"The winner's lead over {pronoun} may be luck."
        )
    return said


def _describe_standing(comparison: Comparison, objective: Objective, rival: Candidate) -> str:
    """Say how the winner stands against another candidate, by the first objective."""
    # A comparison has the sign of a loss; that of F1 is turned round. 0.0 makes -0.0 a 0.
    difference, *ends = (
        objective.cost(value) + 0.0
        for value in (comparison.difference, comparison.low, comparison.high)
    )
    return (
        f"{_STANDINGS[comparison.result]} {_NAMES[rival.kind]} (a difference in {objective.name} "
        f"of {difference:+.4f}, {min(ends):+.4f} to {max(ends):+.4f}, {comparison.level:.0%})"
    )


def _describe_cost(chosen: Candidate, rival: Candidate) -> str:
    here, there = (
        f"{candidate.n_parameters:,} parameters and {candidate.metrics[MILLISECONDS]:.2g} ms a text"
        for candidate in (chosen, rival)
    )
    return f"It costs {here}, {_NAMES[rival.kind]} {there}."
