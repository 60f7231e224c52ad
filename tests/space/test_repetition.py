import pytest

from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import CATALOGUE
from search.space.problem import Problem, ProblemCollector
from search.space.repetition import COUNT, FAMILY, MEMBERS, unroll
from tests.space.messages import check_messages

UNITS = Dimension(Int(8, 64, log=True))
LAYERS = Dimension(Int(1, 2))
REPEATED: dict[str, object] = {"units": "recurrent_layers"}


def unrolled(
    written: dict[str, Dimension], counts: dict[str, object] = REPEATED
) -> tuple[dict[str, Dimension], list[Problem]]:
    collector = ProblemCollector()
    dimensions, _ = unroll(written, counts, collector)
    return dimensions, collector.problems


def at_least(i: int) -> Condition:
    return Condition("recurrent_layers", ">=", (i,))


def test_units_are_numbered_and_counted_by_the_layers() -> None:
    members = tuple(name for name in CATALOGUE if name[-1].isdigit())
    assert ("units", members) == (FAMILY, MEMBERS)
    assert CATALOGUE[COUNT] == Int(1, len(members))


def test_an_entry_becomes_one_for_each_layer_in_its_place() -> None:
    written = {"dropout": UNITS, "units": UNITS, "recurrent_layers": LAYERS}
    dimensions, problems = unrolled(written)
    assert problems == []
    assert list(dimensions) == ["dropout", "units_1", "units_2", "recurrent_layers"]
    assert dimensions["units_1"] == UNITS
    assert dimensions["units_2"] == Dimension(UNITS.distribution, (at_least(2),))


def test_conditions_of_the_entry_hold_for_each_layer() -> None:
    is_gru = Condition("cell", "in", ("gru",))
    units = Dimension(UNITS.distribution, (is_gru,))
    dimensions, _ = unrolled({"units": units, "recurrent_layers": LAYERS})
    assert dimensions["units_1"].conditions == (is_gru,)
    assert dimensions["units_2"].conditions == (is_gru, at_least(2))


@pytest.mark.parametrize(
    ("count", "n_members"),
    [
        pytest.param(Int(1, 3), 3, id="int"),
        pytest.param(Int(1, 1), 1, id="int of 1 alone"),
        pytest.param(Fixed(2), 2, id="fixed"),
        pytest.param(Categorical((1, 3)), 3, id="choices"),
        # Another check reports what is wrong with these.
        pytest.param(Int(1, 7), 3, id="too high"),
        pytest.param(Categorical(("lstm", 2)), 2, id="choices with a word"),
        pytest.param(Fixed("lstm"), 3, id="fixed word"),
        pytest.param(Float(1, 2.5), 3, id="float"),
    ],
)
def test_there_are_as_many_as_the_highest_count(count: Distribution, n_members: int) -> None:
    dimensions, problems = unrolled({"units": UNITS, "recurrent_layers": Dimension(count)})
    members = [name for name in dimensions if name.startswith("units_")]
    assert members == ["units_1", "units_2", "units_3"][:n_members]
    assert problems == []


def test_problems_of_what_was_written_out_have_the_place_of_the_file() -> None:
    written = {"units": UNITS, "recurrent_layers": LAYERS}
    _, places = unroll(written, REPEATED, ProblemCollector())
    member, entry = "hyperparameters.units_2", "hyperparameters.units"
    assert places[member] == entry
    assert places[f"{member}.when.recurrent_layers"] == f"{entry}.repeat"


def test_every_wrong_repetition_is_reported() -> None:
    written = {
        "units": Dimension(UNITS.distribution, (at_least(1),)),
        "units_2": UNITS,
        "units_3": UNITS,
        "dropout": UNITS,
        "unit": UNITS,
        "recurrent_layers": LAYERS,
    }
    counts: dict[str, object] = {
        "units": "layers",
        "units_3": "x",
        "dropout": "recurrent_layers",
        "unit": 2,
    }
    dimensions, problems = unrolled(written, counts)
    check_messages(
        problems,
        "hyperparameters.units.repeat: ...recurrent_layers...layers",
        "hyperparameters.units.when.recurrent_layers: ...left out...repeat",
        "hyperparameters.units_2: ...left out...units",
        "hyperparameters.units_3: ...left out...units",
        "hyperparameters.units_3.repeat: ...left out...units",
        "hyperparameters.dropout.repeat: ...left out...units",
        "hyperparameters.unit.repeat: ...left out...units",
    )
    # The rest is checked as if the reported entries were right.
    assert list(dimensions) == ["units_1", "units_2", "dropout", "unit", "recurrent_layers"]


def test_the_problem_of_a_family_without_a_count_says_what_to_add() -> None:
    _, problems = unrolled({"units": UNITS}, {})
    check_messages(
        problems, "hyperparameters.units.repeat: ...recurrent_layers...units_1, units_2, units_3"
    )
