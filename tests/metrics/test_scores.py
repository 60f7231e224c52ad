from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    label_ranking_average_precision_score,
    log_loss,
    precision_score,
    recall_score,
    top_k_accuracy_score,
)

from search.metrics.calibration import calibration_error
from search.metrics.decisions import score_decisions
from search.metrics.losses import cross_entropy
from search.metrics.scores import Scores, score, score_at
from search.metrics.task import Task
from search.metrics.thresholds import crossed_predictions
from tests.metrics.choices import draw_choices


def split(n_labels: int = 6, decimals: int = 8) -> tuple[Any, Any]:
    """Probabilities and labels of 300 texts, some without a label, as the last of several is."""
    generator = np.random.default_rng(n_labels)
    probabilities = generator.random((300, n_labels)).round(decimals).astype(np.float32)
    labels = (generator.random((300, n_labels)) < 0.6 * probabilities**2).astype(np.uint8)
    if n_labels > 1:
        labels[:30], labels[:, -1] = 0, 0
    return probabilities, labels


@pytest.mark.parametrize("decimals", [1, 8])
@pytest.mark.parametrize("n_labels", [1, 2, 6, 40])
def test_measures_without_a_threshold_are_scikit_learns(n_labels: int, decimals: int) -> None:
    probabilities, labels = split(n_labels, decimals)
    scored = np.flatnonzero(labels.any(axis=0))
    precisions = [average_precision_score(labels[:, c], probabilities[:, c]) for c in scored]
    micro = average_precision_score(labels.ravel(), probabilities.ravel())
    measured = score(probabilities, labels)
    assert measured.average_precision_macro == pytest.approx(np.mean(precisions))
    assert measured.average_precision_micro == pytest.approx(micro)
    assert measured.loss == cross_entropy(probabilities, labels)
    assert measured.calibration_error == calibration_error(probabilities, labels)
    assert measured.n_labels_scored == scored.size
    assert measured.n_labels_left_out == n_labels - scored.size
    if n_labels > 1:
        ranking = label_ranking_average_precision_score(labels, probabilities)
        assert measured.label_ranking_average_precision == pytest.approx(ranking)


def test_the_loss_is_scikit_learns() -> None:
    probabilities, labels = split()
    inside = probabilities.astype(np.float64).clip(0.001, 0.999)
    theirs = log_loss(labels.ravel(), inside.ravel())
    assert score(inside, labels).loss == pytest.approx(theirs)


@pytest.mark.parametrize("n_labels", [1, 6])
def test_decisions_are_those_of_crossed_thresholds_and_of_a_half(n_labels: int) -> None:
    probabilities, labels = split(n_labels)
    measured = score(probabilities, labels)
    assert measured.tuned == score_decisions(crossed_predictions(probabilities, labels), labels)
    assert measured.at_half == score_decisions(probabilities >= 0.5, labels)
    at_half = f1_score(labels.ravel(), probabilities.ravel() >= 0.5)
    assert measured.at_half.f1_micro == pytest.approx(at_half)


def test_thresholds_of_another_split_are_used_as_they_are() -> None:
    probabilities, labels = split()
    thresholds = np.linspace(0.2, 0.9, 6)
    measured = score_at(probabilities, labels, thresholds)
    predictions = probabilities >= thresholds
    samples = f1_score(labels, predictions, average="samples", zero_division=0)
    assert measured.tuned.f1_samples == pytest.approx(samples)
    assert measured.tuned.f1_micro == pytest.approx(f1_score(labels.ravel(), predictions.ravel()))
    assert replace(measured, tuned=score(probabilities, labels).tuned) == score(
        probabilities, labels
    )


def test_a_probability_that_equals_its_threshold_is_predicted() -> None:
    labels = np.ones((2, 1), dtype=np.uint8)
    measured = score_at(np.array([[0.3], [0.2]]), labels, np.array([0.3]))
    assert measured.tuned.recall_micro == 0.5


def test_each_label_needs_a_threshold() -> None:
    probabilities, labels = split()
    with pytest.raises(ValueError, match=r"6 labels.*\(5,\)"):
        score_at(probabilities, labels, np.full(5, 0.5))


