from typing import Any

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from scipy.stats import binomtest

from search.metrics.calibration import ReliabilityBin, reliability
from search.plots.figures import png
from search.plots.reliability import LEAST, MOST, reliability_diagram

BINS = (
    ReliabilityBin(0.01, 0.02, 5000),
    ReliabilityBin(0.1, 0.08, 600),
    ReliabilityBin(0.7, 0.5, 40),
)


def dots(figure: Figure) -> tuple[Any, Any, Any]:
    """What is drawn: predictions, observed rates, and the ends of the whiskers, (bins, 2)."""
    (container,) = (c for c in figure.axes[0].containers if isinstance(c, ErrorbarContainer))
    line, _, (whiskers,) = container.lines
    assert line is not None
    ends = np.array([segment[:, 1] for segment in whiskers.get_segments()])
    return line.get_xdata(), line.get_ydata(), ends


def test_a_dot_is_at_what_was_predicted_and_what_came_true() -> None:
    predicted, observed, _ = dots(reliability_diagram(BINS, title="Trial 7"))
    assert predicted == pytest.approx([0.01, 0.1, 0.7])
    assert observed == pytest.approx([0.02, 0.08, 0.5])


def test_whiskers_are_scipys_wilson_intervals() -> None:
    *_, ends = dots(reliability_diagram(BINS, title="Trial 7"))
    for b, drawn in zip(BINS, ends, strict=True):
        test = binomtest(round(b.observed_rate * b.count), b.count)
        low, high = test.proportion_ci(0.95, method="wilson")
        assert drawn == pytest.approx([low, high], rel=1e-3)


def test_a_rate_of_0_or_1_has_a_whisker_to_one_side() -> None:
    bins = (ReliabilityBin(0.2, 0.0, 10), ReliabilityBin(0.8, 1.0, 10))
    _, observed, ends = dots(reliability_diagram(bins, title="Trial 7"))
    _, high = binomtest(0, 10).proportion_ci(0.95, method="wilson")
    assert observed == pytest.approx([LEAST, MOST])
    assert ends[0] == pytest.approx([LEAST, high], rel=1e-3)
    assert ends[1] == pytest.approx([1 - high, MOST], rel=1e-3)


def test_probabilities_of_0_and_1_are_drawn_inside_the_axes() -> None:
    bins = (ReliabilityBin(0.0, 0.0, 9000), ReliabilityBin(1.0, 1.0, 20))
    figure = reliability_diagram(bins, title="Trial 7")
    predicted, observed, _ = dots(figure)
    assert predicted == pytest.approx([LEAST, MOST])
    assert observed == pytest.approx([LEAST, MOST])
    low, high = figure.axes[0].get_xlim()
    assert low < LEAST < MOST < high
    assert png(figure).startswith(b"\x89PNG")


def test_a_reader_sees_what_is_measured() -> None:
    figure = reliability_diagram(BINS, title="Trial $7")
    rates, numbers = figure.axes
    assert figure.get_suptitle() == "Trial $7"
    assert rates.get_title(loc="left") == "Reliability on validation"
    assert rates.get_ylabel() == "observed rate"
    assert numbers.get_xlabel() == "predicted probability (mean of a bin)"
    assert numbers.get_ylabel() == "entries"
    legend = rates.get_legend()
    assert legend is not None
    named = [text.get_text() for text in legend.get_texts()]
    assert named == ["calibrated", "observed, with 95 % interval"]


def test_both_axes_spread_small_probabilities_and_name_them_plainly() -> None:
    figure = reliability_diagram(BINS, title="Trial 7")
    rates, numbers = figure.axes
    assert rates.get_xscale() == rates.get_yscale() == numbers.get_xscale() == "logit"
    png(figure)
    names = ["0.001", "0.01", "0.1", "0.5", "0.9", "0.99", "0.999"]
    assert [tick.get_text() for tick in rates.get_yticklabels()] == names
    assert [tick.get_text() for tick in numbers.get_xticklabels()] == names


def test_the_diagonal_is_what_a_calibrated_model_would_have() -> None:
    rates, _ = reliability_diagram(BINS, title="Trial 7").axes
    (diagonal,) = (line for line in rates.lines if line.get_label() == "calibrated")
    assert np.array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    # Half of 0.01 and of 1 - 0.7 beyond the outermost dots.
    assert diagonal.get_xdata() == pytest.approx([0.005, 0.85])


def test_the_numbers_of_entries_are_drawn_below() -> None:
    _, numbers = reliability_diagram(BINS, title="Trial 7").axes
    (sticks,) = numbers.collections
    segments: Any = sticks.get_paths()
    tops = [tuple(path.vertices[1]) for path in segments]
    assert tops == [pytest.approx(end) for end in ((0.01, 5000), (0.1, 600), (0.7, 40))]
    assert numbers.get_yscale() == "log"
    bottom, top = numbers.get_ylim()
    assert bottom < 1 < 5000 < top


@pytest.mark.parametrize("count", [1, 2], ids=["one entry", "two entries"])
def test_a_single_bin_of_few_entries_is_drawn(count: int) -> None:
    figure = reliability_diagram([ReliabilityBin(0.3, 1.0, count)], title="Trial 7")
    assert png(figure).startswith(b"\x89PNG")


def test_the_bins_of_rare_labels_are_drawn() -> None:
    generator = np.random.default_rng(0)
    probabilities = generator.beta(0.1, 2.0, (400, 20))
    labels = (generator.random((400, 20)) < probabilities).astype(np.uint8)
    bins = reliability(probabilities, labels)
    figure = reliability_diagram(bins, title="Trial 7")
    assert len(dots(figure)[0]) == len(bins) > 10
    assert png(figure).startswith(b"\x89PNG")
