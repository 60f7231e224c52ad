from dataclasses import replace

import pytest

from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int, Searched
from search.space.hyperparameters import DEFAULTS, Value
from search.space.problem import ProblemsError
from search.space.space import Space, Start
from tests.space.messages import check_messages

DIMENSIONS = {
    "units_3": Dimension(Int(8, 64), (Condition.parse("units_2", ">= 32"),)),
    "units_2": Dimension(Int(8, 64), (Condition.parse("recurrent_layers", ">= 2"),)),
    "dropout": Dimension(Float(0.0, 0.5)),
    "recurrent_layers": Dimension(Int(1, 3)),
    "padding": Dimension(Fixed("post")),
    "momentum": Dimension(Fixed(0.9), (Condition.parse("optimizer", "sgd"),)),
    "optimizer": Dimension(Categorical(("adam", "sgd"))),
}
POINT: dict[str, Value] = {"recurrent_layers": 2, "units_2": 16, "dropout": 0.1, "optimizer": "sgd"}
SPACE = Space("deep", "Some layers.", DIMENSIONS, (Start("known", POINT),))


def problem_texts(values: dict[str, Value]) -> list[str]:
    return [str(problem) for problem in SPACE.find_problems(values)]


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
    assert set(SPACE.list_active(always_64)) == set(values)


def _complete(**changes: Value) -> dict[str, Value]:
    return {**DEFAULTS, "padding": "post", "momentum": 0.9, **POINT, **changes}


def test_the_searched_part_of_a_configuration_inside_the_space() -> None:
    assert SPACE.find_point(_complete()) == POINT


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"padding": "pre"}, id="another fixed value"),
        pytest.param({"dropout": 0.9}, id="beyond its bounds"),
        pytest.param({"cell": "gru"}, id="not in the space"),
        pytest.param({"units_3": 8}, id="inactive here"),
    ],
)
def test_a_configuration_outside_the_space_is_no_point_of_it(changes: dict[str, Value]) -> None:
    assert SPACE.find_point(_complete(**changes)) is None


def test_a_missing_parent_meets_no_condition() -> None:
    assert SPACE.list_active({}) == ("padding", "recurrent_layers", "dropout", "optimizer")


def test_a_point_may_leave_out_fixed_values_but_not_change_them() -> None:
    assert problem_texts({**POINT, "padding": "post"}) == []
    check_messages(problem_texts({**POINT, "padding": "pre"}), "padding: ...post...pre")


def test_every_problem_of_a_point_is_reported() -> None:
    values: dict[str, Value] = {
        "recurrent_layers": 1,
        "units_2": 16,
        "optimizer": "nadam",
        "droput": 0.1,
    }
    check_messages(
        problem_texts(values),
        "droput: ...not in the space...dropout",
        "units_2: ...left out unless recurrent_layers >= 2",
        "dropout: ...given...0 to 0.5",
        "optimizer: ...adam, sgd...nadam",
    )


def test_children_of_a_wrong_value_are_judged_by_their_bounds_alone() -> None:
    check_messages(
        problem_texts({**POINT, "recurrent_layers": 4}), "recurrent_layers: ...1 to 3...4"
    )
    check_messages(
        problem_texts({**POINT, "recurrent_layers": 4, "units_2": 1})[1:], "units_2: ...8 to 64...1"
    )


