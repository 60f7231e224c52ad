import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from search.metrics.extrapolation import Extrapolation
from search.metrics.power_law import PowerLaw
from search.plots.figures import png
from search.plots.scaling import ScalingLine, scaling_curve

SIZES = [100, 200, 400, 800, 1600]
LOSSES = [0.2, 0.15, 0.125, 0.1125, 0.106]
# 0.1 + 10 / n: 0.2 at 100 texts, 0.10625 at 1,600 and 0.100625 at 16,000.
LAW = PowerLaw(0.1, 10.0, 1.0)


def extrapolation(
    factor: float, low: float, high: float, law: PowerLaw = LAW, n_texts: int = SIZES[-1]
) -> Extrapolation:
    return Extrapolation(law, n_texts, factor, low, low, high, 0.9, 0.05, None, None, None)


BAND = [extrapolation(1.0, 0.1, 0.11), extrapolation(10.0, 0.08, 0.12)]


def linear(name: str = "linear", losses: Sequence[float] = LOSSES) -> ScalingLine:
    return ScalingLine(name, SIZES, losses, BAND)


def drawn(*lines: ScalingLine, **levels: float) -> Figure:
    return scaling_curve(lines, title="films", **levels)


def entries(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def bars(axes: Axes) -> list[npt.NDArray[np.float64]]:
    """Give the two ends of each bar, a row of size and loss each."""
    collections = [part for part in axes.collections if isinstance(part, LineCollection)]
    return [np.asarray(part.get_segments()[0], dtype=np.float64) for part in collections]


def test_a_reader_sees_what_is_measured_and_in_which_unit() -> None:
    figure = drawn(linear())
    (axes,) = figure.axes
    assert figure.get_suptitle() == "films"
    assert axes.get_xlabel() == "texts in train (logarithmic)"
    assert axes.get_ylabel() == "validation cross-entropy (nats)"
    assert axes.get_xscale() == "log"
    assert axes.get_ylim()[0] == 0.0


def test_sizes_are_written_out_along_the_axis() -> None:
    figure = drawn(linear())
    png(figure)
    shown = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert {"100", "1,000", "10,000"} <= set(shown)


def test_the_legend_tells_law_and_interval_of_each_line_and_the_losses_to_compare_with() -> None:
    (axes,) = drawn(linear(), linear("#0 bilstm 64"), target=0.05, prior=0.171, floor=0.0191).axes
    assert entries(axes) == [
        "linear\nlaw 0.1 + 10·n^-1; at 16,000 texts 0.080 to 0.120 (90 %)",
        "#0 bilstm 64\nlaw 0.1 + 10·n^-1; at 16,000 texts 0.080 to 0.120 (90 %)",
        "label priors 0.171",
        "target 0.05",
        "floor of the data 0.0191",
    ]


def test_what_was_measured_is_points_and_the_law_is_dashed_beyond() -> None:
    (axes,) = drawn(linear()).axes
    points, seen, beyond, _ = axes.get_lines()[:4]
    assert (points.get_linestyle(), points.get_marker()) == ("None", "o")
    assert np.array_equal(points.get_xdata(), SIZES)
    assert np.array_equal(points.get_ydata(), LOSSES)
    assert (seen.get_linestyle(), beyond.get_linestyle()) == ("-", "--")
    at, losses = np.asarray(seen.get_xdata()), np.asarray(seen.get_ydata())
    assert (at[0], at[-1]) == pytest.approx((100, 1600))
    assert (losses[0], losses[-1]) == pytest.approx((0.2, 0.10625))
    at, losses = np.asarray(beyond.get_xdata()), np.asarray(beyond.get_ydata())
    assert (at[0], at[-1]) == pytest.approx((1600, 16000))
    assert losses[-1] == pytest.approx(0.100625)
    assert axes.get_title("left") == (
        "measured up to 1,600 texts; dashed: the power law, extrapolated"
    )


def test_intervals_are_a_band_that_ends_in_a_bar() -> None:
    (axes,) = drawn(linear()).axes
    (band,) = (part for part in axes.collections if isinstance(part, PolyCollection))
    corners = {(x, y) for x, y in np.asarray(band.get_paths()[0].vertices).tolist()}
    assert {(1600, 0.1), (1600, 0.11), (16000, 0.08), (16000, 0.12)} <= corners
    (bar,) = bars(axes)
    assert bar == pytest.approx(np.array([[16000, 0.08], [16000, 0.12]]))


def test_bars_of_two_lines_stand_beside_each_other() -> None:
    (axes,) = drawn(linear(), linear()).axes
    first, second = bars(axes)
    assert first[0, 0] < second[0, 0]


def test_nan_and_a_single_size_are_drawn() -> None:
    gappy = linear("a", [math.nan, 0.2, math.inf, 0.1, 0.1])
    flat = extrapolation(10.0, 0.1, 0.3, PowerLaw(0.2, 0.0, 0.1), n_texts=500)
    single = ScalingLine("b", [500], [0.2], [flat])
    assert png(drawn(gappy, single)).startswith(b"\x89PNG")
    assert png(drawn(ScalingLine("c", [500], [math.nan], [flat])))


def test_a_long_name_is_cut_and_dollars_start_no_formula() -> None:
    figure = drawn(linear("x" * 41), linear("$\\oops$"))
    names = [entry.split("\n")[0] for entry in entries(figure.axes[0])]
    assert names == ["x" * 39 + "…", "$\\oops$"]
    assert png(figure)


def test_no_text_of_the_picture_is_cut_off() -> None:
    lines = [linear("x" * 40)] * 4
    figure = drawn(*lines, target=0.0512, prior=0.171, floor=0.0191)
    png(figure)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    box = legend.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0


def test_more_than_four_lines_are_refused() -> None:
    with pytest.raises(ValueError):
        drawn(*[linear()] * 5)
