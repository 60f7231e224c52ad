import importlib.util

import pytest

from search.engines.compatibility import check_strategy
from search.engines.strategy import Strategy, choose_strategy
from search.errors import StudyError
from search.space.distribution import Categorical, Int
from search.space.shipped_files import open_space
from search.space.space import Space
from tests.engines.test_grid import LAYERS, make_space

GENRE = open_space("genre")


def refusal(strategy: Strategy, space: Space = GENRE, *, n_objectives: int = 1) -> StudyError:
    with pytest.raises(StudyError) as refused:
        check_strategy(strategy, space, n_objectives=n_objectives, n_epochs=9)
    return refused.value


def test_several_objectives_cannot_be_pruned() -> None:
    refused = refusal(choose_strategy(pruner="hyperband"), n_objectives=2)
    assert refused.parameter == "pruner"
    assert "hyperband" in refused.message and "several objectives" in refused.message
    assert "`pruner`" in refused.hint


def test_cmaes_takes_one_objective() -> None:
    refused = refusal(Strategy(sampler="cmaes"), n_objectives=2)
    assert refused.parameter == "sampler"
    assert "cmaes takes one objective" in refused.message
    assert "nsgaii" in refused.hint


def test_keras_tuner_takes_one_objective() -> None:
    refused = refusal(choose_strategy(engine="keras-tuner"), n_objectives=2)
    assert refused.parameter == "engine"
    assert "keras-tuner takes one objective" in refused.message
    assert "`objective`" in refused.hint


@pytest.mark.parametrize("sampler", ["tpe", "random", "qmc", "nsgaii"])
def test_other_samplers_take_several_objectives(sampler: str) -> None:
    strategy = choose_strategy(sampler=sampler, n_objectives=2)
    check_strategy(strategy, GENRE, n_objectives=2, n_epochs=9)


def test_a_grid_has_no_continuous_ranges() -> None:
    refused = refusal(Strategy(sampler="grid"))
    assert refused.parameter == "sampler"
    assert "word_dropout, spatial_dropout, dropout, learning_rate" in refused.message
    assert "step" in refused.hint


def test_a_grid_has_points_that_can_be_tried() -> None:
    wide = make_space(units_1=Int(1, 1_000), dense_units=Int(0, 999), cell=Categorical(("gru",)))
    refused = refusal(Strategy(sampler="grid"), wide)
    assert "1,000,000 points, more than 100,000" in refused.message
    assert "units_1 (1,000 values), dense_units (1,000 values)" in refused.hint
    wider = make_space(
        units_1=Int(1, 1_000),
        vocabulary_size=Int(1_000, 100_999),
        units_2=Int(1, 1_000),
        units_3=Int(1, 10),
    )
    assert "about 10^12 points" in refusal(Strategy(sampler="grid"), wider).message
    check_strategy(Strategy(sampler="grid"), LAYERS, n_objectives=2, n_epochs=9)


def test_cmaes_needs_a_number_to_move() -> None:
    refused = refusal(Strategy(sampler="cmaes"), make_space(cell=Categorical(("lstm", "gru"))))
    assert refused.parameter == "sampler"
    assert "small" in refused.message and "ranges of numbers" in refused.message


@pytest.mark.parametrize("pruner", ["hyperband", "successive-halving"])
def test_a_rung_is_no_higher_than_a_trial_is_long(pruner: str) -> None:
    strategy = choose_strategy(pruner=pruner, pruner_options=["min_resource=10"])
    refused = refusal(strategy)
    assert refused.parameter == "pruner_options"
    assert "min_resource" in refused.message
    assert "9" in refused.message and "10" in refused.message
    check_strategy(strategy, GENRE, n_objectives=1, n_epochs=10)


@pytest.mark.parametrize(
    ("sampler", "package"), [("gp", "torch"), ("cmaes", "cmaes")], ids=["gp", "cmaes"]
)
def test_a_missing_package_is_named_with_its_extra(
    sampler: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.compatibility.find_spec", lambda name: None)
    refused = refusal(Strategy(sampler=sampler))
    assert refused.parameter == "sampler"
    assert f"needs the package {package}" in refused.message
    assert f"pip install 'genre-search[{sampler}]'" in refused.hint


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch")
def test_the_gaussian_process_is_accepted_where_torch_is_installed() -> None:
    check_strategy(Strategy(sampler="gp"), GENRE, n_objectives=1, n_epochs=9)
