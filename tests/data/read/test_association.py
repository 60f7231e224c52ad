"""How much of a label a column tells: by hand, and as scikit-learn has it."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from search.data.read.association import measure_explained_share


def test_share_equals_scikit_learns_adjusted_mutual_information() -> None:
    generator = np.random.default_rng(5)
    values = generator.integers(0, 40, 300)
    label = (generator.random(300) < np.where(values < 10, 0.7, 0.1)).astype(np.uint8)
    # With the entropy of the label as the normaliser: it is the smaller of the two here.
    expected = adjusted_mutual_info_score(label, values, average_method="min")
    assert measure_explained_share(values, label[:, None])[0] == pytest.approx(expected, abs=1e-9)
    assert expected > 0.1


def test_column_that_tells_all_explains_all() -> None:
    values = np.repeat([0, 1, 2], 50)
    labels = np.stack([values == 1, values > 0], axis=1).astype(np.uint8)
    assert measure_explained_share(values, labels) == pytest.approx([1.0, 1.0])


def test_independent_column_explains_no_more_than_chance() -> None:
    generator = np.random.default_rng(1)
    values = generator.integers(0, 500, 2_000)
    labels = (generator.random((2_000, 40)) < 0.05).astype(np.uint8)
    assert abs(measure_explained_share(values, labels).mean()) < 0.02


def test_there_is_nothing_to_tell_of_constant_labels_and_by_keys() -> None:
    constant = np.tile(np.array([0, 1], dtype=np.uint8), (60, 1))
    assert measure_explained_share(np.repeat([0, 1], 30), constant).tolist() == [0.0, 0.0]
    mixed = np.resize(np.array([0, 1], dtype=np.uint8), (60, 1))
    assert measure_explained_share(np.arange(60), mixed).tolist() == [0.0]
    assert measure_explained_share(np.zeros(60, dtype=np.intp), mixed)[0] == pytest.approx(0.0)
    assert measure_explained_share(np.zeros(0, dtype=np.intp), mixed[:0]).tolist() == [0.0]
