import math
from pathlib import Path
from typing import Any

import pytest

from search.engines.strategy import choose_strategy
from search.errors import SpaceError, StudyError
from search.space.shipped_files import open_space
from search.study.plan import (
    AUTO,
    StudyPlan,
    check_name,
    choose_target,
    make_presets,
    make_space,
)
from search.trial.objective import MACRO_F1, Objectives

SMOKE = open_space("smoke")
RANDOM = choose_strategy(sampler="random")


@pytest.mark.parametrize(
    ("fields", "parameter", "found"),
    [
        pytest.param({"n_epochs": 0}, "epochs", "1 or more, got 0", id="no epochs"),
        pytest.param({"n_epochs": 2.5}, "epochs", "whole number .* got 2.5", id="half an epoch"),
        pytest.param({"n_epochs": True}, "epochs", "whole number .* got True", id="epochs a bool"),
        pytest.param({"seed": -1}, "seed", "0 or more, got -1", id="seed"),
        pytest.param({"n_kept": 0}, "keep", "1 or more, got 0", id="nothing kept"),
        pytest.param({"target": math.nan}, "target", "got nan", id="target is NaN"),
        pytest.param({"target": math.inf}, "target", "got inf", id="target is infinite"),
        pytest.param({"start_from": "a/b"}, "start_from", "got 'a/b'", id="name of a study"),
    ],
)
def test_what_is_no_study_is_refused_by_its_parameter(
    fields: dict[str, Any], parameter: str, found: str
) -> None:
    with pytest.raises(StudyError, match=found) as error:
        StudyPlan(SMOKE, **fields)
    assert error.value.parameter == parameter
    assert error.value.hint


def test_the_smallest_study_is_taken() -> None:
    plan = StudyPlan(SMOKE, n_epochs=1, seed=0, n_kept=1, target=0.0)
    assert (plan.n_epochs, plan.seed, plan.n_kept, plan.target) == (1, 0, 1, 0.0)


def test_a_study_searches_for_its_first_objective() -> None:
    assert StudyPlan(SMOKE).objective.is_loss
    assert StudyPlan(SMOKE, Objectives.parse("macro_f1")).objective is MACRO_F1


def test_trials_are_proposed_as_by_default_until_something_is_chosen() -> None:
    assert StudyPlan(SMOKE).has_default_strategy
    assert not StudyPlan(SMOKE, strategy=RANDOM).has_default_strategy


def test_with_several_objectives_the_default_is_another() -> None:
    objectives = Objectives.parse("val_loss,parameters")
    plan = StudyPlan(SMOKE, objectives, strategy=choose_strategy(n_objectives=2))
    assert plan.has_default_strategy


@pytest.mark.parametrize(
    ("objectives", "target"),
    [
        pytest.param("val_loss", 0.05, id="loss"),
        pytest.param("macro_f1", None, id="score"),
        pytest.param("val_loss,parameters", None, id="several"),
    ],
)
def test_the_loss_alone_has_a_target_by_default(objectives: str, target: float | None) -> None:
    assert choose_target(AUTO, Objectives.parse(objectives)) == target


@pytest.mark.parametrize("target", [None, 0.0, 0.3])
def test_a_target_that_is_given_stays(target: float | None) -> None:
    assert choose_target(target, Objectives()) == target
    assert choose_target(target, Objectives.parse("macro_f1")) == target


def test_another_word_is_no_target() -> None:
    with pytest.raises(StudyError, match="got 'low'") as error:
        choose_target("low", Objectives())
    assert error.value.parameter == "target"


@pytest.mark.parametrize("name", ["films", "films-2.1_b", "2"])
def test_a_plain_name_is_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("two words", "letters, digits, .* got 'two words'", id="a space"),
        pytest.param("a/b", "letters, digits, .* got 'a/b'", id="a slash"),
        pytest.param("films\n", "letters, digits, ", id="a line end"),
        pytest.param("", "letters, digits, .* got ''", id="empty"),
        pytest.param("latest", "'latest', which stands for", id="latest"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_by_its_parameter(name: str, message: str) -> None:
    with pytest.raises(StudyError, match=message) as error:
        check_name(name, parameter="fork")
    assert error.value.parameter == "fork"


def test_a_preset_that_is_named_twice_is_enqueued_once() -> None:
    names = [preset.name for preset in make_presets(("genre-rnn", "genre-gru", "genre-rnn"))]
    assert names == ["genre-rnn", "genre-gru"]


def test_a_preset_that_is_not_there_is_refused() -> None:
    with pytest.raises(SpaceError, match="no-such-preset"):
        make_presets(("no-such-preset",))


def test_a_space_changes_only_where_there_are_word_vectors() -> None:
    assert make_space(SMOKE, None) is SMOKE
    assert make_space(SMOKE, Path("vectors.txt")) != SMOKE