def test_all_problems_of_a_space_are_reported_together() -> None:
    with pytest.raises(ProblemsError) as caught:
        Space(
            "my space",
            "",
            {
                "units_1": Dimension(Int(8, 4096)),
                "units_2": Dimension(Int(8, 64), (Condition.parse("layers", 2),)),
                "dense_units": Dimension(Int(8, 64), (Condition.parse("dense_units", 8),)),
            },
            (Start("a", {"units_1": 4, "units_2": 1}), Start("a", {"units_1": 8})),
        )
    check_messages(
        caught.value.problems,
        "name: ...letters, digits, - and _...my space",
        "starts[1].name: ...differ...a",
        "hyperparameters.units_1.high: ...1 to 1024...4096",
        "hyperparameters.units_2.when.layers: ...hyperparameter...dense_units, units_1, units_2",
        "hyperparameters.dense_units.when: ...cycle...dense_units -> dense_units",
        "starts[0].values.units_1: ...8 to 4096...4",
        "starts[0].values.units_2: ...8 to 64...1",
    )


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
        pytest.param(replace(SPACE, starts=()), id="no start"),
        pytest.param(
            replace(SPACE, starts=(Start("known", {**POINT, "dropout": 0.2}),)), id="another start"
        ),
        pytest.param(
            replace(SPACE, hyperparameters={**DIMENSIONS, "dropout": Dimension(Float(0.0, 0.6))}),
            id="another range",
        ),
        pytest.param(
            replace(SPACE, hyperparameters={**DIMENSIONS, "padding": Dimension(Fixed("pre"))}),
            id="another fixed value",
        ),
        pytest.param(
            replace(
                SPACE,
                hyperparameters={
                    **DIMENSIONS,
                    "units_3": Dimension(Int(8, 64), (Condition.parse("units_2", "> 32"),)),
                },
            ),
            id="another condition",
        ),
    ],
)
def test_different_searches_have_different_hashes(changed: Space) -> None:
    assert changed.hash != SPACE.hash


def test_the_hash_ignores_the_order_of_conditions_and_of_their_values() -> None:
    def compute_hash(*conditions: Condition) -> str:
        dimensions = {
            "cell": Dimension(Categorical(("lstm", "gru", "simple_rnn"))),
            "recurrent_layers": Dimension(Int(1, 3)),
            "dropout": Dimension(Float(0.0, 0.5), conditions),
        }
        return Space("a", "", dimensions).hash

    cells, layers = (
        Condition.parse("cell", ["lstm", "gru"]),
        Condition.parse("recurrent_layers", [2, 3]),
    )
    whole = compute_hash(cells, layers)
    assert compute_hash(Condition.parse("cell", ["gru", "lstm"]), layers) == whole
    assert compute_hash(cells, Condition.parse("recurrent_layers", [3, 2])) == whole
    assert compute_hash(layers, cells) == whole
    assert compute_hash(Condition.parse("cell", ["lstm", "simple_rnn"]), layers) != whole


@pytest.mark.parametrize(
    ("dimensions", "highest"),
    [
        pytest.param({"dense_units": Dimension(Int(8, 48))}, 48.0, id="int"),
        pytest.param(
            {
                "dense_units": Dimension(Int(8, 48), (Condition.parse("recurrent_layers", "> 1"),)),
                "recurrent_layers": Dimension(Int(1, 3)),
            },
            48.0,
            id="int with a condition",
        ),
        pytest.param({"dense_units": Dimension(Fixed(24))}, 24.0, id="fixed"),
        pytest.param({"dense_units": Dimension(Categorical((100, 320, 16)))}, 320.0, id="choices"),
        pytest.param({"dropout": Dimension(Float(0.0, 0.5))}, 0.0, id="not in the space: default"),
    ],
)
def test_the_highest_value_of_a_hyperparameter_is_that_of_its_range(
    dimensions: dict[str, Dimension], highest: float
) -> None:
    # The catalogue's default is 0: no dense layer.
    assert Space("a", "", dimensions).find_highest("dense_units") == highest


def test_the_highest_value_of_real_numbers_may_be_a_fraction() -> None:
    halves = Space("a", "", {"dropout": Dimension(Categorical((0, 0.5, 0.25)))})
    assert halves.find_highest("dropout") == 0.5
    assert SPACE.find_highest("dropout") == 0.5
    assert SPACE.find_highest("momentum") == 0.9


def test_a_space_counts_what_it_holds() -> None:
    assert SPACE.searched == ("units_3", "units_2", "dropout", "recurrent_layers", "optimizer")
    assert SPACE.fixed == {"padding": "post", "momentum": 0.9}
    assert SPACE.conditional == ("units_3", "units_2", "momentum")
    assert len(SPACE.left_at_default) == 44 - 7


def test_what_no_trial_could_have_is_refused() -> None:
    losses = Dimension(Categorical(("focal", "distribution_balanced")))
    with pytest.raises(ProblemsError, match=r"^hyperparameters\.class_weighting: .*none"):
        Space("a", "", {"class_weighting": Dimension(Fixed("sqrt")), "training_loss": losses})
