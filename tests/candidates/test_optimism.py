from typing import Any

import numpy as np
import pytest

from search.candidates.contest import compare_candidates, enter_candidates
from search.candidates.models import Models
from search.candidates.optimism import Trials, measure_optimism
from search.metrics.comparison import text_losses
from search.metrics.task import Task
from search.trial.candidate import Contest, Kind, Optimism
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective
from tests.candidates.making import (
    draw_choices,
    draw_labels,
    draw_probabilities,
    make_model,
    make_models,
)

N_TEXTS = 100
LABELS = draw_labels(N_TEXTS, 2, share=0.5)
OBJECTIVES = pytest.mark.parametrize("objective", [VAL_LOSS, MACRO_F1], ids=str)


def hold(models: Models) -> Contest:
    return compare_candidates(enter_candidates(models), models, seed=0)


def measure(models: Models, *, seed: int = 0, **known: Any) -> Optimism:
    return measure_optimism(hold(models), models, seed=seed, **known)


def draw_noise(n_models: int, *, n_labels: int = 1, seed: int = 0) -> list[Any]:
    """Draw models that know nothing: each 0.4 or 0.6, as a coin falls."""
    generator = np.random.default_rng(seed)
    return [
        np.where(generator.random((N_TEXTS, n_labels)) < 0.5, 0.4, 0.6) for _ in range(n_models)
    ]


def test_without_a_choice_there_is_no_optimism() -> None:
    probabilities = draw_probabilities(LABELS)
    found = measure(make_models([make_model(probabilities)], LABELS))
    losses = text_losses(probabilities, LABELS)
    assert found.value == pytest.approx(losses.mean(), rel=1e-5)
    # The mean of some 200 means of a third of the texts.
    noise = losses.std() / np.sqrt(N_TEXTS / 3) / np.sqrt(200)
    assert found.expected == pytest.approx(found.value, abs=4 * noise)


def test_the_best_of_many_that_know_nothing_is_expected_to_know_nothing() -> None:
    labels = draw_labels(N_TEXTS, 1, share=0.5)
    drawn = sorted(draw_noise(60), key=lambda p: float(text_losses(p, labels).mean()))
    members = [make_model(p, i) for i, p in enumerate(drawn)]
    models = make_models(members, labels, Task.BINARY, max_members=1)
    found = measure(models)
    # Half right and half wrong.
    truth = -(np.log(0.6) + np.log(0.4)) / 2
    # The best of 60 is right about 2.3 standard deviations more often: 0.5 + 2.3 * 0.05.
    assert truth - found.value == pytest.approx(2.3 * 0.05 * np.log(0.6 / 0.4), rel=0.4)
    assert found.expected - found.value > 0.02
    assert found.expected == pytest.approx(truth, abs=0.02)
    assert found.low < truth < found.high


def test_trials_without_weights_are_chosen_from_as_well() -> None:
    labels = draw_labels(N_TEXTS, 1, share=0.5)
    drawn = draw_noise(60)
    losses = np.stack([text_losses(p, labels) for p in drawn])
    best = int(losses.mean(axis=1).argmin())
    models = make_models([make_model(drawn[best])], labels, Task.BINARY)
    alone = measure(models)
    among_all = measure(models, trials=Trials(losses, np.ones(60)))
    assert among_all.value == pytest.approx(alone.value, rel=1e-5)
    assert alone.expected - alone.value == pytest.approx(0.0, abs=0.006)
    assert among_all.expected - among_all.value > 0.02


def test_the_interval_is_that_of_a_mean_times_the_root_of_2() -> None:
    probabilities = draw_probabilities(LABELS)
    models = make_models([make_model(probabilities)], LABELS)
    found = measure(models)
    losses = text_losses(probabilities, LABELS)
    generator = np.random.default_rng(1)
    means = losses[generator.integers(0, N_TEXTS, (20_000, N_TEXTS))].mean(axis=1)
    # 1.645 standard deviations are 90 %.
    width = 2 * 1.645 * np.sqrt(2) * means.std()
    assert (found.level, found.n_resamples) == (0.9, 200)
    assert found.high - found.low == pytest.approx(width, rel=0.2)
    assert (found.high + found.low) / 2 == pytest.approx(found.expected)


