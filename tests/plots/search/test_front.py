from search.plots.search.front import plot_front
from search.plots.search.layers import Dots, Path
from search.trial.objective import OBJECTIVES, Objectives
from tests.plots.search.searches import LOSS_AND_WEIGHTS, search, trial, twelve

TRIALS = [trial(0, 0.1, 9e5), trial(1, 0.2, 1e5), trial(2, 0.3, 5e5)]


def test_the_front_is_joined_by_steps_and_its_trials_stand_out() -> None:
    picture = plot_front(search(TRIALS, 0, 1, objectives=LOSS_AND_WEIGHTS))
    assert picture is not None
    path, complete, best = picture.panels[0].layers
    assert isinstance(path, Path) and path.is_stepped
    assert (list(path.xs), list(path.ys)) == ([1e5, 9e5], [0.2, 0.1])
    assert isinstance(complete, Dots) and list(complete.ys) == [0.3]
    assert isinstance(best, Dots) and best.mark.label == "best"
    assert picture.panels[0].x.is_log and not picture.panels[0].y.is_log


def test_what_is_maximised_is_walked_from_its_greatest() -> None:
    objectives = Objectives((OBJECTIVES["val_loss"], OBJECTIVES["macro_f1"]))
    trials = [trial(0, 0.1, 0.2), trial(1, 0.2, 0.4)]
    picture = plot_front(search(trials, 0, 1, objectives=objectives))
    assert picture is not None
    path = picture.panels[0].layers[0]
    assert isinstance(path, Path)
    assert list(path.xs) == [0.4, 0.2]
    assert "greater is better" in picture.panels[0].x.label


def test_three_objectives_have_a_panel_a_pair_and_no_line() -> None:
    trials = [trial(n, 0.1 + n, 1e5 / (n + 1), 0.01) for n in range(3)]
    objectives = Objectives.parse("val_loss,parameters,gap")
    picture = plot_front(search(trials, 0, 1, 2, objectives=objectives))
    assert picture is not None
    assert len(picture.panels) == 3
    assert not [x for panel in picture.panels for x in panel.layers if isinstance(x, Path)]


def test_one_objective_has_no_front() -> None:
    assert plot_front(twelve()) is None
    assert plot_front(search([], objectives=LOSS_AND_WEIGHTS)) is None
