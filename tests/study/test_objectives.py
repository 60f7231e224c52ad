import pytest

from search.errors import StudyError
from search.study.objectives import METRICS, Objectives
from search.training.history import Objective

LOSS_AND_SIZE = Objectives(("val_loss", "parameters"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("val_loss", ("val_loss",)),
        ("macro_f1", ("macro_f1",)),
        ("val_loss,parameters", ("val_loss", "parameters")),
        ("seconds, gap ,val_loss", ("val_loss", "seconds", "gap")),
        ("parameters,macro_f1,val_loss", ("macro_f1", "parameters", "val_loss")),
    ],
)
def test_names_are_read_in_their_order_with_a_measure_of_quality_first(
    text: str, names: tuple[str, ...]
) -> None:
    objectives = Objectives.parse(text)
    assert objectives.names == names
    assert Objectives.parse(str(objectives)) == objectives
    assert objectives.first is Objective(names[0])
    assert objectives.are_several is (len(names) > 1)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "val_los",
            r"--objective: expected some of val_loss, macro_f1, .*, got 'val_los'",
            "Nearest: val_loss.",
        ),
        ("val_loss,params", "got 'params'", "Nearest: parameters."),
        ("val_loss,zzz", "got 'zzz'", "Known: gap, macro_f1, parameters, seconds, val_loss."),
        ("", "got ''", "Known: gap, macro_f1, parameters, seconds, val_loss."),
        ("val_loss,", "got ''", "Known: "),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, message: str, hint: str) -> None:
    with pytest.raises(StudyError, match=message) as error:
        Objectives.parse(text)
    assert error.value.hint.startswith(hint)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(StudyError, match="expected each name once, got gap twice"):
        Objectives.parse("gap,val_loss,gap")


def test_without_a_measure_of_quality_an_example_has_one() -> None:
    with pytest.raises(StudyError, match=r"val_loss or macro_f1 .* got parameters,gap") as error:
        Objectives.parse("parameters,gap")
    assert "--objective val_loss,parameters" in error.value.hint


def test_only_a_score_is_maximized() -> None:
    objectives = Objectives(("macro_f1", "val_loss", "parameters", "seconds", "gap"))
    assert objectives.directions == ("maximize", *["minimize"] * 4)


def test_values_are_those_of_the_trials_metrics_but_for_the_first() -> None:
    objectives = Objectives(("val_loss", "seconds", "macro_f1"))
    metrics = {"val_loss": 9.0, "f1_macro": 0.5, "seconds": 12, "gap": 0.1}
    assert objectives.values(0.2, metrics) == (0.2, 12.0, 0.5)
    assert Objectives(("val_loss",)).values(0.2, {}) == (0.2,)


def test_each_objective_is_recorded_under_a_metric() -> None:
    assert METRICS["val_loss"] == "val_loss"
    assert METRICS["macro_f1"] == "f1_macro"
    assert {METRICS[name] for name in ("parameters", "seconds", "gap")} == {
        "parameters",
        "seconds",
        "gap",
    }


def test_less_is_better_in_every_cost() -> None:
    assert Objectives(("macro_f1", "gap")).costs((0.5, 0.1)) == (-0.5, 0.1)
    assert LOSS_AND_SIZE.costs((0.1, 20)) == (0.1, 20)


@pytest.mark.parametrize(
    ("one", "other", "dominates"),
    [
        ((0.1, 10), (0.2, 20), True),
        ((0.1, 20), (0.2, 20), True),
        ((0.1, 10), (0.1, 20), True),
        ((0.1, 10), (0.1, 10), False),
        ((0.1, 20), (0.2, 10), False),
        ((0.2, 10), (0.1, 20), False),
        ((0.2, 20), (0.1, 10), False),
    ],
)
def test_a_trial_dominates_what_is_nowhere_better_and_somewhere_worse(
    one: tuple[float, ...], other: tuple[float, ...], dominates: bool
) -> None:
    assert LOSS_AND_SIZE.dominates(one, other) is dominates


def test_more_dominates_less_where_a_score_is_maximized() -> None:
    objectives = Objectives(("macro_f1", "gap"))
    assert objectives.dominates((0.5, 0.1), (0.4, 0.1))
    assert not objectives.dominates((0.4, 0.1), (0.5, 0.1))
    assert not objectives.dominates((0.5, 0.2), (0.4, 0.1))


def test_numbers_of_another_count_of_objectives_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        LOSS_AND_SIZE.dominates((0.1,), (0.2, 10))