@pytest.mark.parametrize(
    ("n_labels", "defined"),
    [
        pytest.param(1, (False, False, False, False), id="1 label"),
        pytest.param(2, (True, True, False, False), id="2 labels"),
        pytest.param(3, (True, True, True, False), id="3 labels"),
        pytest.param(4, (True, True, True, False), id="4 labels"),
        pytest.param(5, (True, True, True, True), id="5 labels"),
    ],
)
def test_rankings_of_too_few_labels_are_undefined(n_labels: int, defined: tuple[bool, ...]) -> None:
    measured = score(*split(n_labels))
    ranking = (
        measured.label_ranking_average_precision,
        measured.precision_at_1,
        measured.precision_at_3,
        measured.precision_at_5,
    )
    assert tuple(value is not None for value in ranking) == defined
    assert (measured.tuned.f1_samples is None) == (n_labels == 1)


def test_the_measures_of_one_text_by_hand() -> None:
    probabilities = np.array([[0.9, 0.8, 0.4, 0.2, 0.1]])
    measured = score(probabilities, np.array([[1, 0, 1, 0, 0]], dtype=np.uint8))
    # A single text is predicted with 0.5: the first two labels, one of them true.
    assert measured.tuned == measured.at_half
    assert measured.tuned.f1_micro == measured.tuned.f1_samples == 0.5
    assert measured.tuned.f1_macro == 0.5
    assert measured.loss == pytest.approx(-np.log([0.9, 0.2, 0.4, 0.8, 0.9]).mean())
    assert measured.average_precision_micro == pytest.approx((1 + 2 / 3) / 2)
    assert measured.average_precision_macro == 1.0
    assert measured.label_ranking_average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert measured.precision_at_1 == 1.0
    assert measured.precision_at_3 == pytest.approx(2 / 3)
    assert measured.precision_at_5 == pytest.approx(2 / 5)
    # Each of five entries is a bin by itself.
    assert measured.calibration_error == pytest.approx((0.1 + 0.8 + 0.6 + 0.2 + 0.1) / 5)
    assert (measured.n_labels_scored, measured.n_labels_left_out) == (2, 3)


def test_a_split_without_positives_has_no_average_precision_and_f1s_of_0() -> None:
    measured = score(np.full((4, 2), 0.5), np.zeros((4, 2), dtype=np.uint8))
    assert measured.loss == pytest.approx(np.log(2))
    assert measured.average_precision_micro is None
    assert measured.average_precision_macro is None
    assert measured.label_ranking_average_precision == 1.0
    assert measured.precision_at_1 == 0.0
    assert measured.tuned.f1_micro == measured.tuned.f1_macro == measured.tuned.f1_weighted == 0.0
    assert (measured.n_labels_scored, measured.n_labels_left_out) == (0, 2)


def test_a_perfect_split_scores_1() -> None:
    labels = np.array([[1, 0, 0], [0, 1, 0]] * 10, dtype=np.uint8)
    measured = score(np.where(labels, 0.9, 0.1), labels)
    assert measured.loss == pytest.approx(-np.log(0.9))
    found = asdict(measured.tuned)
    assert found.pop("hamming_loss") == 0.0
    assert set(found.values()) == {1.0}
    assert measured.average_precision_micro == measured.average_precision_macro == 1.0
    assert measured.label_ranking_average_precision == measured.precision_at_1 == 1.0
    assert measured.calibration_error == pytest.approx(0.1)


def test_measures_are_named_and_undefined_ones_are_missing() -> None:
    decisions = {
        "f1_micro",
        "f1_macro",
        "f1_weighted",
        "precision_micro",
        "precision_macro",
        "recall_micro",
        "recall_macro",
        "exact_match",
        "hamming_loss",
    }
    always = decisions | {f"{name}_at_half" for name in decisions}
    always |= {"loss", "accuracy", "calibration_error", "n_labels_scored", "n_labels_left_out"}
    precisions = {"average_precision_micro", "average_precision_macro"}
    ranking = {"f1_samples", "f1_samples_at_half", "label_ranking_average_precision"}
    ranking |= {"precision_at_1", "precision_at_3", "precision_at_5"}
    nothing = np.zeros((4, 1), dtype=np.uint8)
    assert set(score(*split(6)).measured()) == always | precisions | ranking
    assert set(score(*split(1)).measured()) == always | precisions
    assert set(score(np.full((4, 1), 0.5), nothing).measured()) == always


