from dataclasses import replace
from typing import Any

import pytest

from search.metrics.comparison import Comparison
from search.metrics.extrapolation import Extrapolation
from search.metrics.learning_curves import LearningCurves
from search.metrics.power_law import PowerLaw
from search.report.reach import Reach, TargetVerdict
from tests.store.settings import make_settings

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
    make_settings(target=0.05, prior_loss=0.171),
    best=0.13,
    baseline_loss=0.132,
    comparison=BEATS,
    curves=LearningCurves(0, FAR, FAR),
)

F1 = replace(SLOW.settings.fingerprint, objective="macro_f1")
LEVEL = pytest.mark.parametrize("comparison", [BEATS, TIES], ids=["beats", "ties"])


def change(reach: Reach, **settings: Any) -> Reach:
    return replace(reach, settings=replace(reach.settings, **settings))


def words(reach: Reach) -> str:
    return " ".join(reach.sentences())


@pytest.mark.parametrize("best", [0.05, 0.03])
def test_a_best_value_at_the_target_or_below_has_reached_it(best: float) -> None:
    reach = replace(SLOW, best=best)
    assert reach.verdict is TargetVerdict.REACHED
    assert f"{best:.4f}" in words(reach)


def test_a_target_reached_on_texts_that_name_their_labels_says_so() -> None:
    reach = replace(change(SLOW, leaks=True), best=0.028)
    assert reach.verdict is TargetVerdict.REACHED_BY_LEAK
    assert "reached, but the texts name their labels" in words(reach)


@LEVEL
def test_out_of_reach_needs_both_intervals_above_the_target(comparison: Comparison) -> None:
    reach = replace(SLOW, comparison=comparison)
    assert reach.verdict is TargetVerdict.OUT_OF_REACH
    assert "With 10 times the texts, the best network" in words(reach)
    assert "0.1100 (0.0990 to 0.1160, 90%)" in words(reach)
    assert "the linear baseline is expected" in words(reach)


def test_a_baseline_that_would_get_there_keeps_the_target_within_reach() -> None:
    reach = replace(SLOW, curves=LearningCurves(0, FAR, NEAR))
    assert reach.verdict is TargetVerdict.WITHIN_REACH
    assert "curve of the linear baseline" in words(reach)
    assert "about 2.4 times the texts (1.6 to 4.9, 90%). Run more trials." in words(reach)


def test_within_reach_says_how_much_more_data() -> None:
    reach = replace(SLOW, best=0.07, curves=LearningCurves(0, NEAR, FAR))
    assert reach.verdict is TargetVerdict.WITHIN_REACH
    assert "curve of the best network" in words(reach)
    assert "about 2.4 times the texts (1.6 to 4.9, 90%)" in words(reach)
    assert "more trials" not in words(reach)


def test_an_interval_that_only_touches_the_target_is_within_reach_with_a_perhaps() -> None:
    reach = replace(SLOW, best=0.1, curves=LearningCurves(0, PERHAPS, FAR))
    assert reach.verdict is TargetVerdict.WITHIN_REACH
    assert "may take more than 10 times the texts" in words(reach)


def test_a_multiple_without_an_upper_end_is_said_to_have_none() -> None:
    endless = replace(NEAR, multiple_high=None)
    reach = replace(SLOW, best=0.07, curves=LearningCurves(0, endless, FAR))
    assert "(1.6 to more than 10, 90%)" in words(reach)


def test_a_baseline_that_meets_the_target_has_reached_it() -> None:
    reach = replace(SLOW, baseline_loss=0.045, comparison=LOSES)
    assert reach.verdict is TargetVerdict.REACHED
    assert "The linear baseline has a loss of 0.0450." in words(reach)


