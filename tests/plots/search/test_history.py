import math

import pytest

from search.plots.search.history import plot_epochs, plot_history
from search.plots.search.layers import Dots, Level, Path
from search.plots.search.picture import Panel
from search.trial.state import TrialState
from search.trial.trial import Trial
from tests.plots.search.searches import search, trial, twelve


def line(panel: Panel, label: str) -> Path:
    return next(x for x in panel.layers if isinstance(x, Path) and x.label == label)


def labels(panel: Panel) -> list[str]:
    return [layer.mark.label for layer in panel.layers if isinstance(layer, Dots)]


def story() -> list[Trial]:
    return [
        trial(0, 0.2, start="bilstm-svd"),
        trial(1, 0.1, state=TrialState.PRUNED),
        trial(2, 0.12, is_feasible=False),
        trial(3, 0.18),
        trial(4, state=TrialState.FAIL),
        trial(5, math.nan),
        trial(6, 0.15),
        trial(7, 0.16),
    ]


def test_the_best_so_far_is_over_complete_trials_within_limits() -> None:
    picture = plot_history(search(story(), 6))
    assert picture is not None
    best = line(picture.panels[0], "best so far")
    assert list(best.xs) == [0, 3, 6, 7]
    assert list(best.ys) == [0.2, 0.18, 0.15, 0.15]
    assert best.is_stepped


def test_each_kind_of_trial_has_its_mark() -> None:
    picture = plot_history(search(story(), 6))
    assert picture is not None
    assert labels(picture.panels[0]) == [
        "pruned",
        "over a limit (cannot win)",
        "complete",
        "best",
        "known good start",
        "failed or diverged (no value)",
    ]
    failed = picture.panels[0].layers[-1]
    assert isinstance(failed, Dots)
    assert list(failed.xs) == [4.0, 5.0]
    assert picture.panels[0].y.span is not None
    assert failed.ys[0] == picture.panels[0].y.span[1]


def test_a_far_target_adds_a_closer_panel_that_leaves_it_out() -> None:
    picture = plot_history(twelve())
    assert picture is not None
    whole, close = picture.panels
    assert [x.label for x in whole.layers if isinstance(x, Level)] == [
        "label priors 0.171",
        "target 0.05",
    ]
    assert not [x for x in close.layers if isinstance(x, Level)]


def test_there_is_no_history_before_a_trial_has_a_value() -> None:
    assert plot_history(search([])) is None
    assert plot_history(search([trial(0, state=TrialState.FAIL), trial(1, math.inf)])) is None


@pytest.mark.parametrize("n_trials", [1, 2], ids=["one", "two"])
def test_one_or_two_trials_are_drawn_on_one_panel(n_trials: int) -> None:
    picture = plot_history(twelve(n_trials))
    assert picture is not None
    assert len(picture.panels) == 1


def test_the_note_says_what_is_left_out_and_what_is_at_the_edge() -> None:
    many = search([*(trial(i, 0.1 + i / 1e5) for i in range(1500)), trial(1500, 9.0)])
    picture = plot_history(many)
    assert picture is not None
    assert "1,000 of 1,501 trials are drawn" in picture.note
    assert "1 far worse trial is drawn at the edge" in picture.note


def test_each_trial_has_a_line_over_its_epochs_and_pruned_ones_end_in_a_dot() -> None:
    trials = [
        trial(0, 0.1, epochs=[0.2, math.nan, 0.1]),
        trial(1, 0.15, epochs=[0.2, 0.15], state=TrialState.PRUNED),
    ]
    picture = plot_epochs(search(trials, 0))
    assert picture is not None
    panel = picture.panels[0]
    assert list(line(panel, "best").xs) == [1, 2, 3]
    assert line(panel, "best").width > line(panel, "pruned").width
    (end,) = [layer for layer in panel.layers if isinstance(layer, Dots)]
    assert (list(end.xs), list(end.ys)) == ([2.0], [0.15])


def test_single_epochs_make_no_curve() -> None:
    assert plot_epochs(search([trial(0, 0.1, epochs=[0.1])])) is None
    assert plot_epochs(search([trial(0, 0.1)])) is None
