import numpy as np
from matplotlib.figure import Figure

from search.plots.figures import png
from search.plots.search.contour import plot_contour
from search.plots.search.history import plot_history
from search.plots.search.hyperparameters import plot_slices
from search.plots.search.parallel import plot_parallel
from search.plots.search.picture import Picture
from search.plots.search.raster import draw_with_matplotlib
from tests.plots.search.searches import twelve


def drawn(picture: Picture | None) -> Figure:
    assert picture is not None
    figure = draw_with_matplotlib(picture, study="films")
    assert png(figure)
    return figure


def test_a_picture_has_its_title_its_study_and_its_note() -> None:
    figure = drawn(plot_history(twelve()))
    title, study = figure.get_suptitle().split("\n")
    assert title.startswith("History") and study == "films"
    (legend,) = figure.legends
    assert legend.get_title().get_text().startswith("Each mark is a trial")


def test_the_legend_names_each_kind_once() -> None:
    (legend,) = drawn(plot_history(twelve())).legends
    entries = [text.get_text() for text in legend.get_texts()]
    assert entries == ["label priors 0.171", "target 0.05", "best so far", "complete", "best"]


def test_axes_are_as_the_picture_says() -> None:
    rate, cell, _ = drawn(plot_slices(twelve())).axes
    assert rate.get_xscale() == "log"
    assert [text.get_text() for text in cell.get_xticklabels()] == ["lstm", "gru"]


def test_a_ground_of_colours_is_explained_beside_the_panels() -> None:
    figure = drawn(plot_contour(twelve()))
    assert len(figure.axes) == 3 + 1
    assert figure.axes[-1].get_ylabel() == "val_loss"


def test_the_best_line_is_in_front() -> None:
    (axes,) = drawn(plot_parallel(twelve())).axes
    (lines,) = axes.collections
    last = np.asarray(lines.get_paths()[-1].vertices)
    assert last[0, 1] == 0.0
