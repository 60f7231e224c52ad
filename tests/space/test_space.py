from dataclasses import replace

import pytest

from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int, Searched
from search.space.hyperparameters import DEFAULTS, Value
from search.space.problem import Refused
from search.space.space import Space, Start

DIMENSIONS = {
    "units_3": Dimension(Int(8, 64), (Condition.of("units_2", ">= 32"),)),
    "units_2": Dimension(Int(8, 64), (Condition.of("recurrent_layers", ">= 2"),)),
    "dropout": Dimension(Float(0.0, 0.5)),
    "recurrent_layers": Dimension(Int(1, 3)),
    "padding": Dimension(Fixed("post")),
    "momentum": Dimension(Fixed(0.9), (Condition.of("optimizer", "sgd"),)),
    "optimizer": Dimension(Categorical(("adam", "sgd"))),
}
POINT: dict[str, Value] = {"recurrent_layers": 2, "units_2": 16, "dropout": 0.1, "optimizer": "sgd"}
SPACE = Space("deep", "Some layers.", DIMENSIONS, (Start("known", POINT),))


def _told(values: dict[str, Value]) -> list[str]:
    return [str(problem) for problem in SPACE.problems_of(values)]


def test_suggest_asks_parents_first_and_only_for_active_searched_hyperparameters() -> None:
    asked: list[tuple[str, Searched]] = []

    def suggest(name: str, distribution: Searched) -> Value:
        asked.append((name, distribution))
        return POINT[name]

    assert SPACE.suggest(suggest) == {**POINT, "padding": "post", "momentum": 0.9}
    assert [name for name, _ in asked] == ["recurrent_layers", "units_2", "dropout", "optimizer"]
    assert asked[0][1] == Int(1, 3)


def test_what_hangs_on_an_inactive_hyperparameter_is_inactive() -> None:
    always_64 = {**POINT, "recurrent_layers": 1, "optimizer": "adam", "units_2": 64, "units_3": 8}
    values = SPACE.suggest(lambda name, _: always_64[name])
    assert set(values) == {"padding", "recurrent_layers", "dropout", "optimizer"}
    assert set(SPACE.active(always_64)) == set(values)


def _complete(**changes: Value) -> dict[str, Value]:
    return {**DEFAULTS, "padding": "post", "momentum": 0.9, **POINT, **changes}


def test_the_searched_part_of_a_configuration_inside_the_space() -> None:
    assert SPACE.point_of(_complete()) == POINT


@pytest.mark.parametrize(
    "changes",
    [
        # A fixed one otherwise, one beyond its bounds, one that the space does not have, and one
        # that is inactive here.
        {"padding": "pre"},
        {"dropout": 0.9},
        {"cell": "gru"},
        {"units_3": 8},
    ],
)
def test_a_configuration_outside_the_space_is_no_point_of_it(changes: dict[str, Value]) -> None:
    assert SPACE.point_of(_complete(**changes)) is None


def test_a_missing_parent_meets_no_condition() -> None:
    assert SPACE.active({}) == ("padding", "recurrent_layers", "dropout", "optimizer")


def test_a_point_may_leave_out_fixed_values_but_not_change_them() -> None:
    assert _told({**POINT, "padding": "post"}) == []
    assert _told({**POINT, "padding": "pre"}) == ["padding: must be post, the fixed value, got pre"]


def test_every_problem_of_a_point_is_told() -> None:
    values: dict[str, Value] = {
        "recurrent_layers": 1,
        "units_2": 16,
        "optimizer": "nadam",
        "droput": 0.1,
    }
    assert _told(values) == [
        "droput: is not in the space; nearest: dropout",
        "units_2: must be left out unless recurrent_layers >= 2",
        "dropout: must be given (0 to 0.5)",
        "optimizer: must be one of adam, sgd, got nadam",
    ]


def test_children_of_a_wrong_value_are_judged_by_their_bounds_alone() -> None:
    assert _told({**POINT, "recurrent_layers": 4}) == [
        "recurrent_layers: must be from 1 to 3, got 4"
    ]
    assert _told({**POINT, "recurrent_layers": 4, "units_2": 1})[1:] == [
        "units_2: must be from 8 to 64, got 1"
    ]


def test_all_problems_of_a_space_are_told_at_once() -> None:
    with pytest.raises(Refused) as caught:
        Space(
            "my space",
            "",
            {
                "units_1": Dimension(Int(8, 4096)),
                "units_2": Dimension(Int(8, 64), (Condition.of("layers", 2),)),
                "dense_units": Dimension(Int(8, 64), (Condition.of("dense_units", 8),)),
            },
            (Start("a", {"units_1": 4, "units_2": 1}), Start("a", {"units_1": 8})),
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "name: must be letters, digits, - and _, got my space",
        "starts[1].name: must differ from other starts, got a again",
        "hyperparameters.units_1.high: must be from 1 to 1024, got 4096",
        "hyperparameters.units_2.when.layers: must name another hyperparameter of the space; "
        "known: dense_units, units_1, units_2",
        "hyperparameters.dense_units.when: must not close a circle, got dense_units -> dense_units",
        "starts[0].values.units_1: must be from 8 to 4096, got 4",
        "starts[0].values.units_2: must be from 8 to 64, got 1",
    ]


def test_the_hash_ignores_names_description_order_and_fixed_values_of_starts() -> None:
    same_search = Space(
        "other",
        "Other words.",
        dict(reversed(DIMENSIONS.items())),
        (Start("renamed", {**POINT, "padding": "post"}),),
    )
    assert same_search.hash == SPACE.hash
    assert same_search.order == SPACE.order
    whole = replace(SPACE, hyperparameters={**DIMENSIONS, "dropout": Dimension(Float(0, 0.5))})
    assert whole.hash == SPACE.hash


@pytest.mark.parametrize(
    "changed",
    [
        replace(SPACE, starts=()),
        replace(SPACE, starts=(Start("known", {**POINT, "dropout": 0.2}),)),
        replace(SPACE, hyperparameters={**DIMENSIONS, "dropout": Dimension(Float(0.0, 0.6))}),
        replace(SPACE, hyperparameters={**DIMENSIONS, "padding": Dimension(Fixed("pre"))}),
        replace(
            SPACE,
            hyperparameters={
                **DIMENSIONS,
                "units_3": Dimension(Int(8, 64), (Condition.of("units_2", "> 32"),)),
            },
        ),
    ],
)
def test_the_hash_tells_searches_apart(changed: Space) -> None:
    assert changed.hash != SPACE.hash


def test_a_space_counts_what_it_holds() -> None:
    assert SPACE.searched == ("units_3", "units_2", "dropout", "recurrent_layers", "optimizer")
    assert SPACE.fixed == {"padding": "post", "momentum": 0.9}
    assert SPACE.conditional == ("units_3", "units_2", "momentum")
    assert len(SPACE.left_at_default) == 44 - 7


def test_what_no_trial_could_have_is_refused() -> None:
    losses = Dimension(Categorical(("focal", "distribution_balanced")))
    with pytest.raises(Refused, match=r"^hyperparameters\.class_weighting: must be none, or"):
        Space("a", "", {"class_weighting": Dimension(Fixed("sqrt")), "training_loss": losses})
