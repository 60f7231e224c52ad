import numpy as np
import pytest

from search.errors import StudyError
from search.metrics.comparison import compare, compare_macro_f1, text_losses
from search.metrics.task import Task
from search.metrics.thresholds import crossed_predictions
from search.trial.epoch import Curves
from search.trial.objective import (
    MACRO_F1,
    OBJECTIVES,
    QUALITIES,
    VAL_LOSS,
    Objective,
    Objectives,
    find_quality,
)
from tests.trials import make_report

LOSS_AND_SIZE = Objectives.parse("val_loss,parameters")
ALL = pytest.mark.parametrize("objective", [*OBJECTIVES.values()], ids=str)
EACH_QUALITY = pytest.mark.parametrize("objective", [OBJECTIVES[q] for q in QUALITIES], ids=str)
RANDOM = np.random.default_rng(5)
LABELS = RANDOM.integers(0, 2, (60, 3), dtype=np.uint8)
MODEL = np.clip(0.6 * LABELS + RANDOM.uniform(0, 0.4, LABELS.shape), 0, 1)
RIVAL = RANDOM.uniform(0, 1, LABELS.shape)


@ALL
def test_every_objective_has_a_metric_of_its_own_and_is_found_by_its_name(
    objective: Objective,
) -> None:
    assert objective.metric
    assert [o for o in OBJECTIVES.values() if o.metric == objective.metric] == [objective]
    assert OBJECTIVES[str(objective)] is objective


@EACH_QUALITY
def test_every_quality_is_read_from_an_epoch_and_from_the_curves(objective: Objective) -> None:
    reports = [make_report(1, **{objective.metric: 0.25}), make_report(2)]
    values = [objective.read_epoch(report) for report in reports]
    assert values[0] == 0.25
    assert list(objective.read_curve(Curves.from_reports(reports))) == values


@EACH_QUALITY
def test_every_quality_tells_a_good_model_from_a_poor_one(objective: Objective) -> None:
    ahead = objective.compare(MODEL, RIVAL, LABELS, Task.MULTILABEL, seed=0)
    behind = objective.compare(RIVAL, MODEL, LABELS, Task.MULTILABEL, seed=0)
    assert ahead.high < 0.0 < behind.low
    same = objective.compare(MODEL, MODEL, LABELS, Task.MULTILABEL, seed=0)
    assert (same.low, same.difference, same.high) == (0.0, 0.0, 0.0)


@EACH_QUALITY
def test_every_quality_has_a_value_without_skill(objective: Objective) -> None:
    value = objective.value_without_skill(0.4)
    perfect = 0.0 if objective.is_minimized else 1.0
    assert objective.is_better(perfect, value)


def test_a_model_without_skill_has_the_loss_of_the_priors_and_no_score() -> None:
    assert VAL_LOSS.value_without_skill(0.4) == 0.4
    assert MACRO_F1.value_without_skill(0.4) == 0.0


def test_each_quality_reads_its_own_measure_of_an_epoch() -> None:
    report = make_report(val_loss=0.25, f1_macro=0.75)
    assert VAL_LOSS.read_epoch(report) == 0.25
    assert MACRO_F1.read_epoch(report) == 0.75


@pytest.mark.parametrize("seed", [0, 7])
def test_losses_are_compared_text_by_text(seed: int) -> None:
    losses, rivals = (text_losses(p, LABELS) for p in (MODEL, RIVAL))
    assert VAL_LOSS.compare(MODEL, RIVAL, LABELS, Task.MULTILABEL, seed=seed) == compare(
        losses, rivals, seed=seed
    )


@pytest.mark.parametrize("seed", [0, 7])
def test_scores_are_compared_at_thresholds_tuned_on_the_other_half(seed: int) -> None:
    predicted, rivals = (crossed_predictions(p, LABELS) for p in (MODEL, RIVAL))
    direct = compare_macro_f1(predicted, rivals, LABELS, seed=seed)
    assert MACRO_F1.compare(MODEL, RIVAL, LABELS, Task.MULTILABEL, seed=seed) == direct


def test_the_validation_loss_alone_is_the_loss() -> None:
    assert [objective for objective in OBJECTIVES.values() if objective.is_loss] == [VAL_LOSS]


def test_only_a_score_is_better_higher() -> None:
    assert VAL_LOSS.is_better(0.1, than=0.2) and not VAL_LOSS.is_better(0.2, than=0.1)
    assert MACRO_F1.is_better(0.2, than=0.1) and not MACRO_F1.is_better(0.1, than=0.2)
    assert [o for o in OBJECTIVES.values() if not o.is_minimized] == [MACRO_F1]


@ALL
def test_an_equal_value_is_no_better_but_meets_a_target(objective: Objective) -> None:
    assert not objective.is_better(0.5, than=0.5)
    assert objective.meets(0.5, 0.5)


@ALL
def test_less_is_better_in_every_cost(objective: Objective) -> None:
    better, worse = (0.1, 0.2) if objective.is_minimized else (0.2, 0.1)
    assert objective.cost(better) < objective.cost(worse)
    assert objective.meets(better, worse) and not objective.meets(worse, better)


