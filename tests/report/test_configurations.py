from statistics import fmean, stdev

import numpy as np
import pytest

from search.report.configurations import ComparedTraining

from .configurations import diverged, row, row_of, training


def test_mean_and_spread_are_those_of_the_seeds() -> None:
    values = (0.171, 0.174, 0.18)
    assert row_of(*values).mean("val_loss") == pytest.approx(np.mean(values))
    assert row_of(*values).spread("val_loss") == pytest.approx(np.std(values, ddof=1))


def test_one_seed_has_no_spread() -> None:
    assert row_of(0.1).mean("val_loss") == 0.1
    assert row_of(0.1).spread("val_loss") is None


def test_trainings_that_diverged_are_no_part_of_mean_and_spread() -> None:
    compared = row(training(0, 0.1), diverged(1), training(2, 0.3))
    assert compared.mean("val_loss") == pytest.approx(fmean([0.1, 0.3]))
    assert compared.spread("val_loss") == pytest.approx(stdev([0.1, 0.3]))
    assert row(diverged()).mean("val_loss") is None


@pytest.mark.parametrize(
    ("trainings", "said"),
    [
        pytest.param([training(verdict="underfit")], "underfit", id="one"),
        pytest.param([training(verdict="overfit", onset=3)], "overfit from epoch 3", id="onset"),
        pytest.param([training(verdict="overfit")], "overfit", id="no onset"),
        pytest.param(
            [training(verdict="overfit", onset=n) for n in (5, 3, 4)],
            "overfit from epoch 3 to 5",
            id="onsets",
        ),
        pytest.param(
            [training(), training(verdict="overfit", onset=2), training(), diverged()],
            "2 fit, 1 overfit from epoch 2, 1 diverged",
            id="several verdicts",
        ),
    ],
)
def test_the_verdict_is_that_of_all_seeds_with_its_onset(
    trainings: list[ComparedTraining], said: str
) -> None:
    assert row(*trainings).verdict == said


def test_the_accuracy_on_validation_is_the_one_that_trainings_record_without_a_prefix() -> None:
    assert row_of(0.25).mean("val_accuracy") == 0.25
