import numpy as np
import plotly.graph_objects as go
import pytest

from search.plots.search.contour import plot_contour
from search.plots.search.history import plot_history
from search.plots.search.hyperparameters import plot_slices
from search.plots.search.interactive import draw_with_plotly
from search.plots.search.parallel import plot_parallel
from search.plots.search.picture import UNUSED, Picture
from tests.plots.search.searches import twelve


def drawn(picture: Picture | None) -> go.Figure:
    assert picture is not None
    return draw_with_plotly(picture)


def test_it_has_the_lines_of_the_target_and_of_what_is_compared() -> None:
    figure = drawn(plot_history(twelve()))
    assert [(s.name, s.y0) for s in figure.layout.shapes] == [
        ("label priors 0.171", 0.171),
        ("target 0.05", 0.05),
    ]


def test_the_legend_names_each_kind_once() -> None:
    figure = drawn(plot_history(twelve()))
    names = [trace.name for trace in figure.data if trace.showlegend]
    assert names == ["best so far", "complete", "best"]


def test_the_pointer_tells_the_trial_and_its_true_value() -> None:
    complete = next(
        trace for trace in drawn(plot_history(twelve())).data if trace.name == "complete"
    )
    assert complete.hovertext[0] == "#1 bilstm 64<br>val_loss 0.141"


def test_axes_are_as_the_picture_says() -> None:
    layout = drawn(plot_slices(twelve())).layout
    assert layout.xaxis.type == "log"
    assert tuple(layout.xaxis2.ticktext) == ("lstm", "gru")


def test_colours_have_the_same_borders_as_in_the_png() -> None:
    picture = plot_contour(twelve())
    assert picture is not None and picture.bands is not None
    axis = drawn(picture).layout.coloraxis
    assert (axis.cmin, axis.cmax) == pytest.approx(
        (picture.bands.edges[0], picture.bands.edges[-1])
    )
    assert len({color for _, color in axis.colorscale}) == len(picture.bands.colors)
    assert axis.colorscale[0][1] == "#0b3c68"


def test_parallel_axes_keep_a_place_for_what_is_unused() -> None:
    (trace,) = drawn(plot_parallel(twelve())).data
    units = trace.dimensions[3]
    assert np.min(units["values"]) == UNUSED == units["range"][0]
    assert units.ticktext[0] == "unused"
