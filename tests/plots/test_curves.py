import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from search.plots.curves import learning_curves
from search.plots.figures import png
from search.trial.epoch import EpochReport

VAL_LOSS = (0.165, 0.14, 0.145, 0.15)
TRAIN_LOSS = (0.16, 0.12, 0.08, 0.06)


def epochs(*val_loss: float, train_loss: Sequence[float] = ()) -> list[EpochReport]:
    """Make the reports of a training; its train losses are its validation losses by default."""
    losses = enumerate(zip(train_loss or val_loss, val_loss, strict=True), start=1)
    return [
        EpochReport(
            epoch=epoch,
            fit_loss=train,
            train_loss=train,
            val_loss=val,
            train_accuracy=0.9,
            val_accuracy=0.9,
            f1_micro=0.4,
            f1_macro=0.2,
            seconds=1.0,
        )
        for epoch, (train, val) in losses
    ]


FOUR = epochs(*VAL_LOSS, train_loss=TRAIN_LOSS)


def entries(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def drawn() -> Figure:
    return learning_curves(
        FOUR, best=FOUR[1], target=0.05, floor=0.03, prior=0.171, onset=3, title="Trial 7"
    )


def test_a_reader_sees_what_is_measured_and_in_which_unit() -> None:
    figure = drawn()
    losses, f1s = figure.axes
    assert figure.get_suptitle() == "Trial 7"
    assert (losses.get_title("left"), f1s.get_title("left")) == ("Loss", "F1 on validation")
    assert losses.get_ylabel() == "cross-entropy (nats)"
    assert f1s.get_ylabel() == "F1 (0 to 1)"
    assert losses.get_xlabel() == f1s.get_xlabel() == "epoch"


def test_the_legend_names_every_line_with_its_value() -> None:
    losses, f1s = drawn().axes
    assert entries(losses) == [
        "train (sample)",
        "validation",
        "label priors 0.171",
        "target 0.05",
        "floor of the data 0.03",
        "best epoch 2",
        "overfitting from epoch 3",
    ]
    assert entries(f1s) == ["micro F1", "macro F1", "best epoch 2", "overfitting from epoch 3"]


def test_what_is_not_known_is_not_drawn() -> None:
    losses, f1s = learning_curves(FOUR, best=FOUR[3], title="Trial 8").axes
    assert entries(losses) == ["train (sample)", "validation", "best epoch 4"]
    assert entries(f1s) == ["micro F1", "macro F1", "best epoch 4"]


def test_curves_run_over_the_epochs_from_1() -> None:
    losses, _ = drawn().axes
    validation = next(line for line in losses.get_lines() if line.get_label() == "validation")
    assert np.array_equal(validation.get_xdata(), [1, 2, 3, 4])
    assert np.array_equal(validation.get_ydata(), VAL_LOSS)


def test_overfitting_is_shaded_from_its_onset_to_the_end() -> None:
    for axes in drawn().axes:
        (shade,) = axes.patches
        left, right = shade.get_extents().transformed(axes.transData.inverted()).intervalx
        assert (left, right) == pytest.approx((3.0, 4.5))


def test_the_axes_start_at_0_and_f1_ends_at_1() -> None:
    losses, f1s = drawn().axes
    assert losses.get_ylim()[0] == 0.0
    assert losses.get_ylim()[1] > 0.171
    assert f1s.get_ylim() == (0.0, 1.0)


def test_a_single_epoch_is_a_visible_dot() -> None:
    (epoch,) = epochs(0.2)
    figure = learning_curves([epoch], best=epoch, title="Short")
    assert all(line.get_marker() not in ("", "None") for line in figure.axes[0].get_lines()[:2])
    assert png(figure).startswith(b"\x89PNG")


def test_nan_and_infinity_leave_a_gap() -> None:
    broken = epochs(0.2, float("nan"), float("inf"))
    figure = learning_curves(broken, best=broken[0], title="Diverged")
    png(figure)
    assert figure.axes[0].get_ylim()[1] < 1.0


def test_a_title_with_dollars_is_shown_as_it_is() -> None:
    (epoch,) = epochs(0.2)
    figure = learning_curves([epoch], best=epoch, title="$5 and $\\oops$")
    assert png(figure)


def test_drawing_loads_no_pyplot() -> None:
    script = (
        "import sys; from search.plots.labels import per_label_chart; "
        "from search.plots.figures import png; "
        "from search.metrics.label_scores import LabelScore; "
        "png(per_label_chart([LabelScore('War', *[1] * 9)], title='')); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
