import pytest

from search.plots.search.hyperparameters import MOST_SLICES, plot_importances, plot_slices
from search.plots.search.layers import Bars, Dots
from search.space.distribution import Float, Int
from search.space.hyperparameters import CATALOGUE
from search.trial.importance import Importance
from tests.plots.search.searches import make_space, search, trial, twelve


def test_importance_has_a_bar_and_what_chance_reaches_for_each() -> None:
    entries = [Importance("cell", 0.8, 0.1), Importance("units_2", 0.2, 0.3)]
    picture = plot_importances(twelve(importances=entries))
    assert picture is not None
    bars, chance = picture.panels[0].layers
    assert isinstance(bars, Bars) and isinstance(chance, Dots)
    assert list(bars.lengths) == [0.8, 0.2]
    assert list(chance.xs) == [0.1, 0.3]
    assert list(picture.panels[0].y.ticks) == [(0, "cell"), (1, "units_2")]


def test_there_is_no_importance_before_it_is_known() -> None:
    assert plot_importances(twelve()) is None
    assert plot_importances(search([], importances=[])) is None


def test_each_varied_hyperparameter_has_a_slice_of_the_trials_that_have_it() -> None:
    picture = plot_slices(twelve())
    assert picture is not None
    rate, cell, units = picture.panels
    assert rate.x.is_log and rate.title == ""
    assert list(cell.x.ticks) == [(0, "lstm"), (1, "gru")]
    assert units.title == "active in 6 of 12 trials"
    n_marks = [sum(len(x.xs) for x in p.layers if isinstance(x, Dots)) for p in picture.panels]
    assert n_marks == [12, 12, 6]


def test_marks_of_a_choice_are_spread_but_stay_with_it() -> None:
    picture = plot_slices(twelve())
    assert picture is not None
    marks = [x for layer in picture.panels[1].layers if isinstance(layer, Dots) for x in layer.xs]
    assert len(set(marks)) == 12
    assert all(abs(x - round(x)) < 0.3 for x in marks)


def test_nothing_varied_has_no_slices() -> None:
    assert plot_slices(search([trial(0, 0.1), trial(1, 0.2)])) is None
    assert plot_slices(search([])) is None


def test_of_many_hyperparameters_the_first_have_a_slice_and_the_note_says_so() -> None:
    sizes = ("vocabulary_size", "sequence_length", "embedding_size", "units_1", "batch_size")
    others = [n for n, kind in CATALOGUE.items() if isinstance(kind, Float) and not kind.low]
    names = [*sizes, *others]
    assert len(names) == 20
    space = make_space({n: Int(16, 64) if n in sizes else Float(0.0, 0.5) for n in names})
    trials = [trial(n, 0.1, hyperparameters=dict.fromkeys(names, n)) for n in range(3)]
    picture = plot_slices(search(trials, space=space))
    assert picture is not None
    assert len(picture.panels) == MOST_SLICES == 16
    assert picture.note.endswith("The first 16 of 20 hyperparameters are drawn.")


@pytest.mark.parametrize("value", [0.0, 0.2], ids=["zeros", "others"])
def test_constant_values_have_slices_too(value: float) -> None:
    of = search(
        [trial(n, value, hyperparameters={"learning_rate": 0.1 * (n + 1)}) for n in range(3)]
    )
    assert plot_slices(of) is not None
