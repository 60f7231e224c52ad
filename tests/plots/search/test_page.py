from search.plots.search.history import history
from search.plots.search.page import page_of
from search.plots.search.parallel import parallel
from search.plots.search.picture import Parallel, Picture
from tests.plots.search.searches import twelve


def test_the_script_that_draws_is_there_once_and_each_picture_is_linked() -> None:
    of = twelve()
    pictures: list[Picture | Parallel] = [x for x in (history(of), parallel(of)) if x is not None]
    page = page_of(pictures, study="films & series")
    assert page.count("plotly.js v") == 1
    assert '<a href="#history">' in page
    assert "<h1>films &amp; series</h1>" in page
    assert "Drag along an axis" in page


def test_the_same_pictures_make_the_same_page() -> None:
    picture = history(twelve())
    assert picture is not None
    assert page_of([picture], study="a") == page_of([picture], study="a")
