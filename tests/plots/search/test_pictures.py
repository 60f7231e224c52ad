import re
from dataclasses import replace

import pytest

from search.plots.search.pictures import pictures_of, search_pictures
from search.plots.search.trials import Outcome, SearchedImportance
from tests.plots.search.searches import LOSS, WEIGHTS, search, trial, twelve

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def whole() -> dict[str, bytes]:
    of = twelve()
    return search_pictures(replace(of, importances=[SearchedImportance("cell", 1.0, 0.5)]))


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


@pytest.mark.parametrize("n_trials", [1, 2])
def test_one_or_two_trials_have_what_can_be_drawn_yet(n_trials: int) -> None:
    names = {picture.name for picture in pictures_of(twelve(n_trials))}
    assert "history" in names and "contour" not in names
    assert search_pictures(twelve(n_trials))


def test_before_a_trial_has_a_value_there_is_nothing() -> None:
    assert search_pictures(search([])) == {}
    assert search_pictures(search([trial(0, outcome=Outcome.FAIL)])) == {}


def test_names_with_markup_and_dollars_are_shown_as_they_are() -> None:
    of = search([replace(entry, name="<b>$x_1$</b>") for entry in twelve().trials])
    files = search_pictures(replace(of, title="<script>a$b$</script>"))
    assert "<script>a$b$" not in files["search/search.html"].decode()
    assert files["search/history.png"].startswith(SIGNATURE)


def test_several_objectives_add_the_front() -> None:
    trials = [trial(n, 0.1 + n / 100, 1e6 / (n + 1), is_best=True) for n in range(4)]
    of = search(trials, objectives=[LOSS, WEIGHTS])
    assert "search/pareto_front.png" in search_pictures(of)