def test_measured_values_are_those_of_the_fields() -> None:
    measured = score(*split())
    assert measured.at_half is not None
    values = measured.measured()
    assert values["loss"] == measured.loss
    assert values["f1_macro"] == measured.tuned.f1_macro
    assert values["f1_macro_at_half"] == measured.at_half.f1_macro
    assert values["average_precision_macro"] == measured.average_precision_macro
    assert values["n_labels_left_out"] == 1
    assert next(iter(values)) == "loss"


def test_f1_scores_are_scikit_learns() -> None:
    probabilities, labels = split()
    predictions = probabilities >= 0.5
    decisions = score_decisions(predictions, labels)
    assert decisions.f1_micro == pytest.approx(f1_score(labels, predictions, average="micro"))
    scored = f1_score(labels[:, :-1], predictions[:, :-1], average="macro", zero_division=0)
    assert decisions.f1_macro == pytest.approx(scored)


def test_f1_is_0_without_a_positive() -> None:
    nothing = np.zeros((3, 2), dtype=np.uint8)
    for predictions in (nothing == 1, nothing == 0):
        decisions = score_decisions(predictions, nothing)
        assert (decisions.f1_micro, decisions.f1_macro) == (0.0, 0.0)


def test_nan_is_refused() -> None:
    one = np.array([[1]], dtype=np.uint8)
    with pytest.raises(ValueError, match="not NaN"):
        score(np.array([[np.nan]]), one)
    with pytest.raises(ValueError, match="not NaN"):
        score_at(np.array([[np.nan]]), one, np.array([0.5]))


def scores() -> Scores:
    return score(*split())


def test_losses_and_counts_below_0_make_no_scores() -> None:
    message = r"loss.*at least 0"
    with pytest.raises(ValueError, match=message):
        replace(scores(), loss=float("nan"))
    with pytest.raises(ValueError, match=message):
        replace(scores(), loss=-0.1)
    with pytest.raises(ValueError, match=message):
        replace(scores(), n_labels_scored=-1)
    with pytest.raises(ValueError, match=message):
        replace(scores(), n_labels_left_out=-1)
    assert replace(scores(), loss=16.0).loss == 16.0


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan")])
def test_shares_outside_their_range_make_no_scores(wrong: float) -> None:
    message = r"\[0, 1\]"
    with pytest.raises(ValueError, match=message):
        replace(scores(), average_precision_macro=wrong)
    with pytest.raises(ValueError, match=message):
        replace(scores(), precision_at_3=wrong)
    with pytest.raises(ValueError, match=message):
        replace(scores(), calibration_error=wrong)


@pytest.mark.parametrize("n_without", [0, 2], ids=["every label", "two labels on no text"])
def test_the_scores_of_one_choice_are_scikit_learns(n_without: int) -> None:
    probabilities, labels = draw_choices(n_without=n_without)
    true, chosen, scored = labels.argmax(axis=1), probabilities.argmax(axis=1), range(6 - n_without)
    measured = score(probabilities, labels, Task.MULTICLASS)
    accuracy = accuracy_score(true, chosen)
    assert measured.accuracy == measured.tuned.exact_match == pytest.approx(accuracy)
    # One label is predicted and one is true, so the micro averages are the accuracy.
    micro = (measured.tuned.f1_micro, measured.tuned.precision_micro, measured.tuned.recall_micro)
    assert micro == pytest.approx((accuracy,) * 3)
    average = {"labels": list(scored), "average": "macro", "zero_division": 0}
    macro = (measured.tuned.f1_macro, measured.tuned.precision_macro, measured.tuned.recall_macro)
    theirs = [of(true, chosen, **average) for of in (f1_score, precision_score, recall_score)]
    assert macro == pytest.approx(theirs)
    weighted = f1_score(true, chosen, average="weighted", zero_division=0)
    assert measured.tuned.f1_weighted == pytest.approx(weighted)
    top_3 = top_k_accuracy_score(true, probabilities, k=3, labels=list(range(6)))
    assert measured.top_3_accuracy == pytest.approx(top_3)
    ranking = label_ranking_average_precision_score(labels, probabilities)
    assert measured.label_ranking_average_precision == pytest.approx(ranking)
    rows = probabilities / probabilities.sum(axis=1, keepdims=True)
    loss = log_loss(true, rows, labels=list(range(6)))
    assert measured.loss == pytest.approx(loss, rel=1e-6)
    assert (measured.n_labels_scored, measured.n_labels_left_out) == (6 - n_without, n_without)


