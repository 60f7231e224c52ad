import pytest

from search.space.problem import Findings, Problem, Refused, nearest


def test_key_paths_join_with_a_dot_and_indices_without() -> None:
    assert str(Problem("low", "bad").under("units_1")) == "units_1.low: bad"
    assert str(Problem("[2].name", "bad").under("starts")) == "starts[2].name: bad"
    assert str(Problem("", "bad").under("units_1")) == "units_1: bad"
    assert str(Problem("", "bad")) == "bad"


def test_findings_collect_over_several_refusals_and_end_in_one() -> None:
    found = Findings()
    for path in ("a", "b"):
        with found.at(path):
            raise Refused([Problem("low", "is wrong")])
    found.add("c", "")
    with pytest.raises(Refused, match=r"a\.low: is wrong\nb\.low: is wrong"):
        found.refuse_if_any()


def test_the_nearest_names_come_first_and_all_where_none_is_near() -> None:
    assert nearest("unit", ["units_1", "cell"]) == "nearest: units_1"
    assert nearest("xyz", ["b", "a"]) == "known: a, b"
    assert nearest("xyz", []) == "known: none"
