import pytest

from search.space.condition import Condition
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import Value
from tests.space.messages import check_messages

LAYERS = Int(1, 3)
FILTERS = Categorical((0, 32, 64))
WEIGHTING = Categorical(("none", "sqrt"))


@pytest.mark.parametrize(
    ("written", "meets", "fails"),
    [
        pytest.param(2, [2], [1, 3], id="one value"),
        pytest.param([1, 3], [1, 3], [2], id="list of values"),
        pytest.param(">= 2", [2, 3], [1], id="at least"),
        pytest.param("> 0", [32, 0.5], [0, "a", True], id="more than"),
        pytest.param("<= 3", [3, 1], [4], id="at most"),
        pytest.param("<4", [3], [4], id="less than, no space"),
        pytest.param("!= none", ["sqrt"], ["none"], id="not a word"),
        pytest.param("!= true", [False], [True], id="not true"),
        pytest.param("> 0.5", [0.6], [0.5], id="more than a fraction"),
        pytest.param(False, [False], [True, 0], id="false"),
    ],
)
def test_a_written_condition_holds_for_what_it_says(
    written: object, meets: list[Value], fails: list[Value]
) -> None:
    condition = Condition.parse("parent", written)
    assert [condition.holds(value) for value in meets] == [True] * len(meets)
    assert [condition.holds(value) for value in fails] == [False] * len(fails)
    assert Condition.parse("parent", condition.written) == condition


def test_a_number_is_written_with_all_its_digits() -> None:
    condition = Condition("dropout", ">", (0.123456789,))
    assert Condition.parse("dropout", condition.written) == condition


@pytest.mark.parametrize(
    ("written", "parent", "problem"),
    [
        pytest.param(
            ">= 4",
            LAYERS,
            "...(1 to 3)...>= 4",
            id=">= above the range",
        ),
        pytest.param("< 1", LAYERS, "...(1 to 3)...< 1", id="< below the range"),
        pytest.param(
            "> 64",
            FILTERS,
            "...(0, 32, 64)...> 64",
            id="> above all choices",
        ),
        pytest.param(
            ">= 2",
            Fixed(1),
            "...(1)...>= 2",
            id=">= above the fixed value",
        ),
        pytest.param("> sqrt", WEIGHTING, "...(>)...number...sqrt", id="> a word"),
        pytest.param("> 1", WEIGHTING, "...(none, sqrt)...> 1", id="> 1 on words"),
        pytest.param("!= nnoe", WEIGHTING, "...none, sqrt...nnoe", id="!= an unknown word"),
        pytest.param(
            ["none", "inverse"],
            WEIGHTING,
            "...none, sqrt...inverse",
            id="one of two is unknown",
        ),
        pytest.param(4, LAYERS, "...1 to 3...4", id="value outside the range"),
        pytest.param([], LAYERS, "...value...list...an empty list", id="empty list"),
        pytest.param(None, LAYERS, "...value...list...nothing", id="nothing"),
        pytest.param({"a": 1}, LAYERS, "...value...list...a mapping", id="mapping"),
        pytest.param("<= 1e999", LAYERS, "...finite...<= inf", id="<= infinity"),
        pytest.param(float("inf"), LAYERS, "...finite...inf", id="infinity"),
        pytest.param("> nan", LAYERS, "...(>)...number...nan", id="> nan"),
        pytest.param(
            "> 1_000",
            LAYERS,
            "...(>)...number...1_000",
            id="> with an underscore",
        ),
    ],
)
def test_a_condition_that_makes_no_sense_for_its_parent_is_reported(
    written: object, parent: Distribution, problem: str
) -> None:
    check_messages([Condition.parse("parent", written).find_problem(parent)], problem)


@pytest.mark.parametrize(
    ("written", "parent"),
    [(">= 0.5", Float(0, 0.5)), ("> 0", FILTERS), ("sqrt", WEIGHTING)],
    ids=["upper end", "some choices", "one choice"],
)
def test_a_condition_that_its_parent_can_meet_has_no_problem(
    written: object, parent: Distribution
) -> None:
    assert Condition.parse("parent", written).find_problem(parent) == ""


def test_a_condition_reads_as_a_claim() -> None:
    assert str(Condition.parse("cell", ["lstm", "gru"])) == "cell is lstm or gru"
    assert str(Condition.parse("recurrent_layers", ">=2")) == "recurrent_layers >= 2"
