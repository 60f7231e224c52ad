from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Int
from search.space.hyperparameters import DEFAULTS, Value
from search.space.point import (
    find_point_problems,
    list_active_names,
    list_fixed_values,
    reduce_point,
)
from tests.space.messages import check_messages

DIMENSIONS = {
    "recurrent_layers": Dimension(Int(1, 3)),
    "units_2": Dimension(Int(8, 64), (Condition.parse("recurrent_layers", ">= 2"),)),
    "units_3": Dimension(Int(8, 64), (Condition.parse("units_2", ">= 32"),)),
    "padding": Dimension(Fixed("post")),
    "convolution_filters": Dimension(Categorical((0, 32))),
}
ORDER = tuple(DIMENSIONS)


def complete(**changes: Value) -> dict[str, Value]:
    return {**DEFAULTS, "padding": "post", **changes}


def problem_texts(values: dict[str, Value], doubtful: frozenset[str] = frozenset()) -> list[str]:
    return [str(problem) for problem in find_point_problems(DIMENSIONS, ORDER, values, doubtful)]


def test_fixed_values_are_known_at_every_point() -> None:
    assert list_fixed_values(DIMENSIONS) == {"padding": "post"}
    assert "padding" in list_active_names(DIMENSIONS, ORDER, {})


def test_children_of_what_is_inactive_are_inactive() -> None:
    values = {"recurrent_layers": 1, "units_2": 64}
    always = ("recurrent_layers", "padding", "convolution_filters")
    assert list_active_names(DIMENSIONS, ORDER, values) == always


def test_a_configuration_is_reduced_to_what_is_searched() -> None:
    values = complete(recurrent_layers=2, units_2=16, convolution_filters=32)
    assert reduce_point(DIMENSIONS, values) == {
        "recurrent_layers": 2,
        "units_2": 16,
        "convolution_filters": 32,
    }


def test_values_that_differ_where_the_space_has_no_choice_stay() -> None:
    values = complete(padding="pre", units_3=8, cell="gru")
    point = reduce_point(DIMENSIONS, values)
    assert point == {
        "recurrent_layers": 1,
        "convolution_filters": 0,
        "padding": "pre",
        "units_3": 8,
        "cell": "gru",
    }
    check_messages(
        problem_texts(point),
        "cell: ...not in the space...lstm...gru",
        "units_3: ...left out unless units_2 >= 32",
        "padding: ...post...pre",
    )


def test_a_value_that_no_network_can_have_is_reported() -> None:
    # As values of a file, 32 and 32.0 are the same.
    check_messages(
        problem_texts({"recurrent_layers": 1, "convolution_filters": 32.0}),
        "convolution_filters: ...whole number...32",
    )


def test_of_what_is_doubtful_bounds_alone_are_judged() -> None:
    values: dict[str, Value] = {"recurrent_layers": 1, "convolution_filters": 0, "units_3": 65}
    doubtful = frozenset({"units_2"})
    check_messages(problem_texts(values, doubtful), "units_3: ...8 to 64...65")
