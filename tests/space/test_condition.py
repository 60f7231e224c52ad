import pytest

from search.space.condition import Condition
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import Value

LAYERS = Int(1, 3)
FILTERS = Categorical((0, 32, 64))
WEIGHTING = Categorical(("none", "sqrt"))


@pytest.mark.parametrize(
    ("written", "meets", "fails"),
    [
        (2, [2], [1, 3]),
        ([1, 3], [1, 3], [2]),
        (">= 2", [2, 3], [1]),
        ("> 0", [32, 0.5], [0, "a", True]),
        ("<= 3", [3, 1], [4]),
        ("<4", [3], [4]),
        ("!= none", ["sqrt"], ["none"]),
        ("!= true", [False], [True]),
        ("> 0.5", [0.6], [0.5]),
        (False, [False], [True, 0]),
    ],
)
def test_a_written_condition_holds_for_what_it_says(
    written: object, meets: list[Value], fails: list[Value]
) -> None:
    condition = Condition.of("parent", written)
    assert [condition.holds(value) for value in meets] == [True] * len(meets)
    assert [condition.holds(value) for value in fails] == [False] * len(fails)
    assert Condition.of("parent", condition.written) == condition


def test_a_number_is_written_with_all_its_digits() -> None:
    condition = Condition("dropout", ">", (0.123456789,))
    assert Condition.of("dropout", condition.written) == condition


@pytest.mark.parametrize(
    ("written", "parent", "problem"),
    [
        (">= 4", LAYERS, "must be possible for parent (1 to 3), got >= 4"),
        ("< 1", LAYERS, "must be possible for parent (1 to 3), got < 1"),
        ("> 64", FILTERS, "must be possible for parent (0, 32, 64), got > 64"),
        (">= 2", Fixed(1), "must be possible for parent (1), got >= 2"),
        ("> sqrt", WEIGHTING, "must compare (>) with a number, got sqrt"),
        ("> 1", WEIGHTING, "must be possible for parent (none, sqrt), got > 1"),
        ("!= nnoe", WEIGHTING, "must be one of none, sqrt, got nnoe"),
        (["none", "inverse"], WEIGHTING, "must be one of none, sqrt, got inverse"),
        (4, LAYERS, "must be from 1 to 3, got 4"),
        ([], LAYERS, "must be a value or a list of values, got an empty list"),
        (None, LAYERS, "must be a value or a list of values, got nothing"),
        ({"a": 1}, LAYERS, "must be a value or a list of values, got a mapping"),
        ("<= 1e999", LAYERS, "must compare with finite numbers, got <= inf"),
        (float("inf"), LAYERS, "must compare with finite numbers, got inf"),
        ("> nan", LAYERS, "must compare (>) with a number, got nan"),
        ("> 1_000", LAYERS, "must compare (>) with a number, got 1_000"),
        (">= 0.5", Float(0, 0.5), ""),
        ("> 0", FILTERS, ""),
        ("sqrt", WEIGHTING, ""),
    ],
)
def test_a_condition_that_makes_no_sense_for_its_parent_is_told(
    written: object, parent: Distribution, problem: str
) -> None:
    assert Condition.of("parent", written).problem(parent) == problem


def test_a_condition_reads_as_a_claim() -> None:
    assert str(Condition.of("cell", ["lstm", "gru"])) == "cell is lstm or gru"
    assert str(Condition.of("recurrent_layers", ">=2")) == "recurrent_layers >= 2"