def test_the_better_of_network_and_baseline_is_held_against_the_target() -> None:
    reach = replace(SLOW, best=0.04, baseline_loss=0.045)
    assert "The best network has a loss of 0.0400." in words(reach)
    reach = replace(SLOW, best=0.045, baseline_loss=0.04)
    assert "The linear baseline has a loss of 0.0400." in words(reach)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param(replace(SLOW, best=None), "No trial is complete", id="no trial"),
        pytest.param(replace(SLOW, comparison=None), "not been compared", id="not compared"),
        pytest.param(
            replace(SLOW, comparison=LOSES),
            "loses to the linear baseline: 0.1300 against 0.1320. ",
            id="loses",
        ),
        pytest.param(
            replace(SLOW, comparison=LOSES, baseline_loss=None),
            "loses to the linear baseline. Run more trials",
            id="loses to an unknown loss",
        ),
        pytest.param(
            replace(SLOW, curves=None),
            "no learning curve of the best network or the linear baseline. Run the same search",
            id="no curves",
        ),
        pytest.param(
            replace(SLOW, best=0.16), "0.1600 is hardly below that of the label", id="near priors"
        ),
        pytest.param(
            replace(SLOW, best=0.16, curves=None), "hardly below", id="near priors without curves"
        ),
    ],
)
def test_what_is_missing_keeps_the_verdict_open_and_is_named(changed: Reach, why: str) -> None:
    assert changed.verdict is TargetVerdict.CANNOT_TELL
    assert why in words(changed)


UNMEASURED = replace(SLOW, curves=None)


@LEVEL
def test_where_all_but_the_curves_is_known_they_are_lacking(comparison: Comparison) -> None:
    assert replace(UNMEASURED, comparison=comparison).lacks_curves


@pytest.mark.parametrize(
    "settled",
    [
        pytest.param(SLOW, id="measured"),
        pytest.param(change(UNMEASURED, target=None), id="no target"),
        pytest.param(change(UNMEASURED, fingerprint=F1), id="macro F1"),
        pytest.param(replace(UNMEASURED, best=None), id="no trial"),
        pytest.param(replace(UNMEASURED, best=0.05), id="reached"),
        pytest.param(change(UNMEASURED, forced_loss=0.06), id="forced"),
        pytest.param(change(UNMEASURED, floor=0.06), id="floor"),
        pytest.param(replace(UNMEASURED, baseline_loss=0.05), id="reached by the baseline"),
        pytest.param(replace(UNMEASURED, comparison=None), id="not compared"),
        pytest.param(replace(UNMEASURED, comparison=LOSES), id="loses"),
        pytest.param(replace(UNMEASURED, best=0.16), id="near priors"),
    ],
)
def test_curves_that_would_settle_nothing_are_not_lacking(settled: Reach) -> None:
    assert not settled.lacks_curves


@pytest.mark.parametrize(
    ("limited", "why"),
    [
        pytest.param(
            change(SLOW, forced_loss=0.06),
            "below 0.0600 here: some texts are repeated with different labels",
            id="forced",
        ),
        pytest.param(
            change(SLOW, floor=0.0522), "below 0.0522 here: the data are generated", id="floor"
        ),
        pytest.param(
            replace(change(SLOW, floor=0.0522), best=None, curves=None),
            "below 0.0522",
            id="floor before any trial",
        ),
    ],
)
def test_a_limit_of_the_data_above_the_target_holds_for_every_model(
    limited: Reach, why: str
) -> None:
    assert limited.verdict is TargetVerdict.OUT_OF_REACH
    assert f"No model can get {why}" in words(limited)


def test_a_floor_below_the_target_limits_nothing() -> None:
    reach = replace(change(SLOW, floor=0.0191), curves=LearningCurves(0, NEAR, FAR))
    assert reach.verdict is TargetVerdict.WITHIN_REACH


@pytest.mark.parametrize(
    ("reach", "sentences"),
    [
        pytest.param(change(SLOW, target=None), [], id="no target"),
        pytest.param(change(SLOW, fingerprint=F1), ["The target 0.05 is met."], id="macro F1"),
        pytest.param(
            change(SLOW, fingerprint=F1, target=0.5), ["The target 0.5 is not met."], id="missed"
        ),
    ],
)
def test_no_target_and_another_objective_have_no_verdict(
    reach: Reach, sentences: list[str]
) -> None:
    assert reach.verdict is None
    assert reach.sentences() == sentences
