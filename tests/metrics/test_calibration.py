from typing import Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from search.metrics.calibration import (
    READABLE_EDGES,
    ReliabilityBin,
    calibration_error,
    reliability,
)


def predicted(n_texts: int, n_labels: int) -> tuple[Any, Any]:
    """Distinct probabilities that promise too much, and labels."""
    generator = np.random.default_rng(n_texts)
    probabilities = generator.random((n_texts, n_labels))
    labels = (generator.random((n_texts, n_labels)) < probabilities**2).astype(np.uint8)
    return probabilities, labels


def test_bins_hold_what_was_predicted_against_what_came_true() -> None:
    probabilities = np.array([[0.1, 0.3], [0.2, 0.9], [0.7, 0.6]])
    labels = np.array([[0, 1], [0, 1], [1, 0]], dtype=np.uint8)
    bins = reliability(probabilities, labels, (0.25, 0.4, 0.5, 0.8))
    # Nothing lies in 0.4 to 0.5.
    assert [b.count for b in bins] == [2, 1, 2, 1]
    assert [b.mean_predicted for b in bins] == pytest.approx([0.15, 0.3, 0.65, 0.9])
    assert [b.observed_rate for b in bins] == [0.0, 1.0, 0.5, 1.0]


def test_an_edge_belongs_to_the_interval_below_it() -> None:
    bins = reliability(np.array([[0.5, 0.75]]), np.array([[0, 1]], dtype=np.uint8), (0.5,))
    assert bins == (ReliabilityBin(0.5, 0.0, 1), ReliabilityBin(0.75, 1.0, 1))


def test_without_an_edge_there_is_one_bin() -> None:
    bins = reliability(np.array([[0.0, 1.0]]), np.array([[0, 1]], dtype=np.uint8), ())
    assert bins == (ReliabilityBin(0.5, 0.5, 2),)


def test_the_bins_of_a_diagram_part_small_probabilities() -> None:
    probabilities = np.array([[0.0005, 0.0015, 0.003, 0.03, 0.95]])
    bins = reliability(probabilities, np.array([[0, 0, 0, 0, 1]], dtype=np.uint8))
    assert [b.mean_predicted for b in bins] == probabilities.ravel().tolist()
    assert list(READABLE_EDGES) == sorted(set(READABLE_EDGES))


def test_bins_are_those_of_scikit_learns_calibration_curve() -> None:
    probabilities, labels = predicted(400, 3)
    bins = reliability(probabilities, labels, (0.2, 0.4, 0.6, 0.8))
    observed, mean = calibration_curve(labels.ravel(), probabilities.ravel(), n_bins=5)
    assert [b.observed_rate for b in bins] == pytest.approx(observed)
    assert [b.mean_predicted for b in bins] == pytest.approx(mean)
    assert sum(b.count for b in bins) == 1200


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((500, 3), id="three labels"),
        pytest.param((1500, 1), id="one label"),
        pytest.param((15, 1), id="as many texts as bins"),
    ],
)
def test_the_error_is_the_mean_gap_of_scikit_learns_15_equal_bins(shape: tuple[int, int]) -> None:
    probabilities, labels = predicted(*shape)
    observed, mean = calibration_curve(
        labels.ravel(), probabilities.ravel(), n_bins=15, strategy="quantile"
    )
    gap = np.abs(observed - mean).mean()
    assert calibration_error(probabilities, labels) == pytest.approx(gap)


def test_bins_weigh_by_their_cells_and_tied_probabilities_share_one() -> None:
    probabilities = np.array([[0.25]] * 6 + [[0.75]] * 2)
    labels = np.array([[1]] + [[0]] * 5 + [[1]] * 2, dtype=np.uint8)
    # 6 entries with a rate of 1/6 instead of 1/4, 2 with 1 instead of 3/4.
    expected = (6 * (1 / 4 - 1 / 6) + 2 * (1 - 3 / 4)) / 8
    assert calibration_error(probabilities, labels) == pytest.approx(expected)
    shuffled = np.random.default_rng(0).permutation(8)
    assert calibration_error(probabilities[shuffled], labels[shuffled]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("probability", "error"),
    [(0.25, 0.0), (0.0, 0.25), (1.0, 0.75), (0.5, 0.25)],
)
def test_a_constant_is_off_by_its_distance_from_the_base_rate(
    probability: float, error: float
) -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.uint8)
    assert calibration_error(np.full((2, 2), probability), labels) == pytest.approx(error)


def test_sure_and_right_has_no_error_and_sure_and_wrong_the_greatest() -> None:
    labels = np.array([[1, 0], [0, 1], [0, 0]], dtype=np.uint8)
    assert calibration_error(labels.astype(np.float32), labels) == 0.0
    assert calibration_error(1.0 - labels, labels) == 1.0


def test_drawing_labels_from_the_probabilities_leaves_an_error_of_chance() -> None:
    generator = np.random.default_rng(5)
    probabilities = generator.random((20_000, 5)) ** 4
    labels = (generator.random((20_000, 5)) < probabilities).astype(np.uint8)
    # 15 bins of 6,667 entries: a rate is off by 0.006 at the most, one standard deviation.
    assert calibration_error(probabilities, labels) < 0.006
    assert calibration_error(probabilities**0.5, labels) > 0.1


@pytest.mark.parametrize("measure", [reliability, calibration_error])
def test_what_is_no_probability_is_refused(measure: Any) -> None:
    labels = np.array([[1, 0]], dtype=np.uint8)
    with pytest.raises(ValueError, match="not NaN"):
        measure(np.array([[np.nan, 0.5]]), labels)
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        measure(np.array([[1.5, 0.5]]), labels)
    with pytest.raises(ValueError, match=r"\(1, 1\).*shape.*\(1, 2\)"):
        measure(np.array([[0.5]]), labels)
    with pytest.raises(ValueError, match="at least one of each"):
        measure(np.zeros((0, 2)), np.zeros((0, 2), dtype=np.uint8))
