import numpy as np
import pytest

from search.baselines.priors import prior_probabilities
from search.metrics.losses import cross_entropy, prior_cross_entropy
from search.metrics.task import Task

TRAIN = np.array([[1, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.uint8)


def test_every_text_gets_the_smoothed_frequencies_of_train() -> None:
    found = prior_probabilities(TRAIN, 2)
    assert found.dtype == np.float32
    assert found.tolist() == [pytest.approx([0.375, 0.125, 0.875])] * 2


def test_their_loss_is_the_loss_of_the_priors() -> None:
    others = np.array([[1, 0, 0], [0, 1, 1]], dtype=np.uint8)
    loss = cross_entropy(prior_probabilities(TRAIN, 2), others)
    assert loss == pytest.approx(prior_cross_entropy(TRAIN, others), rel=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert prior_probabilities(TRAIN, 0).shape == (0, 3)


def test_with_one_choice_the_smoothed_frequencies_sum_to_1() -> None:
    train = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]], dtype=np.uint8)
    found = prior_probabilities(train, 2, Task.MULTICLASS)
    assert found.dtype == np.float32
    # Of 4 texts, with a half added for each of three labels.
    assert found.tolist() == [pytest.approx([3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5])] * 2


def test_their_loss_with_one_choice_is_the_loss_of_the_priors() -> None:
    train, others = np.eye(3, dtype=np.uint8)[[0, 0, 1]], np.eye(3, dtype=np.uint8)[[2, 0]]
    loss = cross_entropy(prior_probabilities(train, 2, Task.MULTICLASS), others, Task.MULTICLASS)
    # With a half added for each of three labels 4.5 in all: -ln of 1/9 and of 5/9.
    assert loss == pytest.approx((np.log(9) + np.log(9 / 5)) / 2, rel=1e-6)
    assert prior_cross_entropy(train, others, Task.MULTICLASS) == pytest.approx(loss, rel=1e-6)
