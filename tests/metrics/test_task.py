from math import log

import numpy as np
import pytest

from search.metrics.task import Task

LOGITS = np.array([[0.0, log(2), log(5)], [7.0, 7.0, 7.0]], np.float32)


def test_one_choice_has_a_softmax_whose_rows_sum_to_1() -> None:
    found = Task.MULTICLASS.compute_probabilities(LOGITS)
    assert found.dtype == np.float32
    assert found[0].tolist() == pytest.approx([1 / 8, 2 / 8, 5 / 8], rel=1e-6)
    assert found[1].tolist() == pytest.approx([1 / 3] * 3, rel=1e-6)


@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.BINARY], ids=str)
def test_the_other_tasks_have_a_probability_an_output(task: Task) -> None:
    found = task.compute_probabilities(LOGITS)
    assert found.dtype == np.float32
    assert found[0].tolist() == pytest.approx([1 / 2, 2 / 3, 5 / 6], rel=1e-6)


@pytest.mark.parametrize("task", Task, ids=str)
def test_far_logits_have_probabilities_from_0_to_1(task: Task) -> None:
    found = task.compute_probabilities(np.array([[1e4, 0.0, -1e4]], np.float32))
    assert found[0, 0] == 1.0
    assert found[0, 2] == 0.0


def test_the_activation_is_the_one_that_makes_the_probabilities() -> None:
    activations = {task: (task.activation, task.is_multiclass) for task in Task}
    assert activations == {
        Task.MULTILABEL: ("sigmoid", False),
        Task.BINARY: ("sigmoid", False),
        Task.MULTICLASS: ("softmax", True),
    }


def test_tasks_are_written_by_their_names() -> None:
    assert [str(task) for task in Task] == ["multilabel", "binary", "multiclass"]
    assert Task("multiclass") is Task.MULTICLASS
