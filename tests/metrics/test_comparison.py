import json
import tracemalloc
from dataclasses import asdict
from math import log

import numpy as np
import pytest
from scipy.stats import bootstrap
from sklearn.metrics import f1_score

from search.metrics.comparison import (
    Comparison,
    ComparisonResult,
    compare,
    compare_macro_f1,
    resample_means,
    text_losses,
)
from search.metrics.losses import cross_entropy
from search.metrics.matrices import Bools, Labels
from search.metrics.task import Task
from tests.metrics.choices import draw_choices


def test_a_text_costs_the_mean_over_its_labels() -> None:
    probabilities = np.array([[0.5, 0.25], [0.8, 1.0]])
    labels = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    by_hand = [-(log(0.5) + log(0.75)) / 2, -(log(0.2) + log(1 - 1e-7)) / 2]
    assert text_losses(probabilities, labels) == pytest.approx(by_hand, rel=1e-12)


def test_the_losses_of_the_texts_average_to_the_cross_entropy() -> None:
    generator = np.random.default_rng(3)
    probabilities = generator.random((50, 7)).astype(np.float32)
    probabilities[0] = [0, 1, 0, 1, 0, 1, 0]
    labels = (generator.random((50, 7)) < 0.3).astype(np.uint8)
    mean = text_losses(probabilities, labels).mean()
    assert mean == pytest.approx(cross_entropy(probabilities, labels), rel=1e-12)


def test_losses_of_texts_refuse_nan() -> None:
    with pytest.raises(ValueError, match="not NaN"):
        text_losses(np.array([[np.nan]]), np.array([[1]], dtype=np.uint8))


@pytest.mark.parametrize(
    ("shift", "standing"),
    [
        pytest.param(-0.05, ComparisonResult.BEATS, id="ahead"),
        pytest.param(0.0, ComparisonResult.TIES, id="level"),
        pytest.param(0.05, ComparisonResult.LOSES, id="behind"),
    ],
)
def test_a_model_ahead_on_the_texts_as_a_whole_beats(
    shift: float, standing: ComparisonResult
) -> None:
    generator = np.random.default_rng(0)
    rival = generator.gamma(2.0, 0.1, 400)
    own = rival + generator.normal(0.0, 0.1, 400)
    own += shift - (own - rival).mean()
    found = compare(own, rival, seed=1)
    assert found.result is standing
    assert found.difference == pytest.approx(shift, abs=1e-12)
    assert found.low < found.difference < found.high


def test_the_interval_agrees_with_scipy() -> None:
    generator = np.random.default_rng(2)
    own, rival = generator.gamma(2.0, 0.1, 300), generator.gamma(2.0, 0.11, 300)
    found = compare(own, rival, seed=0, n_resamples=10_000)
    theirs = bootstrap(
        (own - rival,), np.mean, confidence_level=0.9, method="percentile", n_resamples=10_000
    ).confidence_interval
    width = theirs.high - theirs.low
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.04 * width)


def test_equal_losses_tie() -> None:
    losses = np.array([0.1, 0.2, 0.3])
    found = compare(losses, losses, seed=0)
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.result is ComparisonResult.TIES


def test_a_constant_lead_beats_with_no_width() -> None:
    found = compare(np.full(9, 0.25), np.full(9, 0.5), seed=0)
    assert (found.low, found.high, found.result) == (-0.25, -0.25, ComparisonResult.BEATS)


def test_the_same_seed_draws_the_same_interval() -> None:
    own, rival = np.arange(20.0), np.arange(20.0)[::-1].copy()
    assert compare(own, rival, seed=4) == compare(own, rival, seed=4)
    assert compare(own, rival, seed=4) != compare(own, rival, seed=5)


def test_the_same_texts_are_drawn_for_every_model() -> None:
    values = np.random.default_rng(0).random((1, 30))
    means = resample_means(np.vstack([values, values + 1.0]), seed=0, n_resamples=50)
    assert means[:, 1] - means[:, 0] == pytest.approx(np.ones(50))