def test_the_interval_covers_another_set_of_texts_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2)
    n_inside = 0
    for _ in range(25):
        labels = (generator.random((2 * N_TEXTS, 1)) < 0.5).astype(np.uint8)
        logits = generator.normal(0.0, 1.0, labels.shape) + 2.0 * labels - 1.0
        p = (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
        found = measure(make_models([make_model(p[:N_TEXTS])], labels[:N_TEXTS], Task.BINARY))
        other = text_losses(p[N_TEXTS:], labels[N_TEXTS:]).mean()
        n_inside += found.low <= other <= found.high
    # Of 25 at 90 % there are 18 or more in 99 of 100 cases.
    assert n_inside >= 18


def test_an_f1_is_expected_to_be_lower_than_it_looks() -> None:
    labels = draw_labels(N_TEXTS, 2, share=0.3)
    generator = np.random.default_rng(0)
    noise = [generator.random(labels.shape) for _ in range(8)]
    models = make_models(
        [make_model(p, i) for i, p in enumerate(noise)], labels, objective=MACRO_F1, max_members=2
    )
    found = measure(models)
    assert found.expected < found.value - 0.02
    # All texts as positive: 2 * 0.3 / 1.3.
    assert found.expected == pytest.approx(0.46, abs=0.08)
    assert found.low < found.expected < found.high


@OBJECTIVES
def test_the_same_seed_gives_the_same_numbers(objective: Objective) -> None:
    labels = draw_labels(40, 2)
    drawn = [make_model(draw_probabilities(labels, seed=i), i) for i in range(2)]
    models = make_models(drawn, labels, objective=objective, max_members=1)
    assert measure(models, seed=3) == measure(models, seed=3)
    assert measure(models, seed=3) != measure(models, seed=4)


@OBJECTIVES
@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.MULTICLASS], ids=str)
@pytest.mark.parametrize("n_texts", [1, 2, 3])
def test_a_few_texts_give_finite_numbers(n_texts: int, task: Task, objective: Objective) -> None:
    # Many resamples have empty halves, and lack classes.
    labels = (draw_choices if task.is_multiclass else draw_labels)(n_texts, 3)
    numbers = (0, 1, None)
    drawn = [
        make_model(draw_probabilities(labels, seed=i) / 3, number)
        for i, number in enumerate(numbers)
    ]
    found = measure(make_models(drawn, labels, task, objective))
    assert np.isfinite([found.value, found.expected, found.low, found.high]).all()


@OBJECTIVES
def test_labels_that_no_text_has_give_finite_numbers(objective: Objective) -> None:
    labels = np.zeros((12, 3), np.uint8)
    drawn = [make_model(draw_probabilities(labels, seed=i), i) for i in range(2)]
    found = measure(make_models(drawn, labels, objective=objective))
    assert np.isfinite([found.value, found.expected, found.low, found.high]).all()


@OBJECTIVES
def test_simpler_models_within_the_optimism_are_named(objective: Objective) -> None:
    labels = draw_labels(N_TEXTS, 1, share=0.5)
    best_first = sorted(draw_noise(5), key=lambda p: float(text_losses(p, labels).mean()))
    drawn = [make_model(p, i) for i, p in enumerate(best_first)]
    models = make_models(drawn, labels, Task.BINARY, objective, max_members=1)
    first = measure(models)
    amount = objective.cost(first.expected) - objective.cost(first.value)
    assert amount > 0.0
    turned = 1.0 if objective.is_minimized else -1.0
    simpler = {
        "inside": first.value + turned * 0.9 * amount,
        "outside": first.value + turned * 1.1 * amount,
        "better": first.value - turned * amount,
    }
    assert measure(models, simpler=simpler).within == ("inside", "better")


def test_the_baseline_that_wins_alone_is_measured() -> None:
    network = make_model(draw_probabilities(LABELS, skill=0.0), 0)
    baseline = make_model(np.where(LABELS == 1, 0.8, 0.2), None)
    models = make_models([network, baseline], LABELS)
    assert hold(models).winner is Kind.BASELINE
    found = measure(models)
    assert found.value == pytest.approx(-np.log(0.8), rel=1e-5)
    assert found.expected == pytest.approx(-np.log(0.8), rel=1e-5)


def test_a_limit_of_parameters_is_kept_in_every_resample() -> None:
    network = make_model(np.where(LABELS == 1, 0.9, 0.1), 0, n_parameters=1000)
    baseline = make_model(np.where(LABELS == 1, 0.8, 0.2), None, n_parameters=10)
    models = make_models([network, baseline], LABELS, max_parameters=100)
    assert hold(models).winner is Kind.BASELINE
    assert measure(models).expected == pytest.approx(-np.log(0.8), rel=1e-5)
