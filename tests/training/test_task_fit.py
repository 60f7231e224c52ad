from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from search.errors import SpaceError
from search.metrics.task import Task
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed
from search.space.preset import Preset
from search.space.shipped_files import list_spaces, open_space
from search.space.space import Space
from search.training.task_fit import check_fits
from tests.trainings import TINY

SMOKE = open_space("smoke")
ONE = Task.MULTICLASS


def make_space(losses: Categorical | Fixed) -> Space:
    dimensions: Mapping[str, Dimension] = {
        **SMOKE.hyperparameters,
        "training_loss": Dimension(losses),
    }
    return replace(SMOKE, name="mine", hyperparameters=dimensions)


def make_preset(loss: str) -> Preset:
    values: dict[str, Any] = {**TINY.hyperparameters, "training_loss": loss}
    return replace(TINY, name="mine", hyperparameters=values)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(SMOKE, id="space that names no loss"),
        pytest.param(make_space(Fixed("focal")), id="space of one loss"),
        pytest.param(make_space(Categorical(("cross_entropy", "focal"))), id="space of both"),
        pytest.param(TINY, id="preset that names no loss"),
        pytest.param(make_preset("focal"), id="preset"),
        pytest.param(open_space("genre"), id="genre"),
        pytest.param(open_space("topics"), id="topics"),
    ],
)
def test_cross_entropy_and_focal_loss_fit_one_choice(source: Space | Preset) -> None:
    check_fits(source, ONE, parameter="space")


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        pytest.param(
            make_space(Fixed("asymmetric")), ("space mine", "asymmetric"), id="space of one loss"
        ),
        pytest.param(
            make_space(Categorical(("cross_entropy", "asymmetric", "distribution_balanced"))),
            ("space mine", "asymmetric, distribution_balanced"),
            id="space of several",
        ),
        pytest.param(make_preset("asymmetric"), ("preset mine", "asymmetric"), id="preset"),
        pytest.param(open_space("genre-f1"), ("space genre-f1", "asymmetric"), id="genre-f1"),
        pytest.param(open_space("genre-wide"), ("space genre-wide",), id="genre-wide"),
    ],
)
def test_losses_of_independent_labels_do_not_fit_one_choice(
    source: Space | Preset, parts: tuple[str, ...]
) -> None:
    with pytest.raises(SpaceError) as caught:
        check_fits(source, ONE, parameter="enqueue")
    for part in (*parts, "cross_entropy or focal", "exactly one label"):
        assert part in caught.value.message
    assert ("topics" in caught.value.hint) is isinstance(source, Space)
    assert caught.value.parameter == "enqueue"


@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.BINARY], ids=str)
def test_the_other_tasks_take_every_loss(task: Task) -> None:
    check_fits(make_space(Fixed("asymmetric")), task, parameter="space")
    check_fits(make_preset("distribution_balanced"), task, parameter="preset")


def test_the_spaces_that_the_message_names_are_shipped_and_fit() -> None:
    with pytest.raises(SpaceError) as caught:
        check_fits(make_space(Fixed("asymmetric")), ONE, parameter="space")
    words = caught.value.hint.replace(",", "").split()
    named = [name for name in list_spaces() if name in words]
    assert "topics" in named
    for name in named:
        check_fits(open_space(name), ONE, parameter="space")