def test_resamples_of_many_texts_all_differ_and_draw_the_same_texts_for_every_model() -> None:
    # Four million draws at a time are three resamples, so the fourth is in a part of its own.
    n_texts = 1_000_001
    values = np.random.default_rng(1).standard_normal((1, n_texts))
    means = resample_means(np.vstack([values, values + 1.0]), seed=0, n_resamples=4)
    assert len(np.unique(means[:, 0])) == 4
    assert means[:, 1] - means[:, 0] == pytest.approx(np.ones(4))
    # A mean of n values has a standard error of their deviation over the root of n.
    assert means[:, 0] == pytest.approx(values.mean(), abs=5 * values.std() / n_texts**0.5)


def test_a_comparison_survives_json() -> None:
    found = Comparison(-0.1, -0.2, 0.05, 0.9)
    assert Comparison(**json.loads(json.dumps(asdict(found)))) == found


@pytest.mark.parametrize(
    ("own", "rival", "message"),
    [
        pytest.param(
            [0.1, 0.2],
            [0.1],
            r"one loss a text.*\(2,\).*\(1,\)",
            id="another number of texts",
        ),
        pytest.param([], [], "one loss a text", id="no texts"),
        pytest.param([np.nan], [0.1], "finite", id="nan"),
        pytest.param([np.inf], [np.inf], "finite", id="infinity"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered in subtract:RuntimeWarning")
def test_losses_that_cannot_be_compared_are_refused(
    own: list[float], rival: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        compare(np.array(own), np.array(rival), seed=0)


def test_macro_f1_is_compared_as_scikit_learn_has_it() -> None:
    generator = np.random.default_rng(5)
    labels = (generator.random((60, 4)) < 0.4).astype(np.uint8)
    ours = np.where(generator.random((60, 4)) < 0.9, labels, 1 - labels) == 1
    theirs = np.where(generator.random((60, 4)) < 0.7, labels, 1 - labels) == 1
    compared = compare_macro_f1(ours, theirs, labels, seed=0)
    expected = f1_score(labels, theirs, average="macro") - f1_score(labels, ours, average="macro")
    assert compared.difference == pytest.approx(expected)
    assert compared.low < compared.difference < compared.high < 0
    assert compared.result is ComparisonResult.BEATS
    mirrored = compare_macro_f1(theirs, ours, labels, seed=0)
    assert mirrored.result is ComparisonResult.LOSES
    assert mirrored.low == pytest.approx(-compared.high)


def test_many_resamples_of_many_texts_are_drawn_in_parts() -> None:
    labels = np.zeros((20_000, 1), np.uint8)
    labels[::2] = 1
    tracemalloc.start()
    shifted = np.roll(labels, 1) == 1
    compared = compare_macro_f1(labels == 1, shifted, labels, seed=0, n_resamples=500)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (compared.low, compared.high) == (-1.0, -1.0)
    # All 500 at once take 80 MB.
    assert peak < 40e6


def test_resamples_drawn_in_parts_differ() -> None:
    # A million texts are drawn for one resample at a time, so two resamples are two parts.
    labels = np.ones((1_000_001, 1), np.uint8)
    # Another seed than that of the resamples, which would draw with the same random numbers.
    ours = np.random.default_rng(1).random((1_000_001, 1)) < 0.9
    compared = compare_macro_f1(ours, labels == 1, labels, seed=0, n_resamples=2)
    assert compared.low < compared.high
    # By hand: with recall r and no false positive F1 is 2r / (1 + r), here 1.8 / 1.9. Its
    # slope in r is 2 / (1 + r)^2, and r has a standard error of sqrt(0.9 * 0.1 / n).
    error = 2 / 1.9**2 * (0.09 / 1_000_001) ** 0.5
    assert (compared.low, compared.high) == pytest.approx((1 - 1.8 / 1.9,) * 2, abs=6 * error)


def test_one_resample_is_an_interval_without_width() -> None:
    labels = np.array([[1], [0], [1], [1]], np.uint8)
    ours = np.array([[True], [True], [False], [True]])
    compared = compare_macro_f1(ours, labels == 1, labels, seed=0, n_resamples=1)
    assert compared.low == compared.high


def test_resamples_are_spread_as_scipy_has_it() -> None:
    generator = np.random.default_rng(8)
    labels = (generator.random((300, 1)) < 0.4).astype(np.uint8)
    ours = np.where(generator.random((300, 1)) < 0.8, labels, 1 - labels) == 1
    theirs = np.where(generator.random((300, 1)) < 0.75, labels, 1 - labels) == 1
    compared = compare_macro_f1(ours, theirs, labels, seed=0, n_resamples=4000)
    interval = bootstrap(
        (ours[:, 0], theirs[:, 0], labels[:, 0]),
        _lead_in_f1,
        paired=True,
        vectorized=False,
        confidence_level=0.9,
        method="percentile",
        n_resamples=1000,
        rng=0,
    ).confidence_interval
    width = interval.high - interval.low
    assert compared.low == pytest.approx(interval.low, abs=0.1 * width)
    assert compared.high == pytest.approx(interval.high, abs=0.1 * width)


def _lead_in_f1(ours: Bools, theirs: Bools, labels: Labels) -> float:
    of_theirs, of_ours = (
        2.0 * (side & labels).sum() / (side.sum() + labels.sum()) for side in (theirs, ours)
    )
    return float(of_theirs - of_ours)


def test_labels_without_a_positive_are_left_out_of_the_compared_macro_f1() -> None:
    labels = np.array([[1, 0], [0, 0], [1, 0]], np.uint8)
    ours = np.array([[True, True], [False, True], [True, True]])
    theirs = np.array([[True, False], [True, False], [True, False]])
    # By hand on the first label alone: 1 against 2·2 / (3 + 2).
    assert compare_macro_f1(ours, theirs, labels, seed=0).difference == pytest.approx(0.8 - 1.0)
    none = np.zeros_like(labels)
    tied = compare_macro_f1(ours, theirs, none, seed=0)
    assert (tied.low, tied.difference, tied.high) == (0.0, 0.0, 0.0)


def test_the_same_predictions_tie() -> None:
    labels = np.array([[1, 0], [0, 1], [1, 1]], np.uint8)
    same = labels == 1
    assert compare_macro_f1(same, same, labels, seed=0).result is ComparisonResult.TIES


def test_predictions_of_another_shape_are_refused() -> None:
    labels = np.array([[1, 0]], np.uint8)
    with pytest.raises(ValueError, match=r"shape.*\(1, 2\).*\(1, 1\)"):
        compare_macro_f1(labels == 1, np.array([[True]]), labels, seed=0)


def test_with_one_choice_a_text_costs_minus_the_log_of_its_true_label() -> None:
    probabilities = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    labels = np.array([[0, 1, 0], [0, 0, 1]], dtype=np.uint8)
    found = text_losses(probabilities, labels, Task.MULTICLASS)
    assert found.dtype == np.float64
    assert found.tolist() == pytest.approx([-log(0.25), -log(1e-7)], rel=1e-9)


def test_the_losses_of_texts_with_one_choice_average_to_the_cross_entropy() -> None:
    probabilities, labels = draw_choices()
    losses = text_losses(probabilities.astype(np.float32), labels, Task.MULTICLASS)
    assert losses.shape == (300,)
    whole = cross_entropy(probabilities.astype(np.float32), labels, Task.MULTICLASS)
    assert losses.mean() == pytest.approx(whole, rel=1e-12)


def test_losses_of_texts_with_one_choice_need_exactly_one_label() -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.uint8)
    with pytest.raises(ValueError, match="exactly one label"):
        text_losses(np.full((2, 2), 0.5), labels, Task.MULTICLASS)


def test_a_comparison_turned_round_is_that_of_the_rival() -> None:
    known = Comparison(-0.2, -0.3, 0.1, 0.9)
    assert known.reversed() == Comparison(0.2, -0.1, 0.3, 0.9)
    assert known.reversed().reversed() == known
    ahead = Comparison(-0.2, -0.3, -0.1, 0.9)
    assert (ahead.result, ahead.reversed().result) == (
        ComparisonResult.BEATS,
        ComparisonResult.LOSES,
    )


def test_two_models_compare_as_the_other_way_round() -> None:
    generator = np.random.default_rng(0)
    one, other = generator.random(50), generator.random(50)
    forth, back = compare(one, other, seed=1), compare(other, one, seed=1).reversed()
    ends = (back.difference, back.low, back.high)
    assert (forth.difference, forth.low, forth.high) == pytest.approx(ends)
