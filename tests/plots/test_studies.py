import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from search.plots.figures import png
from search.plots.studies import TrialCurve, study_curves


def trial(name: str, *, is_winner: bool = False, **change: Any) -> TrialCurve:
    series: dict[str, Any] = {
        "train_loss": [0.16, 0.12, 0.1],
        "val_loss": [0.165, 0.14, 0.15],
        "best_epoch": 2,
    }
    return TrialCurve(name, **{**series, **change}, is_winner=is_winner)


def many(n_trials: int) -> list[TrialCurve]:
    return [trial(f"#{number} bigru 64·32", is_winner=number == 0) for number in range(n_trials)]


def drawn(curves: list[TrialCurve], **change: Any) -> Figure:
    settings: dict[str, Any] = {
        "objective_name": "val_loss",
        "target": 0.05,
        "prior": 0.171,
        "title": "films",
    }
    return study_curves(curves, **{**settings, **change})


def heading(axes: Axes) -> list[str]:
    return axes.get_title("left").split("\n")


def entries(figure: Figure) -> set[str]:
    (legend,) = figure.legends
    return {text.get_text() for text in legend.get_texts()}


def line(axes: Axes, label: str) -> Line2D:
    return next(line for line in axes.get_lines() if line.get_label() == label)


@pytest.mark.parametrize("n_trials", [1, 3, 4, 10])
def test_up_to_ten_trials_have_a_panel_each_in_their_order(n_trials: int) -> None:
    figure = drawn(many(n_trials))
    assert [heading(axes)[0].removesuffix(" ★ winner") for axes in figure.axes] == [
        f"#{number} bigru 64·32" for number in range(n_trials)
    ]
    assert figure.get_suptitle() == "films"


def test_above_ten_trials_the_first_ten_are_shown_and_the_title_says_so() -> None:
    figure = drawn(many(12))
    assert len(figure.axes) == 10
    assert heading(figure.axes[-1])[0] == "#9 bigru 64·32"
    assert figure.get_suptitle() == "films\n(the best 10 of 12 trials)"


def test_a_winner_is_shown_first_even_where_ten_others_are_better() -> None:
    figure = drawn([*many(11)[1:], trial("#11 lstm 8", is_winner=True)])
    assert heading(figure.axes[0])[0] == "#11 lstm 8 ★ winner"
    assert len(figure.axes) == 10


def test_only_winners_stand_out() -> None:
    figure = drawn([trial("a", is_winner=True), trial("b", is_winner=True), trial("c")])
    is_tinted = [to_rgb(axes.get_facecolor()) != (1.0, 1.0, 1.0) for axes in figure.axes]
    assert is_tinted == [True, True, False]
    assert [heading(axes)[0] for axes in figure.axes] == ["a ★ winner", "b ★ winner", "c"]


def test_a_panel_has_both_losses_by_epoch_and_its_numbers_above() -> None:
    axes = drawn(many(3)).axes[1]
    assert heading(axes)[1] == "validation 0.1400, gap 0.0200"
    validation, train = line(axes, "validation"), line(axes, "train (sample)")
    assert np.array_equal(validation.get_xdata(), [1, 2, 3])
    assert np.array_equal(validation.get_ydata(), [0.165, 0.14, 0.15])
    assert np.array_equal(train.get_ydata(), [0.16, 0.12, 0.1])
    assert validation.get_linestyle() == "-" != train.get_linestyle()
    best = line(axes, "best epoch by val_loss")
    assert np.array_equal(best.get_xydata(), [[2, 0.14]])


def test_the_others_stand_behind_each_trial() -> None:
    for axes in drawn(many(4)).axes:
        pale = [line for line in axes.get_lines() if line.get_color() == "#CFCFCF"]
        assert len(pale) == 3
        assert max(line.get_zorder() for line in pale) < line(axes, "validation").get_zorder()