def test_the_measures_of_one_text_with_one_choice_by_hand() -> None:
    labels = np.array([[0, 0, 1, 0]], dtype=np.uint8)
    measured = score(np.array([[0.5, 0.3, 0.15, 0.05]]), labels, Task.MULTICLASS)
    assert measured.loss == pytest.approx(-np.log(0.15))
    assert (measured.accuracy, measured.top_3_accuracy) == (0.0, 1.0)
    assert measured.tuned.f1_micro == measured.tuned.f1_macro == 0.0
    # The true label is the third of four; the first, with a probability of one half, is wrong.
    assert measured.label_ranking_average_precision == pytest.approx(1 / 3)
    assert measured.calibration_error == 0.5


def test_a_tie_for_the_third_place_counts_in_part() -> None:
    labels = np.array([[0, 0, 1, 0]], dtype=np.uint8)
    measured = score(np.array([[0.4, 0.2, 0.2, 0.2]]), labels, Task.MULTICLASS)
    # Two places for three labels.
    assert measured.top_3_accuracy == pytest.approx(2 / 3)


def test_a_tie_for_the_first_place_goes_to_the_first_label() -> None:
    labels = np.array([[0, 1, 0, 0], [1, 0, 0, 0]], dtype=np.uint8)
    assert score(np.full((2, 4), 0.25), labels, Task.MULTICLASS).accuracy == 0.5


@pytest.mark.parametrize(
    ("n_labels", "is_there"),
    [pytest.param(3, False, id="3 labels"), pytest.param(4, True, id="4 labels")],
)
def test_the_three_most_probable_say_something_of_four_labels_or_more(
    n_labels: int, is_there: bool
) -> None:
    measured = score(*draw_choices(n_labels=n_labels), Task.MULTICLASS)
    assert (measured.top_3_accuracy is not None) == is_there


@pytest.mark.parametrize("n_texts", [1, 3, 49, 1000])
def test_all_texts_right_are_an_accuracy_of_exactly_1(n_texts: int) -> None:
    labels = np.eye(5, dtype=np.uint8)[np.arange(n_texts) % 5]
    measured = score(np.where(labels, 0.9, 0.025), labels, Task.MULTICLASS)
    assert (measured.accuracy, measured.top_3_accuracy) == (1.0, 1.0)
    assert measured.tuned.f1_macro == measured.tuned.f1_micro == 1.0


def test_one_choice_has_neither_a_half_nor_precisions_at_a_rank() -> None:
    measured = score(*draw_choices(), Task.MULTICLASS)
    assert measured.at_half is None
    assert measured.precision_at_1 is measured.precision_at_3 is measured.precision_at_5 is None
    names = measured.measured().keys()
    assert not [name for name in names if name.endswith("_at_half") or "precision_at" in name]
    assert {"loss", "accuracy", "top_3_accuracy", "f1_macro", "exact_match"} <= names


def test_one_choice_needs_no_thresholds() -> None:
    probabilities, labels = draw_choices()
    at = score_at(probabilities, labels, np.empty(0), Task.MULTICLASS)
    assert at == score(probabilities, labels, Task.MULTICLASS)


@pytest.mark.parametrize(
    "row", [[0, 0, 0], [1, 1, 0]], ids=["a text without a label", "a text with two labels"]
)
def test_scores_of_one_choice_need_exactly_one_label_a_text(row: list[int]) -> None:
    labels = np.array([[1, 0, 0], row], dtype=np.uint8)
    with pytest.raises(ValueError, match="exactly one label"):
        score(np.full((2, 3), 1 / 3), labels, Task.MULTICLASS)


def test_predictions_that_were_decided_elsewhere_are_scored() -> None:
    generator = np.random.default_rng(5)
    labels = (generator.random((80, 4)) < 0.4).astype(np.uint8)
    probabilities, decided = generator.random((80, 4)), generator.random((80, 4)) < 0.5
    scores = score(probabilities, labels, predictions=decided)
    assert scores.tuned.f1_macro == pytest.approx(f1_score(labels, decided, average="macro"))
    own = score(probabilities, labels)
    assert (scores.loss, scores.at_half) == (own.loss, own.at_half)


def test_decided_predictions_of_another_shape_are_refused() -> None:
    labels = np.eye(3, dtype=np.uint8)
    with pytest.raises(ValueError, match="shape"):
        score(labels * 0.5, labels, predictions=np.ones((2, 3), np.bool_))
