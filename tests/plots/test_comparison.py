from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from search.plots.colors import GREY
from search.plots.comparison import LOOKS, comparison_curves
from search.plots.figures import png
from search.trial.epoch import Curves

NAN = float("nan")


TRAININGS = (
    Curves([0.18, 0.15], [0.19, 0.16], [0.94, 0.96], [0.93, 0.95]),
    Curves([0.16, 0.13], [0.17, 0.15], [0.95, 0.97], [0.94, 0.96]),
)


def alike(*series: Sequence[float]) -> list[Curves]:
    """Make trainings with the same numbers in all four curves."""
    return [Curves(values, values, values, values) for values in series]


def drawn(configurations: Mapping[str, Sequence[Curves]] | None = None, **options: Any) -> Figure:
    """Draw configurations, by default one with two trainings."""
    given = {"prior": 0.171, "trivial_accuracy": 0.948, "trivial": "no label at all", "title": "t"}
    return comparison_curves(configurations or {"LSTM": TRAININGS}, **{**given, **options})


def lines(axes: Axes, style: str) -> list[Line2D]:
    """List the curves of one style: "-" validation, "--" train."""
    return [line for line in axes.get_lines() if line.get_linestyle() == style]


def entries(owner: Figure | Axes) -> list[str]:
    legend = owner.legends[0] if isinstance(owner, Figure) else owner.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_losses_stand_on_the_left_and_accuracies_on_the_right_with_their_units() -> None:
    figure = drawn(title="netflix")
    losses, accuracies = figure.axes
    assert figure.get_suptitle() == "netflix"
    assert (losses.get_title("left"), accuracies.get_title("left")) == ("Loss", "Accuracy")
    assert losses.get_ylabel() == "cross-entropy (nats)"
    assert accuracies.get_ylabel() == "accuracy (share)"
    assert losses.get_xlabel() == accuracies.get_xlabel() == "epoch"


def test_a_curve_is_the_mean_over_the_trainings_validation_solid_and_train_dashed() -> None:
    losses, accuracies = drawn().axes
    (validation,), (train,) = lines(losses, "-"), lines(losses, "--")
    assert np.array_equal(np.asarray(validation.get_xdata()), [1, 2])
    assert np.asarray(validation.get_ydata()) == pytest.approx([0.18, 0.155])
    assert np.asarray(train.get_ydata()) == pytest.approx([0.17, 0.14])
    (validation,), (train,) = lines(accuracies, "-"), lines(accuracies, "--")
    assert np.asarray(validation.get_ydata()) == pytest.approx([0.935, 0.955])
    assert np.asarray(train.get_ydata()) == pytest.approx([0.945, 0.965])


def test_a_band_goes_from_the_least_to_the_greatest_of_validation() -> None:
    losses, _ = drawn().axes
    (band,) = losses.collections
    corners = np.asarray(band.get_paths()[0].vertices).round(9).tolist()
    for corner in ([1.0, 0.17], [1.0, 0.19], [2.0, 0.15], [2.0, 0.16]):
        assert corner in corners


def test_one_training_has_no_band() -> None:
    figure = drawn({"LSTM": alike([0.2, 0.1])})
    assert [len(axes.collections) for axes in figure.axes] == [0, 0]
    assert "validation, all of" not in " ".join(entries(figure))


def test_trainings_of_different_lengths_are_averaged_over_those_that_have_the_epoch() -> None:
    (validation,) = lines(drawn({"LSTM": alike([0.3], [0.1, 0.2])}).axes[0], "-")
    assert np.asarray(validation.get_ydata()) == pytest.approx([0.2, 0.2])


def test_configurations_of_different_lengths_share_the_epochs_of_the_longest() -> None:
    for axes in drawn({"a": alike([0.2]), "b": alike([0.2, 0.19, 0.18])}).axes:
        assert axes.get_xlim() == (0.5, 3.5)


def test_each_configuration_has_a_colour_and_a_marker_of_its_own() -> None:
    assert len({color for color, _ in LOOKS}) == len({marker for _, marker in LOOKS}) == 8
    losses, _ = drawn({f"preset {i}": alike([0.2, 0.2 - i / 100]) for i in range(8)}).axes
    found = [(to_hex(line.get_color()), line.get_marker()) for line in lines(losses, "-")]
    assert found == [(color.lower(), marker) for color, marker in LOOKS]


def test_the_legend_names_the_configurations_in_their_order_and_the_kinds_of_lines() -> None:
    figure = drawn({"SimpleRNN": TRAININGS, "GRU": TRAININGS})
    assert entries(figure) == [
        "SimpleRNN",
        "GRU",
        "validation",
        "train (sample), hollow",
        "validation, all of 2 seeds",
    ]


def test_what_no_skill_comes_to_is_a_dotted_line_on_both_panels() -> None:
    losses, accuracies = drawn(trivial="“0” for every text").axes
    (prior,), (trivial,) = lines(losses, ":"), lines(accuracies, ":")
    assert (prior.get_ydata(), trivial.get_ydata()) == ([0.171] * 2, [0.948] * 2)
    assert prior.get_color() == trivial.get_color() == GREY
    assert entries(losses) == ["label priors 0.1710"]
    assert entries(accuracies) == ["predicting “0” for every text 0.9480"]


def test_beyond_eight_the_first_eight_are_drawn_and_the_title_says_so() -> None:
    figure = drawn({f"preset {i}": alike([0.2]) for i in range(10)}, title="films")
    assert figure.get_suptitle() == "films\n(the first 8 of 10 configurations)"
    assert len(lines(figure.axes[0], "-")) == 8
    assert "preset 8" not in entries(figure)


def test_a_diverged_configuration_leaves_the_panel_and_flattens_no_other() -> None:
    losses, _ = drawn({"wild": alike([0.2, 50.0]), "tame": alike([0.2, 0.15])}).axes
    low, high = losses.get_ylim()
    # Twice the best that any of them reaches at most, and a twentieth of the span as a margin.
    assert high == pytest.approx(0.4 + 0.05 * 0.25)
    assert low == pytest.approx(0.15 - 0.05 * 0.25)


def test_accuracies_that_hardly_differ_do_not_fill_the_panel() -> None:
    _, accuracies = drawn({"LSTM": alike([0.948, 0.9481])}).axes
    low, high = accuracies.get_ylim()
    assert high - low == pytest.approx(0.02)


def test_nan_and_infinity_leave_a_gap() -> None:
    figure = drawn({"broken": alike([0.2, NAN, float("inf")]), "never": alike([NAN])})
    png(figure)
    (broken, never) = lines(figure.axes[0], "-")
    assert np.isnan(np.asarray(broken.get_ydata())).tolist() == [False, True, True]
    assert np.isnan(np.asarray(never.get_ydata())).all()


def test_names_with_dollars_are_shown_as_they_are_and_long_ones_are_cut() -> None:
    figure = drawn({"$x$ and $\\oops$": alike([0.2]), "n" * 80: alike([0.2])})
    assert png(figure).startswith(b"\x89PNG")
    assert entries(figure)[1] == "n" * 35 + "…"
