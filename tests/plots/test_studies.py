import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from search.plots.figures import png
from search.plots.studies import study_curves
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.objective import MACRO_F1, VAL_LOSS
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Trial


def trial(
    number: int,
    name: str = "",
    *,
    train_loss: Sequence[float] = (0.16, 0.12, 0.1),
    val_loss: Sequence[float] = (0.165, 0.14, 0.15),
    best_epoch: int = 2,
) -> Trial:
    training = Training(
        {"best_epoch": best_epoch},
        Curves(train_loss, val_loss),
        Diagnosis(0.0, None, 0.0, Verdict.FIT),
        StopReason.EPOCHS,
    )
    name = name or f"#{number} bigru 64·32"
    return Trial(number, TrialState.COMPLETE, (0.1,), name=name, training=training)


def many(n_trials: int) -> list[Trial]:
    return [trial(number) for number in range(n_trials)]


def drawn(trials: list[Trial], winner: int | None = 0, **change: Any) -> Figure:
    settings: dict[str, Any] = {"target": 0.05, "prior": 0.171, "title": "films"}
    objective = change.pop("objective", VAL_LOSS)
    return study_curves(trials, winner, objective, **{**settings, **change})


def heading(axes: Axes) -> list[str]:
    return axes.get_title("left").split("\n")


def entries(figure: Figure) -> set[str]:
    (legend,) = figure.legends
    return {text.get_text() for text in legend.get_texts()}


def line(axes: Axes, label: str) -> Line2D:
    return next(line for line in axes.get_lines() if line.get_label() == label)


@pytest.mark.parametrize("n_trials", [1, 3, 4, 10], ids="{} trials".format)
def test_up_to_ten_trials_have_a_panel_each_in_their_order(n_trials: int) -> None:
    figure = drawn(many(n_trials))
    assert [heading(axes)[0].removesuffix(" ★ best") for axes in figure.axes] == [
        f"#{number} bigru 64·32" for number in range(n_trials)
    ]
    assert figure.get_suptitle() == "films"


def test_above_ten_trials_the_first_ten_are_shown_and_the_title_says_so() -> None:
    figure = drawn(many(12))
    assert len(figure.axes) == 10
    assert heading(figure.axes[-1])[0] == "#9 bigru 64·32"
    assert figure.get_suptitle() == "films\n(the best 10 of 12 trials)"


def test_the_winner_is_shown_first_even_where_ten_others_are_better() -> None:
    figure = drawn([*many(10), trial(11, "#11 lstm 8")], winner=11)
    assert heading(figure.axes[0])[0] == "#11 lstm 8 ★ best"
    assert len(figure.axes) == 10


@pytest.mark.parametrize(
    ("winner", "is_tinted", "names"),
    [
        pytest.param(7, [True, False], ["b ★ best", "a"], id="winner"),
        pytest.param(None, [False, False], ["a", "b"], id="none can win"),
    ],
)
def test_only_the_winner_stands_out(
    winner: int | None, is_tinted: list[bool], names: list[str]
) -> None:
    figure = drawn([trial(3, "a"), trial(7, "b")], winner)
    assert [to_rgb(axes.get_facecolor()) != (1.0, 1.0, 1.0) for axes in figure.axes] == is_tinted
    assert [heading(axes)[0] for axes in figure.axes] == names


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
    alone = drawn(many(1), target=None, prior=None, objective=MACRO_F1)
    assert entries(alone) == {"validation", "train (sample)", "best epoch by macro_f1"}


def test_all_panels_have_one_scale_that_starts_at_0() -> None:
    longer = trial(1, train_loss=[0.1] * 7, val_loss=[0.2] * 7, best_epoch=7)
    figure = drawn([trial(0), longer])
    assert {axes.get_xlim() for axes in figure.axes} == {(0.5, 7.5)}
    ((bottom, top),) = {axes.get_ylim() for axes in figure.axes}
    assert bottom == 0.0
    assert top == pytest.approx(0.21)


def test_a_diverged_trial_flattens_no_other() -> None:
    train_loss, val_loss = [0.2, 9.0, math.nan], [0.2, 80.0, math.inf]
    diverged = trial(1, train_loss=train_loss, val_loss=val_loss, best_epoch=1)
    figure = drawn([trial(0), diverged])
    assert figure.axes[0].get_ylim()[1] == pytest.approx(0.42)
    assert png(figure)


def test_trials_without_a_single_number_are_drawn_as_empty_panels() -> None:
    nothing = trial(0, "#0", train_loss=[math.nan], val_loss=[math.nan], best_epoch=1)
    figure = drawn([nothing], winner=None, target=None, prior=None)
    assert heading(figure.axes[0]) == ["#0", "validation nan, gap nan"]
    assert png(figure)


def test_losses_of_0_have_a_scale() -> None:
    perfect = trial(0, train_loss=[0.0], val_loss=[0.0], best_epoch=1)
    assert drawn([perfect], target=None, prior=None).axes[0].get_ylim() == (0.0, 1.0)


def test_a_single_epoch_is_a_visible_dot() -> None:
    axes = drawn([trial(0, train_loss=[0.1], val_loss=[0.2], best_epoch=1)]).axes[0]
    assert line(axes, "validation").get_marker() == line(axes, "train (sample)").get_marker() == "o"


def test_a_long_name_is_cut_and_dollars_start_no_formula() -> None:
    trials = [trial(0, "#0 bigru 64·32·16·8·4·2·1·1·1"), trial(1, "$\\oops$")]
    figure = drawn(trials, winner=None, title="$\\oops$")
    assert [heading(axes)[0] for axes in figure.axes] == ["#0 bigru 64·32·16·8·4·2·1…", "$\\oops$"]
    assert png(figure)


def is_on_top(axes: Axes) -> bool:
    spec = axes.get_subplotspec()
    return spec is not None and spec.is_first_row()


@pytest.mark.parametrize("n_trials", [1, 3, 10], ids="{} trials".format)
def test_no_text_of_the_picture_is_cut_off(n_trials: int) -> None:
    name = "#123 bilstm 128·128·128·128"
    figure = drawn([trial(number, name) for number in range(n_trials)])
    png(figure)
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert box.x0 >= 0.0 and box.x1 <= figure.bbox.width
    rows = [axes.get_tightbbox() for axes in figure.axes]
    assert all(row is not None and row.y0 >= box.y1 for row in rows)
    first_row = [row for row, axes in zip(rows, figure.axes, strict=True) if is_on_top(axes)]
    for left, right in pairwise(first_row):
        assert left is not None and right is not None and left.x1 <= right.x0
