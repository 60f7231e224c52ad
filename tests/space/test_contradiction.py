from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from search.space.condition import Condition
from search.space.contradiction import find_contradictions
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE, Hyperparameters
from tests.space.messages import check_messages

LOSS = Categorical(("cross_entropy", "distribution_balanced"))
WEIGHTING = Categorical(("none", "sqrt"))


def dimension(distribution: Distribution, when: Mapping[str, object] | None = None) -> Dimension:
    conditions = (Condition.parse(parent, written) for parent, written in (when or {}).items())
    return Dimension(distribution, tuple(conditions))


def problem_texts(dimensions: dict[str, Dimension], *doubtful: str) -> list[str]:
    return [str(problem) for problem in find_contradictions(dimensions, set(doubtful))]


def test_what_is_forbidden_is_what_the_catalogue_refuses_of_any_two_choices() -> None:
    kinds = {n: kind.choices for n, kind in CATALOGUE.items() if isinstance(kind, Categorical)}
    refused = set()
    for (one, choices), (other, others) in product(kinds.items(), kinds.items()):
        for values in product(choices, others) if one < other else ():
            try:
                Hyperparameters.from_values(dict(zip((one, other), values, strict=True)))
            except ValueError:
                refused.add((one, other, *values))
    assert refused == {
        ("class_weighting", "training_loss", value, "distribution_balanced")
        for value in set(kinds["class_weighting"]) - {"none"}
    }


@pytest.mark.parametrize(
    ("weighting", "loss"),
    [
        pytest.param(dimension(Fixed("sqrt")), dimension(LOSS), id="fixed weighting"),
        pytest.param(dimension(WEIGHTING), dimension(LOSS), id="both searched"),
        pytest.param(
            dimension(WEIGHTING), dimension(Fixed("distribution_balanced")), id="fixed loss"
        ),
        pytest.param(
            dimension(WEIGHTING, {"cell": "gru"}),
            dimension(LOSS, {"cell": ["gru", "lstm"]}),
            id="conditions with a common value",
        ),
        pytest.param(
            dimension(WEIGHTING, {"units_1": "> 32"}),
            dimension(LOSS, {"units_1": "< 34"}),
            id="ranges that overlap at 33",
        ),
    ],
)
def test_values_that_no_trial_may_have_together_are_reported(
    weighting: Dimension, loss: Dimension
) -> None:
    dimensions = {
        "class_weighting": weighting,
        "training_loss": loss,
        "cell": dimension(Categorical(("lstm", "gru"))),
        "units_1": dimension(Int(8, 64)),
    }
    check_messages(
        problem_texts(dimensions),
        'class_weighting: ...none...when: {training_loss: "!= distribution_balanced"}...'
        f"{weighting.distribution}",
    )
    assert problem_texts(dimensions, "training_loss") == []


@pytest.mark.parametrize(
    ("weighting", "loss"),
    [
        pytest.param(dimension(Fixed("none")), dimension(LOSS), id="no weighting"),
        pytest.param(
            dimension(WEIGHTING),
            dimension(Categorical(("cross_entropy", "focal"))),
            id="no such loss",
        ),
        pytest.param(
            dimension(WEIGHTING, {"training_loss": "!= distribution_balanced"}),
            dimension(LOSS),
            id="not with this loss",
        ),
        pytest.param(
            dimension(WEIGHTING, {"training_loss": "cross_entropy"}),
            dimension(LOSS),
            id="with another loss only",
        ),
        pytest.param(
            dimension(WEIGHTING, {"cell": "gru"}),
            dimension(LOSS, {"cell": "lstm"}),
            id="conditions without a common value",
        ),
        pytest.param(
            dimension(WEIGHTING, {"units_1": "> 32"}),
            dimension(LOSS, {"units_1": "< 33"}),
            id="ranges that do not overlap",
        ),
    ],
)
def test_values_that_never_meet_are_allowed(weighting: Dimension, loss: Dimension) -> None:
    dimensions = {
        "class_weighting": weighting,
        "training_loss": loss,
        "cell": dimension(Categorical(("lstm", "gru"))),
        "units_1": dimension(Int(8, 64)),
    }
    assert problem_texts(dimensions) == []


def test_one_that_the_space_leaves_out_has_its_default_and_clashes_with_nothing() -> None:
    assert problem_texts({"class_weighting": dimension(Fixed("sqrt"))}) == []
    assert problem_texts({"training_loss": dimension(Fixed("distribution_balanced"))}) == []


def test_conditions_that_exclude_those_of_a_parent_are_reported() -> None:
    dimensions = {
        "cell": dimension(Categorical(("lstm", "gru"))),
        "reset_after": dimension(Categorical((True, False)), {"cell": "gru"}),
        "momentum": dimension(Float(0, 0.9), {"reset_after": True, "cell": "lstm"}),
    }
    check_messages(problem_texts(dimensions), "momentum.when: ...cell is lstm and cell is gru")
    assert problem_texts(dimensions, "cell") == []


@pytest.mark.parametrize(
    ("parent", "one", "other", "is_possible"),
    [
        pytest.param(Int(1, 3), ">= 2", "< 3", True, id="int: 2"),
        pytest.param(Int(1, 3), "> 2", "< 3", False, id="int: none above 2 and below 3"),
        pytest.param(Int(1, 4), "> 1", "< 3", True, id="int: 2 between"),
        pytest.param(Int(0, 9, step=3), "> 3", "< 6", False, id="step: none between"),
        pytest.param(Int(0, 9, step=3), "> 2", "< 4", True, id="step: 3 between"),
        pytest.param(Float(0, 1), "> 0.5", "< 0.51", True, id="float: between"),
        pytest.param(Float(0, 1), "> 0.5", "<= 0.5", False, id="float: none above and at most"),
        pytest.param(Float(0, 1), ">= 0.5", "<= 0.5", True, id="float: exactly 0.5"),
        pytest.param(Float(0, 1, step=0.1), "> 0.2", "< 0.4", True, id="float with step: 0.3"),
        pytest.param(
            Float(0, 1, step=0.5), "> 0.5", "< 1", False, id="float with step: none between"
        ),
        pytest.param(Categorical((0, 32, 64)), "> 0", "!= 32", True, id="choices: 64"),
        pytest.param(Categorical((0, 32)), "> 0", "!= 32", False, id="choices: none"),
        pytest.param(Fixed(2), ">= 2", "!= 2", False, id="fixed"),
    ],
)
def test_two_conditions_on_one_parent_are_possible_where_one_value_meets_both(
    parent: Distribution, one: str, other: str, is_possible: bool
) -> None:
    any_parent: dict[str, Any] = {"dense_units": dimension(parent)}
    dimensions = {
        **any_parent,
        "momentum": dimension(Float(0, 0.9), {"dense_units": one}),
        "dropout": dimension(Float(0, 0.9), {"dense_units": other, "momentum": ">= 0"}),
    }
    assert (problem_texts(dimensions) == []) is is_possible
