"""What holds for every draw of every shipped space, and for every order of a file's keys."""

import operator
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from search.space.codec import to_yaml
from search.space.document import read_document, write_value
from search.space.files import read_text
from search.space.hyperparameters import Hyperparameters, Value
from search.space.shipped_files import (
    find_preset,
    find_space,
    list_presets,
    list_spaces,
    open_space,
)
from search.space.space import Start
from tests.space.drawing import checked, points, shuffled
from tests.space.parsing import parse_space

PRESETS = {name: find_preset(name) for name in list_presets()}
COMPARISONS = {">=": operator.ge, ">": operator.gt, "!=": operator.ne}


@cache
def entries(name: str) -> dict[str, Any]:
    """The hyperparameters of a shipped file as PyYAML reads them, `units` written out by hand."""
    found = yaml.safe_load(read_text(find_space(name)))["hyperparameters"]
    if "units" in found:
        units = {key: value for key, value in found.pop("units").items() if key != "repeat"}
        highest = found["recurrent_layers"]["high"]
        for i in range(1, highest + 1):
            when = {"when": {"recurrent_layers": f">= {i}"}} if i > 1 else {}
            found[f"units_{i}"] = units | when
    return dict(found)


def is_inside(value: Value, entry: Any) -> bool:
    if not isinstance(entry, dict):
        return bool(value == entry)
    if "choices" in entry:
        return value in entry["choices"]
    # PyYAML takes 1e-3 for text.
    low, high = float(entry["low"]), float(entry["high"])
    steps = (Fraction(value) - Fraction(str(low))) / Fraction(str(entry.get("step", 1)))
    has_steps = "step" in entry or entry["type"] == "int"
    return low <= float(value) <= high and (not has_steps or abs(steps - round(steps)) < 1e-9)


def meets(value: Value, wanted: Any) -> bool:
    if isinstance(wanted, str) and (match := re.fullmatch(r"(>=|>|!=) (.*)", wanted)):
        return bool(COMPARISONS[match[1]](value, yaml.safe_load(match[2])))
    return value in (wanted if isinstance(wanted, list) else [wanted])


@pytest.mark.parametrize("name", list_spaces())
def test_a_draw_is_inside_its_bounds_and_has_exactly_what_is_active(name: str) -> None:
    written = entries(name)

    @checked(60)
    @given(points(open_space(name)))
    def check(point: dict[str, Value]) -> None:
        for hyperparameter, entry in written.items():
            when = entry.get("when", {}) if isinstance(entry, dict) else {}
            active = all(p in point and meets(point[p], wanted) for p, wanted in when.items())
            assert (hyperparameter in point) is active
            assert not active or is_inside(point[hyperparameter], entry)
        chosen = Hyperparameters.from_values(point)
        assert all(getattr(chosen, key) == value for key, value in point.items())

    check()


@pytest.mark.parametrize("name", list_spaces())
def test_a_draw_is_a_start_of_its_space_that_is_written_and_read_back(name: str) -> None:
    space = open_space(name)

    @checked(10)
    @given(points(space))
    def check(point: dict[str, Value]) -> None:
        started = replace(space, starts=(Start("drawn", point),))
        again = parse_space(to_yaml(started), name)
        assert again == started
        assert again.hash == started.hash
        assert again.starts[0].values == point

    check()


@pytest.mark.parametrize("name", list_spaces())
def test_comments_and_the_order_of_keys_do_not_change_the_hash(name: str) -> None:
    document, _ = read_document(read_text(find_space(name)))

    @checked(6)
    @given(shuffled(document), st.lists(st.text("abc: #[]{}-'\"", max_size=20), max_size=5))
    def check(moved: dict[str, Any], comments: list[str]) -> None:
        lines = [f"{key}: {write_value(entry)}  # {key}" for key, entry in moved.items()]
        for i, comment in enumerate(comments):
            lines.insert(i % len(lines), f"# {comment}")
        space = parse_space("\n".join(lines), name, PRESETS)
        assert space.hash == open_space(name).hash
        assert space.order == open_space(name).order

    check()