@pytest.mark.parametrize("name", ["val_loss", "macro_f1"])
def test_a_quality_is_found_by_its_name(name: str) -> None:
    assert find_quality(name).name == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("parameters", "Known: ", id="no quality"),
        pytest.param("val_los", "Nearest: val_loss.", id="misspelt"),
    ],
)
def test_what_is_no_quality_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(StudyError, match="val_loss, macro_f1") as error:
        find_quality(name)
    assert repr(name) in error.value.message
    assert error.value.hint.startswith(hint)
    assert error.value.parameter == "objective"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("val_loss", ("val_loss",), id="loss"),
        pytest.param("macro_f1", ("macro_f1",), id="score"),
        pytest.param("val_loss,parameters", ("val_loss", "parameters"), id="two"),
        pytest.param("seconds, gap ,val_loss", ("val_loss", "seconds", "gap"), id="loss last"),
        pytest.param(
            "parameters,macro_f1,val_loss", ("macro_f1", "parameters", "val_loss"), id="both"
        ),
    ],
)
def test_names_are_read_in_their_order_with_a_measure_of_quality_first(
    text: str, names: tuple[str, ...]
) -> None:
    objectives = Objectives.parse(text)
    assert objectives.names == names
    assert Objectives.parse(str(objectives)) == objectives
    assert objectives.first is OBJECTIVES[names[0]]
    assert objectives.are_several is (len(names) > 1)


def test_the_loss_alone_is_searched_for_by_default() -> None:
    assert Objectives() == Objectives.parse("val_loss")


@pytest.mark.parametrize(
    ("text", "word", "hint"),
    [
        pytest.param("val_los", "'val_los'", "Nearest: val_loss.", id="misspelt"),
        pytest.param("val_loss,params", "'params'", "Nearest: parameters.", id="second"),
        pytest.param("val_loss,zzz", "'zzz'", "Known: gap, macro_f1, parameters, ", id="unlike"),
        pytest.param("", "''", "Known: gap, macro_f1, parameters, seconds, val_loss.", id="empty"),
        pytest.param("val_loss,", "''", "Known: ", id="comma at the end"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, word: str, hint: str) -> None:
    with pytest.raises(StudyError, match="val_loss, macro_f1, parameters, seconds, gap") as error:
        Objectives.parse(text)
    assert error.value.message.endswith(word)
    assert error.value.hint.startswith(hint)
    assert error.value.parameter == "objective"


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(StudyError, match="gap twice") as error:
        Objectives.parse("gap,val_loss,gap")
    assert error.value.parameter == "objective"


def test_without_a_measure_of_quality_an_example_has_one() -> None:
    with pytest.raises(StudyError, match=r"val_loss or macro_f1 .* parameters,gap") as error:
        Objectives.parse("parameters,gap")
    assert "val_loss,parameters" in error.value.hint
    assert error.value.parameter == "objective"


def test_only_a_score_is_maximized() -> None:
    objectives = Objectives.parse("macro_f1,val_loss,parameters,seconds,gap")
    assert objectives.directions == ("maximize", *["minimize"] * 4)


def test_values_are_those_of_the_trials_metrics_but_for_the_first() -> None:
    metrics = {"val_loss": 9.0, "f1_macro": 0.5, "seconds": 12, "gap": 0.1}
    assert Objectives.parse("val_loss,seconds,macro_f1").values(0.2, metrics) == (0.2, 12.0, 0.5)
    assert Objectives().values(0.2, {}) == (0.2,)


def test_costs_follow_the_direction_of_each_objective() -> None:
    assert Objectives.parse("macro_f1,gap").costs((0.5, 0.1)) == (-0.5, 0.1)
    assert LOSS_AND_SIZE.costs((0.1, 20)) == (0.1, 20)


@pytest.mark.parametrize(
    ("one", "other", "dominates"),
    [
        pytest.param((0.1, 10), (0.2, 20), True, id="better in both"),
        pytest.param((0.1, 20), (0.2, 20), True, id="better in the first"),
        pytest.param((0.1, 10), (0.1, 20), True, id="better in the second"),
        pytest.param((0.1, 10), (0.1, 10), False, id="equal"),
        pytest.param((0.1, 20), (0.2, 10), False, id="worse in the second"),
        pytest.param((0.2, 10), (0.1, 20), False, id="worse in the first"),
        pytest.param((0.2, 20), (0.1, 10), False, id="worse in both"),
    ],
)
def test_a_trial_dominates_what_is_nowhere_better_and_somewhere_worse(
    one: tuple[float, ...], other: tuple[float, ...], dominates: bool
) -> None:
    assert LOSS_AND_SIZE.dominates(one, other) is dominates


def test_more_dominates_less_where_a_score_is_maximized() -> None:
    objectives = Objectives.parse("macro_f1,gap")
    assert objectives.dominates((0.5, 0.1), (0.4, 0.1))
    assert not objectives.dominates((0.4, 0.1), (0.5, 0.1))
    assert not objectives.dominates((0.5, 0.2), (0.4, 0.1))


def test_numbers_of_another_count_of_objectives_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        LOSS_AND_SIZE.dominates((0.1,), (0.2, 10))
