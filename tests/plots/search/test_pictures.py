import re
from dataclasses import replace

import pytest

from search.plots.search.pictures import draw_pictures, list_pictures
from search.trial.importance import Importance
from search.trial.state import TrialState
from tests.plots.search.searches import LOSS_AND_WEIGHTS, search, trial, twelve

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def whole() -> dict[str, bytes]:
    return draw_pictures(twelve(importances=[Importance("cell", 1.0, 0.5)]))


def test_each_picture_is_a_png_and_all_are_on_one_page() -> None:
    files = whole()
    names = ["history", "importance", "slice", "parallel_coordinates", "contour"]
    names += ["intermediate_values"]
    assert list(files) == [*(f"search/{name}.png" for name in names), "search/search.html"]
    assert all(files[f"search/{name}.png"].startswith(SIGNATURE) for name in names)
    page = files["search/search.html"].decode()
    assert re.findall(r'<section id="(\w+)">', page) == names


def test_the_page_loads_nothing_from_anywhere() -> None:
    page = whole()["search/search.html"].decode()
    assert not re.search(r"<script[^>]*\ssrc=|<link\b", page)
    assert page.count("<script") < 20


@pytest.mark.parametrize("n_trials", [1, 2], ids=["one", "two"])
def test_one_or_two_trials_have_what_can_be_drawn_yet(n_trials: int) -> None:
    names = {picture.name for picture in list_pictures(twelve(n_trials))}
    assert "history" in names and "contour" not in names
    assert draw_pictures(twelve(n_trials))


def test_before_a_trial_has_a_value_there_is_nothing() -> None:
    assert draw_pictures(search([])) == {}
    assert draw_pictures(search([trial(0, state=TrialState.FAIL)])) == {}


def test_names_with_markup_and_dollars_are_shown_as_they_are() -> None:
    films = search([replace(entry, name="<b>$x_1$</b>") for entry in twelve().trials])
    files = draw_pictures(replace(films, title="<script>a$b$</script>"))
    assert "<script>a$b$" not in files["search/search.html"].decode()
    assert files["search/history.png"].startswith(SIGNATURE)


def test_several_objectives_add_the_front() -> None:
    trials = [trial(n, 0.1 + n / 100, 1e6 / (n + 1)) for n in range(4)]
    films = search(trials, *range(4), objectives=LOSS_AND_WEIGHTS)
    assert "search/pareto_front.png" in draw_pictures(films)
