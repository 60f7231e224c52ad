import numpy as np
import plotly.graph_objects as go
import pytest

from search.plots.search.contour import contour
from search.plots.search.history import history
from search.plots.search.hyperparameters import slices
from search.plots.search.interactive import figure_of
from search.plots.search.parallel import parallel
from search.plots.search.picture import UNUSED, Field, Parallel, Picture
from tests.plots.search.searches import twelve


def drawn(picture: Picture | Parallel | None) -> go.Figure:
    assert picture is not None
    return figure_of(picture)


def test_it_has_the_lines_of_the_target_and_of_what_is_compared() -> None:
    figure = drawn(history(twelve()))
    assert [(s.name, s.y0) for s in figure.layout.shapes] == [
        ("label priors 0.171", 0.171),
        ("target 0.05", 0.05),
    ]


def test_the_legend_names_each_kind_once() -> None:
    figure = drawn(history(twelve()))
    names = [trace.name for trace in figure.data if trace.showlegend]
    assert names == ["best so far", "complete", "best"]


def test_the_pointer_tells_the_trial_and_its_true_value() -> None:
    complete = next(trace for trace in drawn(history(twelve())).data if trace.name == "complete")
    assert complete.hovertext[0] == "#1 bilstm 64<br>val_loss 0.141"


def test_axes_are_as_the_picture_says() -> None:
    layout = drawn(slices(twelve())).layout
    assert layout.xaxis.type == "log"
    assert tuple(layout.xaxis2.ticktext) == ("lstm", "gru")


def test_colours_have_the_same_borders_as_in_the_png() -> None:
    picture = contour(twelve())
    assert picture is not None
    field = picture.panels[0].layers[0]
    assert isinstance(field, Field)
    axis = drawn(picture).layout.coloraxis
    assert (axis.cmin, axis.cmax) == pytest.approx((field.levels[0], field.levels[-1]))
    assert len({color for _, color in axis.colorscale}) == len(field.levels) - 1
    assert axis.colorscale[0][1] == "rgb(11,60,104)"


def test_parallel_axes_keep_a_place_for_what_is_unused() -> None:
    (trace,) = drawn(parallel(twelve())).data
    units = trace.dimensions[3]
    assert np.min(units["values"]) == UNUSED == units["range"][0]
    assert units.ticktext[0] == "unused"