def test_the_legend_names_every_kind_of_line_once() -> None:
    assert entries(drawn(many(3))) == {
        "validation",
        "train (sample)",
        "best epoch by val_loss",
        "label priors 0.171",
        "target 0.05",
        "validation of the others",
    }
    alone = drawn(many(1), target=None, prior=None, objective_name="macro_f1")
    assert entries(alone) == {"validation", "train (sample)", "best epoch by macro_f1"}


def test_all_panels_have_one_scale_that_starts_at_0() -> None:
    longer = trial("#1", train_loss=[0.1] * 7, val_loss=[0.2] * 7, best_epoch=7)
    figure = drawn([trial("#0"), longer])
    assert {axes.get_xlim() for axes in figure.axes} == {(0.5, 7.5)}
    ((bottom, top),) = {axes.get_ylim() for axes in figure.axes}
    assert bottom == 0.0
    assert top == pytest.approx(0.21)


def test_a_diverged_trial_flattens_no_other() -> None:
    diverged = trial("#1", train_loss=[0.2, 9.0, math.nan], val_loss=[0.2, 80.0, math.inf])
    figure = drawn([trial("#0"), TrialCurve("#1", diverged.train_loss, diverged.val_loss, 1)])
    assert figure.axes[0].get_ylim()[1] == pytest.approx(0.42)
    assert png(figure)


def test_trials_without_a_single_number_are_drawn_as_empty_panels() -> None:
    nothing = trial("#0", train_loss=[math.nan], val_loss=[math.nan], best_epoch=1)
    figure = drawn([nothing], target=None, prior=None)
    assert heading(figure.axes[0]) == ["#0", "validation nan, gap nan"]
    assert png(figure)


def test_losses_of_0_have_a_scale() -> None:
    perfect = trial("#0", train_loss=[0.0], val_loss=[0.0], best_epoch=1)
    assert drawn([perfect], target=None, prior=None).axes[0].get_ylim() == (0.0, 1.0)


def test_a_single_epoch_is_a_visible_dot() -> None:
    axes = drawn([trial("#0", train_loss=[0.1], val_loss=[0.2], best_epoch=1)]).axes[0]
    assert line(axes, "validation").get_marker() == line(axes, "train (sample)").get_marker() == "o"


def test_a_long_name_is_cut_and_dollars_start_no_formula() -> None:
    figure = drawn([trial("#0 bigru 64·32·16·8·4·2·1·1·1"), trial("$\\oops$")], title="$\\oops$")
    assert [heading(axes)[0] for axes in figure.axes] == ["#0 bigru 64·32·16·8·4·2·1…", "$\\oops$"]
    assert png(figure)


def is_on_top(axes: Axes) -> bool:
    spec = axes.get_subplotspec()
    return spec is not None and spec.is_first_row()


@pytest.mark.parametrize("n_trials", [1, 3, 10])
def test_no_text_of_the_picture_is_cut_off(n_trials: int) -> None:
    name = "#123 bilstm 128·128·128·128"
    figure = drawn([trial(name, is_winner=True) for _ in range(n_trials)])
    png(figure)
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert box.x0 >= 0.0 and box.x1 <= figure.bbox.width
    rows = [axes.get_tightbbox() for axes in figure.axes]
    assert all(row is not None and row.y0 >= box.y1 for row in rows)
    first_row = [row for row, axes in zip(rows, figure.axes, strict=True) if is_on_top(axes)]
    for left, right in pairwise(first_row):
        assert left is not None and right is not None and left.x1 <= right.x0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"val_loss": [0.1]}, "#7: the losses must have one number an epoch each"),
        ({"val_loss": [], "train_loss": []}, "one number an epoch"),
        ({"best_epoch": 0}, "#7: best_epoch 0 not in 1 to 3"),
        ({"best_epoch": 4}, "best_epoch 4 not in 1 to 3"),
    ],
)
def test_series_that_do_not_fit_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trial("#7", **change)


def test_no_trial_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one trial"):
        drawn([])
