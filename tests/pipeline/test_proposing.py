from types import SimpleNamespace
from typing import Any, cast

import pytest

from search.engines.strategy import choose_strategy
from search.pipeline.prepared import Prepared
from search.pipeline.proposing import limits_of
from search.space.shipped import open_space
from search.study.settings import Budget


def limits(*, n_epochs: int = 15, budget: Budget, **chosen: Any) -> str:
    request = SimpleNamespace(strategy=choose_strategy(**chosen), budget=budget, n_epochs=n_epochs)
    prepared = SimpleNamespace(request=request, space=open_space("genre"), enqueued=())
    return "\n".join(limits_of(cast(Prepared, prepared)))


def test_of_what_the_engine_can_do_nothing_is_said() -> None:
    assert limits(budget=Budget(10, max_gap=0.1, max_parameters=9)) == ""


def test_a_sampler_that_knows_no_constraints_says_so() -> None:
    said = limits(budget=Budget(10, max_gap=0.1, max_parameters=9), sampler="random")
    assert "--sampler random knows no constraints" in said
    assert "learns nothing of networks refused by --max-parameters" in said


def test_a_sampler_names_what_it_draws_at_random() -> None:
    said = limits(budget=Budget(10), sampler="cmaes")
    assert "units_2" in said and "cell" in said and "learning_rate" not in said


@pytest.mark.parametrize(("n_trials", "is_cut"), [(33, False), (30, True), (3, True), (63, False)])
def test_a_total_that_cuts_a_sweep_of_hyperband_short_is_told(n_trials: int, is_cut: bool) -> None:
    # 15 epochs by thirds: 12 + 4 + 2, 6 + 2 and 4 trials; three starts come first.
    said = limits(budget=Budget(n_trials), engine="keras-tuner")
    assert ("30 trials" in said and "cut one short" in said) is is_cut
