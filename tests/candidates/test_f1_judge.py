from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from search.candidates.f1_judge import F1Judge
from search.metrics.matrices import Labels
from search.metrics.task import Task
from tests.candidates.making import draw_choices, draw_labels, draw_probabilities

ALL = np.ones(1, np.bool_)
NONE = np.zeros(1, np.int64)


def make_judge(models: Any, labels: Labels, task: Task = Task.MULTILABEL) -> F1Judge:
    return F1Judge(np.asarray(models, np.float32), labels, task)


def judge_alone(probabilities: Any, labels: Labels, task: Task = Task.MULTILABEL) -> float:
    """Measure the macro F1 of a single model by the criterion."""
    judge = make_judge([probabilities], labels, task)
    return float(1.0 - judge.criterion(np.ones(len(labels), np.int64)).costs(NONE, ALL)[0])


def macro_f1(labels: Labels, predictions: Any) -> float:
    return float(f1_score(labels, predictions, average="macro", zero_division=0.0))


def separate(labels: Labels, wrong: Any, low: float = 0.1, high: float = 0.8) -> Any:
    """Give true labels a high probability and others a low one, except for some entries."""
    return np.where((labels == 1) ^ wrong, high, low)


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.8), (0.001, 0.01), (0.97, 0.999), (0.0, 1.0)])
def test_two_clear_levels_are_cut_between_them(low: float, high: float) -> None:
    labels = draw_labels(200, 4)
    wrong = np.random.default_rng(1).random(labels.shape) < 0.1
    predictions = (labels == 1) ^ wrong
    found = judge_alone(separate(labels, wrong, low, high), labels)
    assert found == pytest.approx(macro_f1(labels, predictions), abs=1e-9)


def test_a_binary_task_has_the_f1_of_its_label() -> None:
    labels = draw_labels(100, 1)
    wrong = np.random.default_rng(2).random(labels.shape) < 0.15
    expected = f1_score(labels[:, 0], ((labels == 1) ^ wrong)[:, 0])
    assert judge_alone(separate(labels, wrong), labels, Task.BINARY) == pytest.approx(expected)


def test_the_most_probable_of_several_choices_is_predicted() -> None:
    labels = draw_choices(150, 5)
    probabilities = draw_probabilities(labels, skill=1.5)
    expected = f1_score(labels.argmax(axis=1), probabilities.argmax(axis=1), average="macro")
    assert judge_alone(probabilities, labels, Task.MULTICLASS) == pytest.approx(expected)


def test_labels_without_positives_are_left_out() -> None:
    labels = draw_labels(100, 4)
    labels[:, 2] = 0
    wrong = np.random.default_rng(3).random(labels.shape) < 0.1
    expected = macro_f1(labels[:, [0, 1, 3]], ((labels == 1) ^ wrong)[:, [0, 1, 3]])
    assert judge_alone(separate(labels, wrong), labels) == pytest.approx(expected)


def test_classes_without_texts_are_left_out() -> None:
    labels = np.hstack([draw_choices(60, 3), np.zeros((60, 2), np.uint8)])
    probabilities = draw_probabilities(labels, skill=1.0)
    true, chosen = labels.argmax(axis=1), probabilities.argmax(axis=1)
    expected = f1_score(true, chosen, labels=[0, 1, 2], average="macro")
    assert judge_alone(probabilities, labels, Task.MULTICLASS) == pytest.approx(expected)


def test_without_any_positive_the_f1_is_0() -> None:
    labels = np.zeros((20, 3), np.uint8)
    assert judge_alone(draw_probabilities(labels), labels) == 0.0


@pytest.mark.parametrize("n_texts", [1, 2, 3])
def test_a_few_texts_are_enough(n_texts: int) -> None:
    labels = np.ones((n_texts, 2), np.uint8)
    assert judge_alone(labels * 0.7, labels) == 1.0


def test_half_of_the_texts_is_cut_where_the_other_half_says() -> None:
    # What is best for one half is useless for the other: no F1 above that of all texts as positive.
    labels = draw_labels(400, 1, share=0.2)
    noise = np.random.default_rng(4).random(labels.shape)
    everything = f1_score(labels, np.ones_like(labels))
    assert judge_alone(noise, labels) <= everything + 0.05


def test_an_ensemble_is_the_average_of_its_models() -> None:
    labels = draw_labels(100, 3)
    one, other = (draw_probabilities(labels, seed=seed) for seed in (1, 2))
    judge = make_judge([one, other], labels)
    found = judge.criterion(np.ones(100, np.int64)).costs(np.array([2, 0]), np.ones(2, np.bool_))
    average = (2 * one.astype(np.float64) + other) / 3
    assert 1.0 - found[1] == pytest.approx(judge_alone(average, labels), abs=0.02)
    assert judge.mix(np.array([2 / 3, 1 / 3])) == pytest.approx(average, abs=1e-6)


def test_texts_that_do_not_count_change_nothing() -> None:
    labels = draw_labels(120, 4)
    probabilities = draw_probabilities(labels)
    n_times = np.random.default_rng(5).integers(0, 2, 120)
    judge = make_judge([probabilities], labels)
    found = judge.criterion(n_times).costs(NONE, ALL)[0]
    rows = n_times == 1
    assert 1.0 - found == pytest.approx(judge_alone(probabilities[rows], labels[rows]))


def test_a_text_counts_as_often_as_it_is_said_to() -> None:
    labels = draw_labels(90, 3)
    n_times = np.arange(90) % 3
    wrong = np.random.default_rng(6).random(labels.shape) < 0.2
    repeated = np.repeat(np.arange(90), n_times)
    predictions = ((labels == 1) ^ wrong)[repeated]
    found = make_judge([separate(labels, wrong)], labels).criterion(n_times).costs(NONE, ALL)[0]
    assert 1.0 - found == pytest.approx(macro_f1(labels[repeated], predictions))


def test_a_choice_counts_as_often_as_it_is_said_to() -> None:
    labels = draw_choices(90, 4)
    n_times = np.arange(90) % 3
    probabilities = draw_probabilities(labels)
    repeated = np.repeat(np.arange(90), n_times)
    expected = f1_score(
        labels.argmax(axis=1)[repeated], probabilities.argmax(axis=1)[repeated], average="macro"
    )
    judge = make_judge([probabilities], labels, Task.MULTICLASS)
    assert 1.0 - judge.cost(probabilities, n_times, n_times) == pytest.approx(expected)


def test_thresholds_of_some_texts_are_used_on_others() -> None:
    labels = np.array([[1], [0], [1], [0]], np.uint8)
    tuned, others = np.array([1, 1, 0, 0]), np.array([0, 0, 1, 1])
    judge = make_judge([np.zeros((4, 1))], labels)
    # Cut at about 0.8, below 0.9 and above 0.2: of the others one positive is found, or none.
    found = np.array([[0.9], [0.2], [0.95], [0.1]], np.float32)
    missed = np.array([[0.9], [0.2], [0.05], [0.01]], np.float32)
    assert judge.cost(found, tuned, others) == 0.0
    assert judge.cost(missed, tuned, others) == 1.0


def test_probabilities_a_little_beyond_0_and_1_are_put_into_the_outer_bins() -> None:
    labels = draw_labels(50, 2)
    probabilities = np.where(labels == 1, np.float32(1.0000002), np.float32(-1e-9))
    assert judge_alone(probabilities, labels) == 1.0
