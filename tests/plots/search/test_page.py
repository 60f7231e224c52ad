from search.plots.search.history import plot_history
from search.plots.search.page import write_page
from search.plots.search.parallel import plot_parallel
from tests.plots.search.searches import twelve


def test_the_script_that_draws_is_there_once_and_each_picture_is_linked() -> None:
    films = twelve()
    pictures = (plot_history(films), plot_parallel(films))
    page = write_page([picture for picture in pictures if picture], study="films & series")
    assert page.count("plotly.js v") == 1
    assert '<a href="#history">' in page
    assert "<h1>films &amp; series</h1>" in page
    assert "Drag along an axis" in page


def test_the_same_pictures_make_the_same_page() -> None:
    picture = plot_history(twelve())
    assert picture is not None
    assert write_page([picture], study="a") == write_page([picture], study="a")
