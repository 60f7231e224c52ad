from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from search.candidates.selection import N_STEPS, select
from search.metrics.matrices import Bools, Counts, Floats


class Given:
    """Judges mixtures by a function of their weights."""

    def __init__(self, cost: Callable[[Floats], float]) -> None:
        self.cost = cost

    def costs(self, counts: Counts, allowed: Bools) -> Floats:
        found = np.full(len(counts), np.inf)
        for model in np.flatnonzero(allowed):
            added = counts + (np.arange(len(counts)) == model)
            found[model] = self.cost(added / added.sum())
        return found


def nearest_to(*weights: float) -> Given:
    """Judge mixtures by their distance to these weights."""
    return Given(lambda mixed: float(((mixed - np.array(weights)) ** 2).sum()))


def mixture_loss(weights: Floats, probabilities: Floats, labels: Floats) -> float:
    mixed = weights @ probabilities
    return float(-np.log(np.where(labels == 1, mixed, 1 - mixed)).mean())


PROBABILITIES = np.array(
    [[0.9, 0.2, 0.8, 0.4, 0.3], [0.3, 0.1, 0.9, 0.2, 0.6], [0.6, 0.4, 0.4, 0.1, 0.9]]
)
LABELS = np.array([1, 0, 1, 0, 1])


def test_three_models_come_near_the_best_weights_of_all() -> None:
    grid = [
        np.array(w) / N_STEPS for w in product(range(N_STEPS + 1), repeat=3) if sum(w) == N_STEPS
    ]
    best = min(mixture_loss(w, PROBABILITIES, LABELS) for w in grid)
    found = select(Given(lambda w: mixture_loss(w, PROBABILITIES, LABELS)), [1, 1, 1])
    assert mixture_loss(found, PROBABILITIES, LABELS) == pytest.approx(best, rel=1e-3)
    assert found.sum() == pytest.approx(1.0)


def test_weights_of_the_lattice_are_found_exactly() -> None:
    assert select(nearest_to(0.5, 0.25, 0.25), [1, 1, 1]).tolist() == [0.5, 0.25, 0.25]


def test_a_weight_is_a_share_of_at_most_as_many_steps_as_there_are() -> None:
    found = select(nearest_to(0.02, 0.98), [1, 1])
    assert found.tolist() == [0.0, 1.0]
    assert select(nearest_to(0.04, 0.96), [1, 1]).tolist() in ([0.04, 0.96], [0.0, 1.0])


def test_of_equal_models_the_first_is_taken_alone() -> None:
    assert select(Given(lambda weights: 0.5), [1, 1, 1]).tolist() == [1.0, 0.0, 0.0]


def test_a_single_model_has_all_the_weight() -> None:
    assert select(nearest_to(1.0), [1]).tolist() == [1.0]


def test_no_model_has_no_weights() -> None:
    assert select(Given(lambda weights: 0.5), []).shape == (0,)


def test_a_model_that_is_best_alone_stays_alone() -> None:
    assert select(nearest_to(0.0, 0.0, 1.0), [1, 1, 1]).tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("n_members", [1, 2, 3])
def test_no_more_models_join_than_asked_for(n_members: int) -> None:
    found = select(nearest_to(0.4, 0.3, 0.2, 0.1), [1] * 4, max_members=n_members)
    assert np.flatnonzero(found).tolist() == list(range(n_members))


def test_the_parameters_of_different_models_are_summed_up_once_each() -> None:
    sizes = [60, 50, 40]
    # The first and the third have 100 parameters, the second does not fit beside the first.
    found = select(nearest_to(0.4, 0.35, 0.25), sizes, max_parameters=100)
    assert found[1] == 0.0
    assert found[0] > found[2] > 0.0


def test_a_model_that_is_too_large_alone_never_joins() -> None:
    assert select(nearest_to(0.9, 0.1), [101, 100], max_parameters=100).tolist() == [0.0, 1.0]
    assert select(nearest_to(0.9, 0.1), [101, 102], max_parameters=100).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("may_join", "weights"),
    [
        ([False, True, True], [0.0, 0.5, 0.5]),
        ([False, False, True], [0.0, 0.0, 1.0]),
        ([False, False, False], [0.0, 0.0, 0.0]),
    ],
)
def test_only_those_join_that_may(may_join: Any, weights: list[float]) -> None:
    assert select(nearest_to(0.8, 0.1, 0.1), [1] * 3, may_join=np.array(may_join)).tolist() == (
        weights
    )


def test_the_best_mixture_of_all_steps_is_taken_and_not_the_last() -> None:
    # One model is best; two in a mixture are worse the longer it goes on.
    found = select(Given(lambda weights: 1.0 - weights.max()), [1, 1])
    assert found.tolist() == [1.0, 0.0]


def test_sizes_beyond_32_bits_are_summed_up() -> None:
    sizes = [2**33, 2**33]
    assert np.count_nonzero(select(nearest_to(0.5, 0.5), sizes, max_parameters=2**34)) == 2
    assert np.count_nonzero(select(nearest_to(0.5, 0.5), sizes, max_parameters=2**34 - 1)) == 1
