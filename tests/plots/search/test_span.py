import pytest

from search.plots.search.span import Span, describe_outliers
from search.trial.objective import OBJECTIVES, Objectives
from tests.plots.search.searches import F1, search, trial


def test_it_spans_values_and_levels_with_a_margin() -> None:
    span = Span.choose(search([trial(0, 0.1), trial(1, 0.2)]), levels=[0.0])
    assert (span.low, span.high) == pytest.approx((-0.012, 0.212))


def test_a_far_worse_trial_stands_at_the_edge_and_is_counted() -> None:
    # Quartiles 0.12 and 0.16: far out is above 0.16 + 3 * 0.04 = 0.28.
    films = search([trial(i, value) for i, value in enumerate([0.1, 0.12, 0.14, 0.16, 40.0])])
    span = Span.choose(films)
    assert span.high == pytest.approx(0.16 + 0.06 * 0.06)
    assert span.hold(40.0) == span.high
    assert describe_outliers(films, span) == "1 far worse trial is drawn at the edge."


def test_a_far_better_trial_is_never_at_the_edge() -> None:
    films = search([trial(i, value) for i, value in enumerate([10.0, 10.1, 10.2, 10.3, 0.1])])
    span = Span.choose(films)
    assert span.hold(0.1) == 0.1
    assert describe_outliers(films, span) == ""


def test_where_greater_is_better_the_lower_side_is_held() -> None:
    values = [0.5, 0.51, 0.52, 0.53, 0.0]
    films = search([trial(i, value) for i, value in enumerate(values)], objectives=F1)
    assert Span.choose(films).hold(0.0) == pytest.approx(0.5 - 0.06 * 0.03)


def test_equal_values_have_a_span_too() -> None:
    span = Span.choose(search([trial(0, 0.2), trial(1, 0.2)]))
    assert (span.low, span.high) == pytest.approx((0.19, 0.21))
    zero = Span.choose(search([trial(0, 0.0)]))
    assert (zero.low, zero.high) == (-1.0, 1.0)


def test_a_logarithmic_objective_has_all_values() -> None:
    trials = [trial(i, 10.0**power) for i, power in enumerate([3, 3.1, 3.2, 9])]
    weights = Objectives((OBJECTIVES["parameters"],))
    span = Span.choose(search(trials, objectives=weights))
    assert (span.low, span.high) == (1e3, 1e9)
