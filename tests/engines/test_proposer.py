from typing import Any

import pytest

from search.engines.optuna_proposer import OptunaProposer
from search.engines.proposer import describe_limits, make_proposer
from search.engines.strategy import choose_strategy
from search.space.shipped_files import open_space
from search.trial.limits import Limits

GENRE = open_space("genre")
BOTH = Limits(max_parameters=9, max_gap=0.1)


def describe(limits: Limits, *, n_trials: int = 10, n_enqueued: int = 0, **chosen: Any) -> str:
    sentences = describe_limits(
        choose_strategy(**chosen),
        GENRE,
        limits,
        n_epochs=15,
        n_trials=n_trials,
        n_enqueued=n_enqueued,
    )
    return "\n".join(sentences)


def test_nothing_is_said_where_the_engine_can_do_what_was_asked() -> None:
    assert describe(BOTH) == ""
    assert describe(Limits(), sampler="random") == ""


def test_a_sampler_names_the_limits_that_it_does_not_learn_from() -> None:
    described = describe(BOTH, sampler="random")
    assert "sampler random" in described
    assert "gap" in described and "too large" in described
    assert "gap" not in describe(Limits(max_parameters=9), sampler="random")
    assert "too large" not in describe(Limits(max_gap=0.1), sampler="random")


def test_a_sampler_names_what_it_draws_at_random() -> None:
    described = describe(Limits(), sampler="cmaes")
    assert "units_2" in described and "cell" in described and "learning_rate" not in described


@pytest.mark.parametrize(
    ("n_trials", "n_enqueued", "is_cut"),
    [
        pytest.param(33, 0, False, id="one-sweep"),
        pytest.param(63, 0, False, id="two-sweeps"),
        pytest.param(34, 1, False, id="one-sweep-after-a-preset"),
        pytest.param(30, 0, True, id="three-too-few"),
        pytest.param(3, 0, True, id="starts-alone"),
    ],
)
def test_a_total_that_cuts_a_sweep_of_hyperband_short_is_reported(
    n_trials: int, n_enqueued: int, is_cut: bool
) -> None:
    # 15 epochs by thirds: 12 + 4 + 2, 6 + 2 and 4 trials; three starts come first.
    described = describe(Limits(), n_trials=n_trials, n_enqueued=n_enqueued, engine="keras-tuner")
    assert ("30 trials" in described) is is_cut


def test_optuna_proposes_by_default() -> None:
    proposer = make_proposer(choose_strategy(), GENRE, seed=0, n_epochs=15, is_minimized=True)
    assert isinstance(proposer, OptunaProposer)
