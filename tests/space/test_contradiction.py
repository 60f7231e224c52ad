from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from search.space.condition import Condition
from search.space.contradiction import FORBIDDEN, contradictions
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE, Hyperparameters

LOSS = Categorical(("cross_entropy", "distribution_balanced"))
WEIGHTING = Categorical(("none", "sqrt"))


def dimension(distribution: Distribution, when: Mapping[str, object] | None = None) -> Dimension:
    conditions = (Condition.of(parent, written) for parent, written in (when or {}).items())
    return Dimension(distribution, tuple(conditions))


def told(dimensions: dict[str, Dimension], *doubtful: str) -> list[str]:
    return [str(problem) for problem in contradictions(dimensions, set(doubtful))]


def test_what_is_forbidden_is_what_the_catalogue_refuses_of_any_two_choices() -> None:
    kinds = {name: kind.choices for name, kind in CATALOGUE.items() if kind.choices}
    refused = set()
    for (one, choices), (other, others) in product(kinds.items(), kinds.items()):
        for values in product(choices, others) if one < other else ():
            try:
                Hyperparameters.of(dict(zip((one, other), values, strict=True)))
            except ValueError:
                refused.add((one, other, *values))
    assert refused == {
        (pair.name, pair.other, value, pair.other_value)
        for pair in FORBIDDEN
        for value in CATALOGUE[pair.name].choices
        if value != pair.value
    }


@pytest.mark.parametrize(
    ("weighting", "loss"),
    [
        (dimension(Fixed("sqrt")), dimension(LOSS)),
        (dimension(WEIGHTING), dimension(LOSS)),
        (dimension(WEIGHTING), dimension(Fixed("distribution_balanced"))),
        (dimension(WEIGHTING, {"cell": "gru"}), dimension(LOSS, {"cell": ["gru", "lstm"]})),
        (dimension(WEIGHTING, {"units_1": "> 32"}), dimension(LOSS, {"units_1": "< 34"})),
    ],
)
def test_values_that_no_trial_may_have_together_are_told(
    weighting: Dimension, loss: Dimension
) -> None:
    dimensions = {
        "class_weighting": weighting,
        "training_loss": loss,
        "cell": dimension(Categorical(("lstm", "gru"))),
        "units_1": dimension(Int(8, 64)),
    }
    assert told(dimensions) == [
        'class_weighting: must be none, or inactive (when: {training_loss: "!= '
        'distribution_balanced"}), where training_loss is distribution_balanced, got '
        f"{weighting.distribution}"
    ]
    assert told(dimensions, "training_loss") == []


@pytest.mark.parametrize(
    ("weighting", "loss"),
    [
        (dimension(Fixed("none")), dimension(LOSS)),
        (dimension(WEIGHTING), dimension(Categorical(("cross_entropy", "focal")))),
        (dimension(WEIGHTING, {"training_loss": "!= distribution_balanced"}), dimension(LOSS)),
        (dimension(WEIGHTING, {"training_loss": "cross_entropy"}), dimension(LOSS)),
        (dimension(WEIGHTING, {"cell": "gru"}), dimension(LOSS, {"cell": "lstm"})),
        (dimension(WEIGHTING, {"units_1": "> 32"}), dimension(LOSS, {"units_1": "< 33"})),
    ],
)
def test_values_that_never_meet_are_allowed(weighting: Dimension, loss: Dimension) -> None:
    dimensions = {
        "class_weighting": weighting,
        "training_loss": loss,
        "cell": dimension(Categorical(("lstm", "gru"))),
        "units_1": dimension(Int(8, 64)),
    }
    assert told(dimensions) == []


def test_one_that_the_space_leaves_out_has_its_default_and_clashes_with_nothing() -> None:
    assert told({"class_weighting": dimension(Fixed("sqrt"))}) == []
    assert told({"training_loss": dimension(Fixed("distribution_balanced"))}) == []


def test_conditions_that_exclude_those_of_a_parent_are_told() -> None:
    dimensions = {
        "cell": dimension(Categorical(("lstm", "gru"))),
        "reset_after": dimension(Categorical((True, False)), {"cell": "gru"}),
        "momentum": dimension(Float(0, 0.9), {"reset_after": True, "cell": "lstm"}),
    }
    assert told(dimensions) == [
        "momentum.when: must be possible with its parents' conditions: cell is lstm and cell is gru"
    ]
    assert told(dimensions, "cell") == []


@pytest.mark.parametrize(
    ("parent", "one", "other", "is_possible"),
    [
        (Int(1, 3), ">= 2", "< 3", True),
        (Int(1, 3), "> 2", "< 3", False),
        (Int(1, 4), "> 1", "< 3", True),
        (Int(0, 9, step=3), "> 3", "< 6", False),
        (Int(0, 9, step=3), "> 2", "< 4", True),
        (Float(0, 1), "> 0.5", "< 0.51", True),
        (Float(0, 1), "> 0.5", "<= 0.5", False),
        (Float(0, 1), ">= 0.5", "<= 0.5", True),
        (Float(0, 1, step=0.1), "> 0.2", "< 0.4", True),
        (Float(0, 1, step=0.5), "> 0.5", "< 1", False),
        (Categorical((0, 32, 64)), "> 0", "!= 32", True),
        (Categorical((0, 32)), "> 0", "!= 32", False),
        (Fixed(2), ">= 2", "!= 2", False),
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
    assert (told(dimensions) == []) is is_possible
