from dataclasses import replace

import pytest

from search.metrics.comparison import Comparison
from search.metrics.extrapolation import Extrapolation
from search.metrics.power_law import PowerLaw
from search.report.reach import Reach, Verdict
from search.training.history import Objective

BEATS = Comparison(-0.002, -0.003, -0.001, 0.9)
TIES = Comparison(0.0, -0.001, 0.001, 0.9)
LOSES = Comparison(0.02, 0.01, 0.03, 0.9)
FAR = Extrapolation(
    PowerLaw(0.0, 0.26, 0.075), 7046, 10.0, 0.11, 0.099, 0.116, 0.9, 0.05, None, None, None
)
NEAR = Extrapolation(
    PowerLaw(0.02, 0.5, 0.3), 4800, 10.0, 0.04, 0.03, 0.048, 0.9, 0.05, 2.4, 1.6, 4.9
)
PERHAPS = replace(NEAR, predicted=0.06, low=0.045, high=0.08, multiple=None, multiple_high=None)
SLOW = Reach(
    Objective.VAL_LOSS,
    target=0.05,
    best=0.13,
    prior_loss=0.171,
    baseline_loss=0.132,
    comparison=BEATS,
    network=FAR,
    baseline=FAR,
)


def words(reach: Reach) -> str:
    return " ".join(reach.sentences())


@pytest.mark.parametrize("best", [0.05, 0.03])
def test_a_best_value_at_the_target_or_below_has_reached_it(best: float) -> None:
    reach = replace(SLOW, best=best)
    assert reach.verdict is Verdict.REACHED
    assert f"{best:.4f}" in words(reach)


def test_a_target_reached_on_texts_that_name_their_labels_says_so() -> None:
    reach = replace(SLOW, best=0.028, leaks=True)
    assert reach.verdict is Verdict.REACHED_BY_LEAK
    assert "reached, but the texts name their labels" in words(reach)


@pytest.mark.parametrize("comparison", [BEATS, TIES])
def test_out_of_reach_needs_both_intervals_above_the_target(comparison: Comparison) -> None:
    reach = replace(SLOW, comparison=comparison)
    assert reach.verdict is Verdict.OUT_OF_REACH
    assert "10 times the texts the best network is expected at 0.1100 (0.0990 to" in words(reach)
    assert "linear baseline is expected" in words(reach)


def test_a_baseline_that_would_get_there_keeps_the_target_within_reach() -> None:
    reach = replace(SLOW, baseline=NEAR)
    assert reach.verdict is Verdict.WITHIN_REACH
    assert "linear baseline it takes about 2.4 times the texts (1.6 to 4.9, 90%)" in words(reach)
    assert "Search more." in words(reach)


def test_within_reach_says_how_much_more_data() -> None:
    reach = replace(SLOW, best=0.07, network=NEAR)
    assert reach.verdict is Verdict.WITHIN_REACH
    assert "best network it takes about 2.4 times the texts (1.6 to 4.9, 90%)" in words(reach)


def test_an_interval_that_only_touches_the_target_is_within_reach_with_a_perhaps() -> None:
    reach = replace(SLOW, best=0.1, network=PERHAPS)
    assert reach.verdict is Verdict.WITHIN_REACH
    assert "may take more than 10 times the texts" in words(reach)


def test_a_multiple_without_an_upper_end_is_said_to_have_none() -> None:
    reach = replace(SLOW, best=0.07, network=replace(NEAR, multiple_high=None))
    assert "(1.6 to more than 10, 90%)" in words(reach)


def test_a_baseline_that_meets_the_target_asks_for_more_search() -> None:
    reach = replace(SLOW, baseline_loss=0.045, comparison=LOSES)
    assert reach.verdict is Verdict.WITHIN_REACH
    assert "The linear baseline has 0.0450 on these texts already: search more." in words(reach)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (replace(SLOW, best=None), "No trial is complete"),
        (replace(SLOW, comparison=None), "not been compared"),
        (
            replace(SLOW, comparison=LOSES),
            "has not beaten the linear baseline: 0.1300 against 0.1320. ",
        ),
        (replace(SLOW, comparison=LOSES, baseline_loss=None), "the linear baseline. More trials"),
        (
            replace(SLOW, network=None),
            "no learning curve of the best network. The same search, run again,",
        ),
        (replace(SLOW, baseline=None), "no learning curve of the linear baseline. The same"),
        (replace(SLOW, best=0.16), "hardly left the label priors"),
        (replace(SLOW, best=0.16, network=None), "hardly left the label priors"),
    ],
)
def test_what_is_missing_keeps_the_verdict_open_and_is_named(changed: Reach, why: str) -> None:
    assert changed.verdict is Verdict.CANNOT_TELL
    assert why in words(changed)


UNMEASURED = replace(SLOW, network=None, baseline=None)


@pytest.mark.parametrize("comparison", [BEATS, TIES])
@pytest.mark.parametrize(
    "unmeasured", [UNMEASURED, replace(SLOW, network=None), replace(SLOW, baseline=None)]
)
def test_where_all_but_the_curves_is_known_they_are_lacking(
    unmeasured: Reach, comparison: Comparison
) -> None:
    assert replace(unmeasured, comparison=comparison).lacks_curves


@pytest.mark.parametrize(
    "settled",
    [
        SLOW,
        replace(UNMEASURED, target=None),
        replace(UNMEASURED, objective=Objective.MACRO_F1),
        replace(UNMEASURED, best=None),
        replace(UNMEASURED, best=0.05),
        replace(UNMEASURED, forced_loss=0.06),
        replace(UNMEASURED, floor=0.06),
        replace(UNMEASURED, baseline_loss=0.05),
        replace(UNMEASURED, comparison=None),
        replace(UNMEASURED, comparison=LOSES),
        replace(UNMEASURED, best=0.16),
    ],
)
def test_curves_that_would_settle_nothing_are_not_lacking(settled: Reach) -> None:
    assert not settled.lacks_curves


@pytest.mark.parametrize(
    ("limited", "why"),
    [
        (replace(SLOW, forced_loss=0.06), "below 0.0600 here: texts repeat with other labels"),
        (replace(SLOW, floor=0.0522), "below 0.0522 here: the labels of these data are drawn"),
        (replace(SLOW, floor=0.0522, best=None, network=None, baseline=None), "below 0.0522"),
    ],
)
def test_a_limit_of_the_data_above_the_target_holds_for_every_model(
    limited: Reach, why: str
) -> None:
    assert limited.verdict is Verdict.OUT_OF_REACH
    assert f"No model can get {why}" in words(limited)


def test_a_floor_below_the_target_limits_nothing() -> None:
    assert replace(SLOW, floor=0.0191, network=NEAR).verdict is Verdict.WITHIN_REACH


@pytest.mark.parametrize(
    "reach", [replace(SLOW, target=None), replace(SLOW, objective=Objective.MACRO_F1)]
)
def test_no_target_and_another_objective_have_no_verdict(reach: Reach) -> None:
    assert reach.verdict is None
    assert reach.sentences() == []


def test_a_loss_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="losses must be finite"):
        replace(SLOW, best=float("nan"))


def test_a_curve_asked_about_another_target_is_refused() -> None:
    with pytest.raises(ValueError, match=r"asked about 0\.05, not 0\.1"):
        replace(SLOW, target=0.1)
