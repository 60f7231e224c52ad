import pytest

from search.space.problem import Findings, Problem, Refused, nearest, unknown_keys


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


def test_a_problem_moves_with_the_longest_place_that_it_lies_in() -> None:
    places = {"units_1": "units", "units_1.when.layers": "units.repeat", "starts[0]": "starts[1]"}
    moved = {
        "units_1": "units",
        "units_1.low": "units.low",
        "units_1.when.layers": "units.repeat",
        "units_1.when": "units.when",
        "units_10.low": "units_10.low",
        "starts[0].name": "starts[1].name",
        "": "",
    }
    assert {path: Problem(path, "x").moved(places).path for path in moved} == moved


def test_findings_at_one_place_are_told_once() -> None:
    found = Findings([Problem("units_1.low", "is low"), Problem("units_2.low", "is low")])
    told = found.told_at({"units_1": "units", "units_2": "units"})
    assert told.problems == [Problem("units.low", "is low")]


def test_a_problem_is_one_line_whatever_the_file_holds() -> None:
    assert str(Problem("a\nb", "got \x1b[2J and \u2028é")) == "a\\nb: got \\x1b[2J and \\u2028é"


def test_unknown_keys_are_told_with_the_nearest() -> None:
    assert unknown_keys({"low": 1, "hihg": 2}, ("low", "high")) == [
        Problem("hihg", "is no key here; nearest: high")
    ]
