import inspect
from typing import Any

import optuna
import pytest

from search.engines.methods import (
    KINDS,
    PRUNERS,
    SAMPLERS,
    TUNERS,
    Method,
    complete_options,
    find_method,
    parse_options,
)
from search.errors import StudyError

CLASSES: dict[str, Any] = {
    "tpe": optuna.samplers.TPESampler,
    "random": optuna.samplers.RandomSampler,
    "qmc": optuna.samplers.QMCSampler,
    "cmaes": optuna.samplers.CmaEsSampler,
    "gp": optuna.samplers.GPSampler,
    "nsgaii": optuna.samplers.NSGAIISampler,
    "median": optuna.pruners.MedianPruner,
    "successive-halving": optuna.pruners.SuccessiveHalvingPruner,
    "hyperband": optuna.pruners.HyperbandPruner,
}
METHODS = [(kind, name) for kind, methods in KINDS.items() for name in methods]


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_the_options_are_arguments_that_optuna_takes(name: str) -> None:
    method: Method = (SAMPLERS | PRUNERS)[name]  # type: ignore[operator]
    assert set(method.options) <= set(inspect.signature(CLASSES[name]).parameters)


@pytest.mark.parametrize(("kind", "name"), METHODS)
def test_every_default_is_a_value_of_its_option(kind: str, name: str) -> None:
    complete_options(kind, name, KINDS[kind][name].defaults)


def test_an_option_without_a_default_is_left_to_the_library() -> None:
    assert set(SAMPLERS["nsgaii"].options) - set(SAMPLERS["nsgaii"].defaults) == {"mutation_prob"}


def test_options_are_read_in_their_types() -> None:
    texts = ["n_startup_trials=12", "multivariate=false"]
    assert parse_options("sampler", "tpe", texts) == {
        "n_startup_trials": 12,
        "multivariate": False,
    }
    assert parse_options("tuner", "bayesian", ["beta=3"]) == {"beta": 3.0}
    assert parse_options("sampler", "qmc", ["qmc_type=halton"]) == {"qmc_type": "halton"}
    assert parse_options("pruner", "median", []) == {}


@pytest.mark.parametrize(
    ("kind", "name", "text", "message", "hint"),
    [
        ("sampler", "tpe", "12", "expected KEY=VALUE, got '12'", "Such as"),
        ("sampler", "tpe", "n_startup=12", "tpe has no option 'n_startup'", "n_startup_trials"),
        ("sampler", "grid", "seed=1", "grid has no option 'seed'", "none at all"),
        ("sampler", "tpe", "n_startup_trials=-1", "must be from 0 to 10000, got -1", "at random"),
        ("sampler", "tpe", "n_startup_trials=2.5", "must be a whole number, got 2.5", "at random"),
        ("sampler", "tpe", "multivariate=1", "must be one of true, false, got 1", "jointly"),
        ("sampler", "qmc", "qmc_type=sobel", "must be one of sobol, halton, got sobel", "sequence"),
        ("pruner", "patient", "min_delta=nan", "must be from 0 to 100, got nan", "too little"),
        ("pruner", "median", "interval_steps=", "must be a whole number, got", "two looks"),
        ("tuner", "hyperband", "factor=1", "factor: must be from 2 to 100, got 1", "One trial"),
    ],
    ids=[
        "no-equals",
        "unknown",
        "no-options",
        "too-low",
        "no-whole-number",
        "no-boolean",
        "no-choice",
        "no-number",
        "empty",
        "tuner",
    ],
)
def test_an_option_that_is_none_is_refused(
    kind: str, name: str, text: str, message: str, hint: str
) -> None:
    with pytest.raises(StudyError, match=message) as refused:
        complete_options(kind, name, parse_options(kind, name, [text]))
    assert hint in refused.value.hint
    assert refused.value.parameter == f"{kind}_options"


def test_an_option_stands_once() -> None:
    texts = ["n_ei_candidates=3", "n_ei_candidates=4"]
    with pytest.raises(StudyError, match="n_ei_candidates twice"):
        parse_options("sampler", "tpe", texts)


@pytest.mark.parametrize(
    ("kind", "name", "nearest"),
    [
        ("sampler", "tpee", "Nearest: tpe."),
        ("sampler", "nsga2", "Nearest: nsgaii."),
        ("sampler", "cma-es", "Nearest: cmaes."),
        ("pruner", "meridian", "Nearest: median."),
        ("pruner", "sha", "hyperband, median, none, patient, successive-halving"),
        ("tuner", "bayes", "Nearest: bayesian."),
    ],
    ids=["tpee", "nsga2", "cma-es", "meridian", "sha", "bayes"],
)
def test_an_unknown_name_is_refused_with_the_nearest(kind: str, name: str, nearest: str) -> None:
    with pytest.raises(StudyError, match=f"expected one of .*, got '{name}'") as refused:
        find_method(kind, name)
    assert refused.value.parameter == kind
    assert nearest in refused.value.hint


def test_options_of_a_store_are_checked_as_well() -> None:
    with pytest.raises(StudyError, match="alpha: must be from 1e-10 to 1, got 2"):
        complete_options("tuner", "bayesian", {"alpha": 2.0})
    assert set(TUNERS) == {"hyperband", "bayesian", "random"}
