"""Greedy selection of an ensemble from models whose predictions are kept.

Owns the order in which models are added, and when that ends. Does not know how a mixture is judged.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..metrics.matrices import Bools, Counts, Floats

MAX_MEMBERS = 6
"""Different models in an ensemble, unless another number is given."""
N_STEPS = 25
"""Models that are added at most, repeats included: a weight is 1 / 25 or more."""
PATIENCE = 5
"""Models in a row after which the selection ends if none of them made a better mixture."""


_LEAST_GAIN = 1e-6
"""Share of the cost by which a mixture must be better to count as better."""


class Criterion(Protocol):
    """Judges mixtures of models on some texts."""

    def costs(self, counts: Counts, allowed: Bools) -> Floats:
        """Judge the mixtures that one more model would make.

        Args:
            counts: how often each model is in the mixture so far, int64, (m,).
            allowed: models that may be added, bool, (m,).

        Returns:
            Less is better, float64, (m,); infinite for a model that is not allowed.
        """


def select(
    criterion: Criterion,
    n_parameters: Sequence[int],
    *,
    may_join: Bools | None = None,
    max_members: int = MAX_MEMBERS,
    max_parameters: int | None = None,
) -> Floats:
    """Select models with weights whose average is best (Caruana et al. 2004, Ensemble Selection).

    In each step the model is added that makes the best mixture; a model may be added again. Of all
    steps the best mixture is taken, the smallest of equal ones. Of equal models the first is added.

    Args:
        criterion: judges the mixtures.
        n_parameters: of each model, (m,).
        may_join: models that may be selected, bool, (m,); None for all.
        max_members: different models at most, 1 or more.
        max_parameters: sum over the different models at most; None for any.

    Returns:
        Weights of the models, at least 0, sum 1, float64, (m,). All are 0 where no model may be
        selected.
    """
    sizes = np.asarray(n_parameters, np.int64)
    may_join = np.ones(len(sizes), np.bool_) if may_join is None else may_join
    counts = np.zeros(len(sizes), np.int64)
    best, best_cost = counts.copy(), np.inf
    for _ in range(N_STEPS if sizes.size else 0):
        if counts.sum() - best.sum() >= PATIENCE:
            break
        is_in = counts > 0
        allowed = is_in | (may_join & (is_in.sum() < max_members))
        if max_parameters is not None:
            allowed &= is_in | (sizes[is_in].sum() + sizes <= max_parameters)
        if not allowed.any():
            break
        costs = criterion.costs(counts, allowed)
        added = int(costs.argmin())
        counts[added] += 1
        # The same mixture in other words differs by rounding.
        if best_cost == np.inf or costs[added] < best_cost - _LEAST_GAIN * abs(best_cost):
            best, best_cost = counts.copy(), float(costs[added])
    weights: Floats = best / max(1, best.sum())
    return weights
