"""How much of the winner's lead is luck: the optimism of its selection.

Owns the bootstrap by which it is measured. It cannot see what was chosen on the same texts before:
best epochs, and the strength of the linear baseline.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from ..metrics.comparison import LEVEL
from ..metrics.matrices import Counts, Floats, Singles
from ..trial.candidate import Contest, Kind, Optimism, find_cheapest
from .contest import list_halves
from .f1_judge import N_BINS, F1Judge
from .models import Models, one_thread

_N_RESAMPLES = 200
_ENTRIES_OF_ALL = 1.6e9
"""Entries of label matrices that are judged at most; with more texts, labels or models there are
fewer resamples, but at least 40."""
_LEAST_RESAMPLES = 40
_F1_TIMES = 90
"""How much longer an F1 takes than a loss."""

Outcome = Floats | Singles


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """The losses of all trials that can win, also of those whose weights were dropped."""

    losses: Floats
    """Of each validation text, float64, (n_trials, n_validation)."""
    expenses: Floats
    """Parameters times milliseconds a text, float64, (n_trials,)."""


def measure_optimism(
    contest: Contest,
    models: Models,
    *,
    seed: int,
    trials: Trials | None = None,
    simpler: Mapping[str, float] | None = None,
    check: Callable[[], None] = lambda: None,
) -> Optimism:
    """Repeat the whole choice of the winner on resampled texts, and score it on the others.

    This is the bootstrap bias corrected estimate of Tsamardinos et al. (2018, "Bootstrapping the
    out-of-sample predictions for efficient and accurate cross-validation"). The interval is that of
    the winner on another set of as many texts: both this set and that one are samples, so it is
    wider by the root of 2 than the interval of a mean.

    Args:
        contest: whose winner the rule chose.
        models: the contest's.
        seed: of the draws.
        trials: all that can win, for a loss; None for those among the models.
        simpler: the values of simpler or earlier models on validation, by name.
        check: called before each resample; may raise to stop.
    """
    choice = _Choice(contest, models, trials)
    outcome = models.judge.mix(models.choose_best(contest.winner))
    cost = choice.cost(outcome, models.all_texts, models.all_texts)
    n_resamples = _count_resamples(models)
    with one_thread():
        drawn = list(_resample(choice, outcome, seed, n_resamples, check))
    of_winner, of_others = zip(*drawn, strict=True)
    known = [other for other in of_others if other is not None]
    # By chance it may come out lower: nothing says that other texts are easier.
    expected = max(cost, float(np.mean(known or [cost])))
    width = NormalDist().inv_cdf((1.0 + LEVEL) / 2.0) * sqrt(2.0) * float(np.std(of_winner))
    ends = [choice.to_value(expected + sign * width) for sign in (-1.0, 1.0)]
    slack, objective = max(0.0, expected - cost), models.objective
    best = objective.cost(choice.to_value(cost))
    values = (simpler or {}).items()
    return Optimism(
        value=choice.to_value(cost),
        expected=choice.to_value(expected),
        low=max(0.0, min(ends)),
        high=max(ends) if objective.is_loss else min(1.0, max(ends)),
        level=LEVEL,
        n_resamples=n_resamples,
        within=tuple(name for name, value in values if objective.cost(value) - best <= slack),
    )


def _resample(
    choice: "_Choice", outcome: Outcome, seed: int, n_resamples: int, check: Callable[[], None]
) -> Iterator[tuple[float, float | None]]:
    """Draw texts with replacement again and again.

    Yields:
        The cost of the winner on the texts drawn, and the cost of what they would choose on the
        texts not drawn; None where all were drawn.
    """
    everything = choice.models.all_texts
    generator, n_texts = np.random.default_rng(seed), len(everything)
    for _ in range(n_resamples):
        check()
        n_times = np.bincount(generator.integers(0, n_texts, n_texts), minlength=n_texts)
        of_others = None
        if not n_times.all():
            picked = choice.pick(choice.find_winner(n_times), n_times)[0]
            of_others = choice.cost(picked, n_times, (n_times == 0).astype(np.int64))
        yield choice.cost(outcome, everything, n_times), of_others


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """The choice of the winner, on any texts of validation."""

    contest: Contest
    models: Models
    trials: Trials | None

    def find_winner(self, n_times: Counts) -> Kind:
        """Find the kind that the rule would choose if validation were these texts."""
        most = self.models.max_parameters
        entered = [c for c in self.contest.candidates if most is None or c.n_parameters <= most]
        rivals = {c.kind: self._score(c.kind, n_times) for c in entered or self.contest.candidates}
        scored = {kind: pair for kind, pair in rivals.items() if pair is not None}
        if not scored:
            return self.contest.winner
        values, expenses = zip(*scored.values(), strict=True)
        return list(scored)[find_cheapest(values, expenses, self.models.objective)]

    def pick(self, kind: Kind, n_times: Counts) -> tuple[Outcome, float]:
        """Pick a candidate by some texts; give what is judged of it, and its expense."""
        models = self.models
        if kind is Kind.NETWORK and self.trials is not None:
            best = int((self.trials.losses @ n_times).argmin())
            return self.trials.losses[best], float(self.trials.expenses[best])
        weights = models.choose(kind, n_times)
        return models.judge.mix(weights), models.measure_expense(weights)

    def cost(self, outcome: Outcome, tuned_on: Counts, n_times: Counts) -> float:
        """Compute the loss, or 1 - F1, over texts of which each counts so many times."""
        judge = self.models.judge
        if isinstance(judge, F1Judge):
            return judge.cost(np.asarray(outcome, np.float32), tuned_on, n_times)
        return judge.cost(np.asarray(outcome, np.float64), tuned_on, n_times)

    def to_value(self, cost: float) -> float:
        """Turn a cost into a value of the objective."""
        return cost if self.models.objective.is_loss else 1.0 - cost

    def _score(self, kind: Kind, n_times: Counts) -> tuple[float, float] | None:
        """Score a candidate on crossed halves, with its expense; None where a half is empty."""
        total, expense = 0.0, 0.0
        for chosen_on, scored in list_halves(len(n_times)):
            fit, on = n_times * chosen_on, n_times * scored
            if not (fit.any() and on.any()):
                return None
            outcome, expense = self.pick(kind, fit)
            total += self.cost(outcome, fit, on) * on.sum() / n_times.sum()
        return self.to_value(total), expense


def _count_resamples(models: Models) -> int:
    factor = 1 if models.objective.is_loss else _F1_TIMES
    n_texts, n_labels = models.labels.shape
    # An F1 is found in bins, of which there may be more than texts.
    n_rows = n_texts if models.objective.is_loss else max(n_texts, N_BINS)
    entries = len(models.members) * n_rows * n_labels * factor
    return int(np.clip(_ENTRIES_OF_ALL / entries, _LEAST_RESAMPLES, _N_RESAMPLES))
