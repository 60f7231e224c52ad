from typing import Any

import numpy as np
import pytest

from search.metrics.matrices import check_choices, check_labels, check_pair


def test_labels_become_truth_values() -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.uint8)
    found = check_labels(labels)
    assert found.dtype == np.bool_
    assert found.tolist() == [[True, False], [False, False]]


def test_one_label_a_text_is_taken() -> None:
    found = check_choices(np.array([[0, 1, 0], [1, 0, 0]], dtype=np.uint8))
    assert found.dtype == np.bool_
    assert found.tolist() == [[False, True, False], [True, False, False]]
    assert check_choices(np.array([[1]], dtype=np.uint8)).tolist() == [[True]]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        pytest.param([[1, 0], [0, 0]], "exactly one label", id="none"),
        pytest.param([[1, 0], [1, 1]], "exactly one label", id="two"),
        # The mean is one a text.
        pytest.param([[0, 0], [1, 1]], "exactly one label", id="none and two"),
        pytest.param([[2, 0]], "0 or 1", id="a label of 2"),
        pytest.param(np.zeros((0, 2)), "one of each", id="no text"),
        pytest.param([1, 0], "one of each", id="one dimension"),
    ],
)
def test_what_is_no_choice_is_refused(labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_choices(np.array(labels, dtype=np.uint8))


def test_as_many_labels_as_a_byte_can_miscount_are_refused() -> None:
    # 257 ones are 1 where they are summed in a byte.
    with pytest.raises(ValueError, match="exactly one label"):
        check_choices(np.ones((1, 257), dtype=np.uint8))


def test_probabilities_become_double_and_labels_truth_values() -> None:
    scores, truth = check_pair(np.array([[0.5]], np.float32), np.array([[1]], np.uint8))
    assert scores.dtype == np.float64
    assert truth.dtype == np.bool_
