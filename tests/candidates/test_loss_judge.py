from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

from search.candidates.loss_judge import LossJudge, compute_hits
from search.metrics.matrices import Counts, Labels, Singles
from search.metrics.task import Task
from tests.candidates.making import draw_choices, draw_labels, draw_probabilities

WEIGHTS = np.array([0.52, 0.28, 0.2])
COUNTS = np.array([13, 7, 5])
ALL = np.ones(3, np.bool_)
NONE = np.zeros(3, np.int64)


def draw_softmax(labels: Labels, seed: int) -> Any:
    odds = draw_probabilities(labels, seed=seed).astype(np.float64)
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


def make_judge(models: Any, labels: Labels, task: Task) -> LossJudge:
    return LossJudge(np.stack([compute_hits(model, labels, task) for model in models]))


def expected_losses(mixed: Any, labels: Labels, task: Task) -> Any:
    """Compute the loss of each text by scikit-learn."""
    rows = zip(np.asarray(mixed, np.float64), labels, strict=True)
    if task.is_multiclass:
        true = np.arange(labels.shape[1])
        return np.array([log_loss([row.argmax()], p[None], labels=true) for p, row in rows])
    return np.array([log_loss(row, p, labels=[0, 1]) for p, row in rows])


CASES = pytest.mark.parametrize(
    ("labels", "task"),
    [
        pytest.param(draw_labels(40, 5), Task.MULTILABEL, id="labels"),
        pytest.param(draw_labels(40, 1), Task.BINARY, id="binary"),
        pytest.param(draw_choices(40, 4), Task.MULTICLASS, id="choice"),
        pytest.param(np.zeros((40, 3), np.uint8), Task.MULTILABEL, id="no positive"),
        pytest.param(draw_labels(1, 3), Task.MULTILABEL, id="one text"),
    ],
)
TIMES = np.arange(40) % 3


@CASES
def test_a_mixture_has_the_cross_entropy_of_the_average(labels: Labels, task: Task) -> None:
    draw = draw_softmax if task.is_multiclass else lambda y, seed: draw_probabilities(y, seed=seed)
    models = [draw(labels, seed=seed) for seed in range(3)]
    judge = make_judge(models, labels, task)
    mixed = np.tensordot(WEIGHTS, np.stack(models).astype(np.float64), axes=1)
    losses = expected_losses(mixed, labels, task)
    np.testing.assert_allclose(judge.mix(WEIGHTS), losses, rtol=1e-5)
    once = np.ones(len(labels), np.int64)
    found = judge.criterion(once).costs(COUNTS - [1, 0, 0], ALL)
    assert found[0] == pytest.approx(losses.mean(), rel=1e-5)
    assert judge.cost(judge.mix(WEIGHTS), once, once) == pytest.approx(losses.mean(), rel=1e-5)


@CASES
def test_a_text_counts_as_often_as_it_is_said_to(labels: Labels, task: Task) -> None:
    draw = draw_softmax if task.is_multiclass else lambda y, seed: draw_probabilities(y, seed=seed)
    models = [draw(labels, seed=seed) for seed in range(3)]
    judge = make_judge(models, labels, task)
    n_times: Counts = TIMES[: len(labels)] if len(labels) > 1 else np.array([2])
    mixed = np.tensordot(WEIGHTS, np.stack(models).astype(np.float64), axes=1)
    expected = np.repeat(expected_losses(mixed, labels, task), n_times).mean()
    found = judge.criterion(n_times).costs(COUNTS - [0, 1, 0], ALL)[1]
    assert found == pytest.approx(expected, rel=1e-5)
    assert judge.cost(judge.mix(WEIGHTS), n_times, n_times) == pytest.approx(expected, rel=1e-5)


def test_a_model_that_may_not_join_is_infinitely_bad() -> None:
    labels = draw_labels(10, 2)
    judge = make_judge([draw_probabilities(labels, seed=s) for s in range(3)], labels, Task.BINARY)
    costs = judge.criterion(np.ones(10, np.int64)).costs(NONE, np.array([True, False, True]))
    assert np.isinf(costs).tolist() == [False, True, False]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_completely_wrong_and_right_probabilities_stay_finite(dtype: Any) -> None:
    labels = np.array([[1], [0], [1], [0]], np.uint8)
    wrong = compute_hits(1.0 - labels.astype(dtype), labels, Task.BINARY)
    right = compute_hits(labels.astype(dtype), labels, Task.BINARY)
    judge = LossJudge(np.stack([wrong, right]))
    # ln(10) * 7, and 1e-7.
    assert judge.mix(np.array([1.0, 0.0])) == pytest.approx([16.118] * 4, abs=1e-3)
    assert judge.mix(np.array([0.0, 1.0])) == pytest.approx([1e-7] * 4, abs=1e-7)
    assert judge.mix(np.array([0.5, 0.5])) == pytest.approx([np.log(2)] * 4, rel=1e-6)


def test_many_entries_do_not_wear_out_single_precision() -> None:
    # A million entries of the same probability: the loss is that of one.
    hits: Singles = np.full((1, 10_000, 100), 0.97, np.float32)
    judge = LossJudge(hits)
    (found,) = judge.criterion(np.ones(10_000, np.int64)).costs(np.array([24]), ALL[:1])
    assert found == pytest.approx(-np.log(0.97), abs=2e-6)


def test_a_mixture_of_equal_models_costs_what_one_costs() -> None:
    labels = draw_labels(50, 4)
    model = draw_probabilities(labels)
    judge = make_judge([model, model, model], labels, Task.MULTILABEL)
    criterion = judge.criterion(np.ones(50, np.int64))
    one, many = (criterion.costs(np.array(n), ALL) for n in ([0, 0, 0], [8, 8, 8]))
    assert one[0] == one[1] == one[2]
    assert many == pytest.approx(one, abs=1e-6)
