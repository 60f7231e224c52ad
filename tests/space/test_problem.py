import pytest

from search.space.problem import (
    Problem,
    ProblemCollector,
    ProblemsError,
    find_unknown_keys,
    suggest_names,
)


def test_key_paths_join_with_a_dot_and_indices_without() -> None:
    assert str(Problem("low", "bad").add_prefix("units_1")) == "units_1.low: bad"
    assert str(Problem("[2].name", "bad").add_prefix("starts")) == "starts[2].name: bad"
    assert str(Problem("", "bad").add_prefix("units_1")) == "units_1: bad"
    assert str(Problem("", "bad")) == "bad"


def test_findings_collect_over_several_refusals_and_end_in_one() -> None:
    found = ProblemCollector()
    for path in ("a", "b"):
        with found.at(path):
            raise ProblemsError([Problem("low", "is wrong")])
    found.add("c", "")
    with pytest.raises(ProblemsError, match=r"a\.low: is wrong\nb\.low: is wrong"):
        found.raise_if_any()


def test_the_nearest_names_come_first_and_all_where_none_is_near() -> None:
    assert suggest_names("unit", ["units_1", "cell"]) == "nearest: units_1"
    assert suggest_names("xyz", ["b", "a"]) == "known: a, b"
    assert suggest_names("xyz", []) == "known: none"


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
    assert {path: Problem(path, "x").move(places).path for path in moved} == moved


def test_a_problem_is_one_line_whatever_the_file_holds() -> None:
    assert str(Problem("a\nb", "got \x1b[2J and \u2028é")) == "a\\nb: got \\x1b[2J and \\u2028é"


def test_unknown_keys_are_reported_with_the_nearest() -> None:
    assert find_unknown_keys({"low": 1, "hihg": 2}, ("low", "high")) == [
        Problem("hihg", "is not a key here; nearest: high")
    ]
