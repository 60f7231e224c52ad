import numpy as np
import pytest

from search.baselines.priors import prior_probabilities
from search.metrics.losses import cross_entropy, prior_cross_entropy

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
