"""The candidates of a study, scored on crossed halves of validation and compared.

Whatever validation chooses here (the best network, the members and weights of the ensemble, the
thresholds) is chosen on one half and scored on the other, both ways round. Chosen on all of
validation, before, were best epochs, the strength of the linear baseline, and which networks are
kept and can be members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ..metrics.comparison import Comparison, compare, compare_macro_f1, text_losses
from ..metrics.matrices import Bools, Floats, Singles
from ..metrics.predictions import choose
from ..metrics.scores import score
from ..metrics.thresholds import UNTUNED, best_thresholds, mark_first_half
from ..trial.candidate import (
    MILLISECONDS,
    PARAMETERS,
    Candidate,
    Contest,
    Kind,
    Pairing,
    find_cheapest,
)
from .models import Models, one_thread


@dataclass(frozen=True, slots=True, eq=False)
class Entrant:
    """A candidate with what it predicts for validation."""

    candidate: Candidate
    weights: Floats
    """Of the members, chosen on all of validation, float64, (m,)."""
    probabilities: Singles
    """Of each half by what was chosen on the other, float32, (n, L)."""
    predictions: Bools
    """At thresholds of the other half, bool, (n, L)."""


def enter_candidates(models: Models) -> list[Entrant]:
    """Choose and score a candidate of each kind; those that there are.

    An ensemble of a single model is none.
    """
    with one_thread():
        entrants = [_enter(models, kind) for kind in Kind]
    return [entrant for entrant in entrants if entrant is not None]


def compare_candidates(entrants: Sequence[Entrant], models: Models, *, seed: int) -> Contest:
    """Compare candidates, and find the winner by the rule.

    The rule: the lowest crossed loss, or highest crossed F1; of those within half a percent of it
    the cheapest. Candidates with more parameters than allowed win only where all have more.

    Args:
        entrants: at least one.
        models: they were chosen from.
        seed: of the bootstrap.
    """
    most = models.max_parameters
    fitting = [e.candidate for e in entrants if most is None or e.candidate.n_parameters <= most]
    rivals = fitting or [entrant.candidate for entrant in entrants]
    values = [candidate.metrics[models.objective.metric] for candidate in rivals]
    place = find_cheapest(values, [c.expense for c in rivals], models.objective)
    pairings = tuple(
        Pairing((a.candidate.kind, b.candidate.kind), _compare(a, b, models, seed))
        for a, b in combinations(entrants, 2)
    )
    return Contest(tuple(e.candidate for e in entrants), rivals[place].kind, pairings)


def _enter(models: Models, kind: Kind) -> Entrant | None:
    weights = models.choose_best(kind)
    least = 2 if kind is Kind.ENSEMBLE else 1
    if np.count_nonzero(weights) < least:
        return None
    probabilities, predictions = _cross(models, kind)
    scores = score(probabilities, models.labels, models.task, predictions).measured()
    used = [(m, float(w)) for m, w in zip(models.members, weights, strict=True) if w > 0]
    used.sort(key=lambda pair: -pair[1])
    candidate = Candidate(
        kind,
        tuple(replace(model.component, weight=weight) for model, weight in used),
        {"val_loss": scores.pop("loss")}
        | scores
        | {
            PARAMETERS: sum(model.n_parameters for model, _ in used),
            MILLISECONDS: sum(model.milliseconds_per_text for model, _ in used),
        },
    )
    return Entrant(candidate, weights, probabilities, predictions)


def _cross(models: Models, kind: Kind) -> tuple[Singles, Bools]:
    """Predict each half of validation with what the other half chooses."""
    labels = models.labels
    probabilities = np.zeros(labels.shape, np.float32)
    predictions = np.zeros(labels.shape, np.bool_)
    for chosen_on, scored in list_halves(len(labels)):
        mixed = models.mix(models.choose(kind, chosen_on.astype(np.int64)))
        probabilities[scored] = mixed[scored]
        if models.task.is_multiclass:
            predictions[scored] = choose(mixed[scored].astype(np.float64))
        elif len(labels) == 1:
            predictions[scored] = mixed[scored] >= UNTUNED
        else:
            thresholds = best_thresholds(mixed[chosen_on], labels[chosen_on])
            predictions[scored] = mixed[scored].astype(np.float64) >= thresholds
    return probabilities, predictions


def list_halves(n_texts: int) -> list[tuple[Bools, Bools]]:
    """List the halves to choose on and to score, bool, (n_texts,); of a single text all of it."""
    first = mark_first_half(n_texts)
    return [(first, first)] if n_texts == 1 else [(first, ~first), (~first, first)]


def _compare(one: Entrant, other: Entrant, models: Models, seed: int) -> Comparison:
    labels = models.labels
    if models.objective.is_loss:
        pair = [text_losses(e.probabilities, labels, models.task) for e in (one, other)]
        return compare(*pair, seed=seed)
    return compare_macro_f1(one.predictions, other.predictions, labels, seed=seed)
