import json
from typing import Any

import pytest

from search.engines.strategy import ENGINES, Strategy, choose_strategy
from search.errors import StudyError


def test_by_default_a_study_uses_tpe_and_the_median() -> None:
    strategy = choose_strategy()
    assert (strategy.engine, strategy.sampler, strategy.pruner) == ("optuna", "tpe", "median")
    assert strategy.sampler_options["n_startup_trials"] == 6
    assert strategy.pruner_options == {
        "n_startup_trials": 3,
        "n_warmup_steps": 2,
        "interval_steps": 1,
        "n_min_trials": 1,
    }


def test_several_objectives_are_not_pruned_by_default() -> None:
    assert choose_strategy(n_objectives=2).pruner == "none"
    assert choose_strategy(n_objectives=2, pruner="median").pruner == "median"


def test_keras_tuner_uses_hyperband_and_no_sampler() -> None:
    strategy = choose_strategy(engine="keras-tuner", tuner_options=["factor=4"])
    assert (strategy.sampler, strategy.pruner, strategy.tuner) == ("", "none", "hyperband")
    assert strategy.tuner_options == {"factor": 4}


def test_options_that_were_not_set_have_their_defaults() -> None:
    strategy = choose_strategy(sampler="nsgaii", sampler_options=["population_size=20"])
    assert strategy.sampler_options == {
        "population_size": 20,
        "crossover_prob": 0.9,
        "swapping_prob": 0.5,
    }


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"sampler": "qmc", "pruner": "hyperband", "pruner_options": ["reduction_factor=2"]},
        {"engine": "keras-tuner", "tuner": "bayesian", "tuner_options": ["alpha=1e-7"]},
    ],
    ids=["default", "optuna", "keras-tuner"],
)
def test_a_strategy_is_the_same_after_json(said: dict[str, Any]) -> None:
    strategy = choose_strategy(**said)
    assert Strategy(**json.loads(json.dumps(strategy.as_dict()))) == strategy


def test_a_strategy_is_checked_when_it_is_made() -> None:
    with pytest.raises(StudyError, match="tpe has no option 'kernel'"):
        Strategy(sampler_options={"kernel": 1})


def test_an_unknown_engine_is_refused_with_the_nearest() -> None:
    message = "expected one of optuna, keras-tuner, got 'keras_tuner'"
    with pytest.raises(StudyError, match=message) as refused:
        choose_strategy(engine="keras_tuner", sampler="tpe")
    assert refused.value.parameter == "engine"
    assert "Nearest: keras-tuner" in refused.value.hint
    assert ENGINES == ("optuna", "keras-tuner")


@pytest.mark.parametrize(
    "said",
    [{"tuner": "random"}, {"tuner_options": ["factor=3"]}, {"engine": "optuna", "tuner": "x"}],
    ids=["tuner", "options", "unknown"],
)
def test_optuna_takes_no_tuner(said: dict[str, Any]) -> None:
    with pytest.raises(StudyError, match="belongs to KerasTuner") as refused:
        choose_strategy(**said)
    assert refused.value.parameter == "tuner"
    assert "`engine`" in refused.value.hint


@pytest.mark.parametrize(
    ("said", "parameter", "message"),
    [
        ({"sampler": "tpe"}, "sampler", "no samplers"),
        ({"sampler_options": ["seed=1"]}, "sampler", "no samplers"),
        ({"pruner": "median"}, "pruner", "cannot prune"),
        ({"pruner_options": ["n_startup_trials=1"]}, "pruner", "cannot prune"),
    ],
    ids=["sampler", "sampler-options", "pruner", "pruner-options"],
)
def test_keras_tuner_takes_no_sampler_and_no_pruner(
    said: dict[str, Any], parameter: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message) as refused:
        choose_strategy(engine="keras-tuner", **said)
    assert refused.value.parameter == parameter
    assert "`tuner` (hyperband, bayesian, random)" in refused.value.hint


def test_options_are_given_as_texts_or_by_name() -> None:
    texts = choose_strategy(sampler_options=["n_startup_trials=2", "multivariate=false"])
    assert texts == choose_strategy(sampler_options={"n_startup_trials": 2, "multivariate": False})


def test_keras_tuner_takes_no_pruning_for_granted() -> None:
    assert choose_strategy(engine="keras-tuner", pruner="none").pruner == "none"


def test_kinds_of_cmaes_exclude_each_other() -> None:
    with pytest.raises(StudyError, match="with_margin and lr_adapt"):
        choose_strategy(sampler="cmaes", sampler_options=["lr_adapt=true", "with_margin=true"])


def test_each_sampler_says_which_limits_it_learns_from() -> None:
    learning = {
        name: (method.learns_gap, method.learns_refusals)
        for name in ("tpe", "nsgaii", "gp", "random", "qmc", "grid", "cmaes")
        for method in [Strategy(sampler=name).method]
    }
    assert learning == {
        "tpe": (True, True),
        "nsgaii": (True, False),
        "gp": (True, False),
        "random": (False, False),
        "qmc": (False, False),
        "grid": (False, False),
        "cmaes": (False, False),
    }
    assert not choose_strategy(engine="keras-tuner").method.learns_gap
